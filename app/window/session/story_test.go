package session

import (
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
)

func delayed(day, hour int) advice.Bounce {
	return advice.Bounce{
		Action: bounce.ActionDelayed, Failure: bounce.FailureTimeout, AttemptAt: stamp(day, hour), BouncedAt: bounce.Stamp{At: stamp(day, hour).At.Add(time.Minute), Zoned: true},
		ReportedBy: bounce.Reporter{Host: "mail.studio.example"},
	}
}

// TestStory: what became of a message is told in the order in which it happened, what is to come after what has been.
func TestStory(t *testing.T) {
	failed := advice.Bounce{
		Action: bounce.ActionFailed, Failure: bounce.FailureReply, Reply: "550 no\x1b such user", AttemptAt: stamp(26, 9), BouncedAt: stamp(26, 10),
		ReportedBy: bounce.Reporter{Side: bounce.SideRecipient},
	}
	for name, tc := range map[string]struct {
		item advice.Item
		want []Kind
		text string
	}{
		"warned, then refused": {
			advice.Item{SentAt: stamp(25, 8), Recipient: "anna@libero.it", Verdict: advice.Resend, Bounces: []advice.Bounce{failed, delayed(25, 12), delayed(25, 12)}},
			[]Kind{KindSent, KindTried, KindWarned, KindRefused, KindBounced, KindToday},
			"550 no such user",
		},
		"still on its way": {
			advice.Item{SentAt: stamp(25, 8), Verdict: advice.Wait, WaitUntil: stamp(30, 8).At, Bounces: []advice.Bounce{delayed(25, 12)}},
			[]Kind{KindSent, KindTried, KindWarned, KindToday, KindUntil},
			"mail.studio.example warned",
		},
		"answered": {
			advice.Item{SentAt: stamp(25, 8), Verdict: advice.Delivered, Reasons: []advice.Reason{{Rule: "proof-reply", Args: map[string]any{"Time": stamp(25, 9)}}}},
			[]Kind{KindSent, KindAnswered, KindToday},
			"answered",
		},
		"sent again": {
			advice.Item{SentAt: stamp(25, 8), Verdict: advice.Resent, Reasons: []advice.Reason{{Rule: "copy-sent", Args: map[string]any{"Time": stamp(26, 9).At, "Subject": "x"}}, {Rule: "copy-wait"}}},
			[]Kind{KindSent, KindAgain, KindToday},
			"You sent it again",
		},
		"to send again later": {
			advice.Item{SentAt: stamp(25, 8), Verdict: advice.Resend, ResendWhen: advice.At, ResendAfter: stamp(29, 8).At},
			[]Kind{KindSent, KindToday, KindRetry},
			"can be sent again",
		},
		"nothing is known": {advice.Item{}, []Kind{KindToday}, "Now"},
	} {
		t.Run(name, func(t *testing.T) {
			list := explainer(t, "en").Story(&tc.item, stamp(27, 18).At)
			var kinds []Kind
			for _, h := range list {
				kinds = append(kinds, h.Kind)
				if h.Ahead != h.At.After(stamp(27, 18).At) || h.When == "" || h.Text == "" {
					t.Errorf("%+v", h)
				}
			}
			if strings.Join(strs(kinds), " ") != strings.Join(strs(tc.want), " ") {
				t.Errorf("tells %v, want %v", kinds, tc.want)
			}
			if text := StoryText(list); !strings.Contains(text, tc.text) || strings.Count(text, "\n") != len(list) {
				t.Errorf("in words:\n%s", text)
			}
		})
	}
}

func strs(kinds []Kind) (list []string) {
	for _, k := range kinds {
		list = append(list, string(k))
	}
	return list
}

// TestLongStory: five hundred warnings do not fill the window; the beginning and the end are told.
func TestLongStory(t *testing.T) {
	it := advice.Item{SentAt: stamp(1, 0), Verdict: advice.Resend}
	for i := range 500 {
		it.Bounces = append(it.Bounces, delayed(1, i))
	}
	list := explainer(t, "it").Story(&it, stamp(30, 0).At)
	if len(list) != maxHappenings || list[0].Kind != KindSent || list[len(list)-1].Kind != KindToday {
		t.Errorf("%d things are told, from %s to %s", len(list), list[0].Kind, list[len(list)-1].Kind)
	}
}

func TestSpread(t *testing.T) {
	happen := func(minutes ...int) (list []Happening) {
		for _, m := range minutes {
			list = append(list, Happening{At: stamp(1, 0).At.Add(time.Duration(m) * time.Minute)})
		}
		return list
	}
	for name, tc := range map[string]struct {
		list []Happening
		want []float32
	}{
		"none":                      {nil, nil},
		"one":                       {happen(5), []float32{0}},
		"evenly":                    {happen(0, 100, 200), []float32{0, 50, 100}},
		"the longer, the further":   {happen(0, 100, 1000), []float32{0, 30, 100}},
		"together, yet told apart":  {happen(0, 0, 0), []float32{0, 50, 100}},
		"more than there is room":   {happen(make([]int, 101)...), nil},
		"nearly together, with day": {happen(0, 1, 1601), []float32{0, 11.951, 100}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Spread(tc.list, 100, 10)
			for i := range tc.want {
				if d := got[i] - tc.want[i]; d > 0.01 || d < -0.01 {
					t.Errorf("places %v, want %v", got, tc.want)
					break
				}
			}
			if n := len(got); n > 1 && (got[n-1] > 100.01 || got[0] != 0) {
				t.Errorf("from %v to %v", got[0], got[n-1])
			}
		})
	}
}

func TestShare(t *testing.T) {
	list := []Happening{{At: stamp(1, 0).At}, {At: stamp(1, 10).At}, {At: stamp(2, 10).At}}
	places := []float32{0, 40, 100}
	for hour, want := range map[int]float32{-5: 0, 0: 0, 5: 20, 10: 40, 22: 70, 34: 100, 90: 100} {
		if got := Share(list, places, stamp(1, hour).At); got != want {
			t.Errorf("hour %d is at %v, want %v", hour, got, want)
		}
	}
	if got := Share(nil, nil, stamp(1, 0).At); got != 0 {
		t.Errorf("in no story at %v", got)
	}
}
