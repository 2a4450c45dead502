package session

import (
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

func TestLeft(t *testing.T) {
	now := stamp(23, 8).At
	for d, want := range map[time.Duration][2]string{
		-time.Hour:                        {"", ""},
		0:                                 {"", ""},
		20 * time.Second:                  {"un momento", "a moment"},
		time.Minute:                       {"1 minuto", "1 minute"},
		119 * time.Minute:                 {"119 minuti", "119 minutes"},
		2 * time.Hour:                     {"2 ore", "2 hours"},
		47*time.Hour + 59*time.Minute:     {"47 ore", "47 hours"},
		48 * time.Hour:                    {"2 giorni", "2 days"},
		6*24*time.Hour + 23*time.Hour + 1: {"6 giorni", "6 days"},
	} {
		for i, lang := range []string{"it", "en"} {
			if got := Left(now.Add(d), now, words.New(lang)); got != want[i] {
				t.Errorf("%v is %q, want %q", d, got, want[i])
			}
		}
	}
}

func TestCountdown(t *testing.T) {
	now := stamp(25, 8).At
	for name, tc := range map[string]struct {
		item advice.Item
		want string
	}{
		"waiting":            {advice.Item{Verdict: advice.Wait, WaitUntil: now.Add(73 * time.Hour)}, "ancora 3 giorni"},
		"over":               {advice.Item{Verdict: advice.Wait, WaitUntil: now.Add(-time.Minute)}, "il tempo è passato"},
		"nobody knows":       {advice.Item{Verdict: advice.Wait}, ""},
		"to resend later":    {advice.Item{Verdict: advice.Resend, ResendWhen: advice.At, ResendAfter: now.Add(5 * time.Hour)}, "tra 5 ore"},
		"later has come":     {advice.Item{Verdict: advice.Resend, ResendWhen: advice.At, ResendAfter: now}, "subito"},
		"to resend now":      {advice.Item{Verdict: advice.Resend, ResendWhen: advice.Now}, ""},
		"arrived in between": {advice.Item{Verdict: advice.Delivered, WaitUntil: now.Add(time.Hour)}, ""},
	} {
		if got := explainer(t, "it").Countdown(&tc.item, now); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func TestCannotWait(t *testing.T) {
	r := checklist.Report{Items: []advice.Item{
		{MessageID: "1", Recipient: "Anna.Rossi@libero.it", Verdict: advice.Wait},
		{MessageID: "2", Recipient: "anna.rossi@studio.example", Verdict: advice.Delivered},
		{MessageID: "3", Recipient: "anna.rossi@virgilio.it", Verdict: advice.Resend, ResendWhen: advice.WhenBack},
		{MessageID: "4", Recipient: "bruno@libero.it", Verdict: advice.Wait},
		{MessageID: "5", Recipient: "bruno@libero.it", Verdict: advice.Resend, ResendWhen: advice.Now},
	}}
	x := NewIndex(r)
	for name, tc := range map[string]struct {
		item      int
		steps     int
		has, lack string
	}{
		"another address is known":     {0, 4, "anna.rossi@studio.example", "virgilio"},
		"too early to resend":          {2, 3, "anna.rossi@studio.example", "second time"},
		"no other address is known":    {3, 4, "another address of this person", "@"},
		"nothing to wait for any more": {4, 0, "", "."},
	} {
		steps := explainer(t, "en").CannotWait(&r.Items[tc.item], x)
		said := strings.Join(steps, "\n")
		if len(steps) != tc.steps || !strings.Contains(said, tc.has) || strings.Contains(said, tc.lack) {
			t.Errorf("%s: %d steps\n%s", name, len(steps), said)
		}
	}
}

// TestPeril: there is a warning wherever a copy could reach somebody twice or in vain, and none where it is due.
func TestPeril(t *testing.T) {
	for name, tc := range map[string]struct {
		item advice.Item
		want string
	}{
		"now":       {advice.Item{Verdict: advice.Resend, ResendWhen: advice.Now}, ""},
		"when back": {advice.Item{Verdict: advice.Resend, ResendWhen: advice.WhenBack}, "too early"},
		"at":        {advice.Item{Verdict: advice.Resend, ResendWhen: advice.At, ResendAfter: stamp(28, 20).At}, "28 January 2023, 20:00"},
		"wait":      {advice.Item{Verdict: advice.Wait}, "twice"},
		"check":     {advice.Item{Verdict: advice.Check}, "twice"},
		"delivered": {advice.Item{Verdict: advice.Delivered}, "twice"},
		"resent":    {advice.Item{Verdict: advice.Resent}, "one too many"},
		"fix":       {advice.Item{Verdict: advice.Fix}, "fail again"},
	} {
		if got := explainer(t, "en").Peril(&tc.item); !strings.Contains(got, tc.want) || (got == "") != (tc.want == "") {
			t.Errorf("%s: %q, want %q in it", name, got, tc.want)
		}
		if change := explainer(t, "en").Change(&tc.item); !strings.HasSuffix(change, ".") || strings.HasPrefix(change, "cli.") {
			t.Errorf("%s: what would change it is %q", name, change)
		}
	}
}
