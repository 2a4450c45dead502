package checklist

import (
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// TestSentence: what a rule speaks of is worded in the person's language and zone, and cannot break out of the sentence.
func TestSentence(t *testing.T) {
	noon := time.Date(2023, 1, 27, 12, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		arg  any
		want string
	}{
		"a time":                {noon, "Spedito il 27 gennaio 2023, 13:00"},
		"a time without a zone": {bounce.Stamp{At: noon}, "Spedito il 27 gennaio 2023, 12:00"},
		"no time":               {time.Time{}, "Spedito il"},
		"a length of time":      {5 * 24 * time.Hour, "Spedito il 5 giorni"},
		"a text of a catalogue": {outage.Text{It: "Server\nfermi", En: "Servers down"}, "Spedito il Server fermi"},
		"a number":              {550, "Spedito il 550"},
		"words of mail":         {"a\x1b[2J\u202eb {{.Time}}\r\nc", "Spedito il a[2Jb {{.Time}} c"},
		"endless words":         {strings.Repeat("x", 5000), "Spedito il " + strings.Repeat("x", maxReply-1) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := italian(t).sentence("checklist.sent", map[string]any{"Time": tc.arg}); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestWhen(t *testing.T) {
	at := time.Date(2023, 1, 28, 8, 0, 0, 0, time.UTC)
	for want, item := range map[string]advice.Item{
		"now":                          {Verdict: advice.Resend, ResendWhen: advice.Now},
		"after 28 January 2023, 09:00": {Verdict: advice.Resend, ResendWhen: advice.At, ResendAfter: at},
		"when the service is back":     {Verdict: advice.Resend, ResendWhen: advice.WhenBack},
		"until 28 January 2023, 09:00": {Verdict: advice.Wait, WaitUntil: at},
		"nobody knows how long":        {Verdict: advice.Wait},
		"":                             {Verdict: advice.Check},
	} {
		if got := When(&item, Options{Zone: rome(t)}); got != want {
			t.Errorf("%s %s: %q, want %q", item.Verdict, item.ResendWhen, got, want)
		}
	}
}

func TestServerWords(t *testing.T) {
	for name, tc := range map[string]struct {
		bounce *advice.Bounce
		want   string
	}{
		"no bounce":               {nil, ""},
		"code, status and answer": {&advice.Bounce{ReplyCode: 550, Status: "5.1.1", Reply: "no such user"}, "550 5.1.1 no such user"},
		"codes in the answer":     {&advice.Bounce{ReplyCode: 550, Status: "5.1.1", Reply: "550 5.1.1 no such user"}, "550 5.1.1 no such user"},
		"only the notice's words": {&advice.Bounce{Status: "4.4.7", Text: "given\nup", Reply: ""}, "4.4.7 given up"},
		"only a code":             {&advice.Bounce{ReplyCode: 452}, "452"},
		"nothing":                 {&advice.Bounce{}, ""},
	} {
		if got := serverWords(tc.bounce); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// TestDeciding: of several bounces the one that decided is quoted, else the last.
func TestDeciding(t *testing.T) {
	item := sample(t).Items[0]
	if got := deciding(&item); got.ReplyCode != 550 {
		t.Errorf("quotes %q", got.Reply)
	}
	item.Bounces[1].Deciding, item.Bounces[0].Deciding = false, true
	if got := deciding(&item); got.Status != "4.4.1" {
		t.Errorf("quotes %q", got.Reply)
	}
	item.Bounces[0].Deciding = false
	if got := deciding(&item); got.ReplyCode != 550 {
		t.Errorf("quotes %q", got.Reply)
	}
}

// TestWordsAreThere: no id of a verdict, cause, proof or confidence reaches a person as it is.
func TestWordsAreThere(t *testing.T) {
	for _, lang := range words.Languages {
		w := words.New(lang)
		for prefix, ids := range map[string][]string{
			"verdict.":    {"resend", "wait", "check", "fix", "delivered", "resent"},
			"cause.":      {"outage", "address", "mailbox-full", "size", "policy", "sender-blocked", "unknown"},
			"proof.":      {"dsn", "receipt", "reply", "vacation", "bounce", "warning", "copy", "person", "silence"},
			"confidence.": {"certain", "likely", "unsure"},
		} {
			for _, id := range ids {
				if got := named(prefix, id, w); got == prefix+id {
					t.Errorf("%s has no words for %s", lang, got)
				}
			}
		}
	}
}

// TestQueueNotes: who gives several listings of a queue is told how it grew, in every form for people, and the JSON stays as it is.
func TestQueueNotes(t *testing.T) {
	r := sample(t)
	from := time.Date(2023, 1, 24, 12, 0, 0, 0, time.UTC)
	contract := func() string {
		before, _, _ := strings.Cut(wrote(t, JSON, r, "en"), `"rimbalzo": `)
		return before
	}
	plainJSON := contract()
	for perDay, want := range map[int]map[string]string{
		180: {"en": "growing: 1 message on 24 January 2023, 12:00, 361 messages on 26 January 2023, 12:00, so about 180 messages more a day", "it": "circa 180 messaggi in più al giorno"},
		-20: {"en": "shrinking", "it": "circa 20 messaggi in meno al giorno"},
		0:   {"en": "as long as before", "it": "lunga come prima"},
	} {
		r.Queues = []QueueTrend{{From: from, To: from.Add(48 * time.Hour), Before: 1, After: 1 + 2*perDay, PerDay: perDay}}
		for lang, sentence := range want {
			for _, f := range []Format{Text, Markdown, HTML} {
				if page := strings.Join(strings.Fields(wrote(t, f, r, lang)), " "); !strings.Contains(page, sentence) {
					t.Errorf("%s in %s does not say %q", f, lang, sentence)
				}
			}
		}
		if contract() != plainJSON {
			t.Error("the JSON changed")
		}
	}
}

func wrote(t *testing.T, f Format, r Report, lang string) string {
	t.Helper()
	var out strings.Builder
	if err := Write(&out, f, r, Options{Words: words.New(lang), Zone: time.UTC}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
