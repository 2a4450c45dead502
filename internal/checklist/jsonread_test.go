package checklist

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// full is the sample with everything that the contract's fields do not hold.
func full(t testing.TB) Report {
	r := sample(t)
	r.At = r.At.Add(123_456_789 * time.Nanosecond)
	r.From = []string{"inbox.mbox", "lucia@libero.it, imapmail.libero.it"}
	r.Queues = []QueueTrend{{From: r.At.Add(-48 * time.Hour), To: r.At, Before: 3, After: 9, PerDay: 3}}
	r.Found = []outage.Outage{{ID: "found-1", Name: outage.Text{It: "guasto di posta.example", En: "outage of posta.example"}}}
	r.Outages[0].Outage.Statements = []outage.Statement{{At: r.Outages[0].Outage.Start, Text: outage.Text{It: "Ci scusiamo.", En: "Sorry."}, Sources: []string{"one", "two"}}}
	r.Citations = map[string]string{"one": "https://www.example/1", "two": "https://www.example/2"}
	r.Items[0].Reasons = append(r.Items[0].Reasons, advice.Reason{Rule: "said-before", Args: map[string]any{
		"Time": r.At, "Phase": outage.Text{It: "fase", En: "phase"}, "Code": 550, "Host": "mx", "Stamp": bounce.Stamp{At: r.At}, "Age": 4 * time.Hour,
	}})
	r.Items[4].Subject = strings.Repeat("a  \u200bè", 3_000)
	r.Items[5].Subject = "\xff\xfe latin"
	r.Items[3].Bounces = []advice.Bounce{{Source: "x", Action: bounce.ActionDelayed, Reply: strings.Repeat("no  room ", 200), RetryUntil: bounce.Stamp{At: r.At.Truncate(time.Second)}, Text: "own\nwords"}}
	r.NotYours[0].Args = map[string]any{"Recipient": "x@libero.it"}
	r.Items[1].ResendAfter = r.Items[1].ResendAfter.Add(999)
	return r
}

// TestReadBack: a list read back from JSON comes out the same in every form and language, with the ticks of before.
func TestReadBack(t *testing.T) {
	reports := map[string]Report{"the sample": sample(t), "all there is": full(t), "nothing": {At: sample(t).At}, "many": many(t, 500)}
	for i, s := range hostileStrings(t) {
		r := full(t)
		r.From, r.NotYours[0].Source, r.Outages[0].Outage.Name.It = []string{s}, s, s
		item := &r.Items[0]
		item.MessageID, item.Recipient, item.Subject, item.Outage, item.Phase = s, s, s, s, s
		item.Bounces[1].Reply, item.Bounces[1].Text, item.Bounces[0].ReportedBy.Host = s, s, s
		item.Reasons[1].Args["Host"] = s
		reports["hostile "+strconv.Itoa(i)] = r
	}
	for name, r := range reports {
		back, err := ReadJSON(bytes.NewReader(written(t, JSON, r, italian(t))))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		languages := words.Languages
		if strings.HasPrefix(name, "hostile") {
			languages = languages[:1]
		}
		for _, lang := range languages {
			o := Options{Words: words.New(lang), Ticks: new(Ticks)}
			for i := range r.Items {
				if i%2 == 0 {
					o.Ticks.Set(&r.Items[i], r.At)
				}
				o.Ticks.WriteNote(&r.Items[i], "nota", r.At)
			}
			for _, f := range Formats {
				direct, again := written(t, f, r, o), written(t, f, back, o)
				if !bytes.Equal(direct, again) {
					at := 0
					for at < min(len(direct), len(again)) && direct[at] == again[at] {
						at++
					}
					t.Errorf("%s: %s in %s is another: %.200q in place of %.200q", name, f, lang, again[max(0, at-40):], direct[max(0, at-40):])
				}
			}
		}
		for i := range r.Items {
			if Key(Order(r)[i]) != Key(&back.Items[i]) {
				t.Errorf("%s: item %d is known by another key", name, i)
			}
		}
	}
}

// TestNoList: what is no list of ours is refused with a reason, whatever it is.
func TestNoList(t *testing.T) {
	good := string(written(t, JSON, full(t), italian(t)))
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"nothing":             {"", ErrNoList},
		"a mail":              {original, ErrNoList},
		"an array":            {"[]", ErrNoList},
		"another object":      {"{\"items\": []}", ErrNoList},
		"cut short":           {good[:len(good)/2], ErrNoList},
		"a newer one":         {strings.Replace(good, "\"version\":1", "\"version\":2", 1), ErrListVersion},
		"deep":                {"{\"x\":" + strings.Repeat("[", 100_000), ErrNoList},
		"an item missing":     {strings.Replace(good, "\n  {\"message_id\":\"a1@", "\n  {\"message_id\":\"extra\",\"verdict\":\"fix\"},{\"message_id\":\"a1@", 1), ErrNoList},
		"an id of a sentence": {strings.Replace(good, "\"verdict\":\"check\"", "\"verdict\":\"../x {{.}}\"", 1), ErrNoList},
		"a time of nowhere":   {strings.Replace(good, "\"at\": \"2023", "\"at\": \"next year", 1), ErrNoList},
		"numbers for words":   {strings.Replace(good, "\"subject\":\"", "\"subject\":5,\"x\":\"", 1), ErrNoList},
	} {
		if _, err := ReadJSON(strings.NewReader(tc.text)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("the disk is gone")
	if _, err := ReadJSON(&brokenDisk{broken}); !errors.Is(err, broken) {
		t.Errorf("a broken disk: %v", err)
	}
}

type brokenDisk struct{ err error }

func (d *brokenDisk) Read([]byte) (int, error) { return 0, d.err }

func FuzzReadJSON(f *testing.F) {
	f.Add(written(f, JSON, sample(f), Options{}))
	f.Add(written(f, JSON, full(f), Options{}))
	f.Add([]byte(`{"at": "2023-01-27T18:00:00+01:00","items": [],"not_yours": [],"unreadable": [],"rimbalzo": {"about": {"version":1,"zone":"UTC"},"items": []}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ReadJSON(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, form := range Formats {
			visible(t, written(t, form, r, Options{}))
		}
		again := written(t, JSON, r, Options{})
		back, err := ReadJSON(bytes.NewReader(again))
		if err != nil || !bytes.Equal(again, written(t, JSON, back, Options{})) {
			t.Errorf("not the same once more: %v", err)
		}
	})
}
