package demo

import (
	"testing"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
)

// slack is how late a server may be with a warning or an expiry: it notices them at its next attempt, and attempts are
// an hour apart, or six with Exim, which warns at its queue runs.
const slack = 80 * time.Minute

// Servers warn and give up when their kind does, and not when it would suit the story.
func TestServersKeepTheirHabits(t *testing.T) {
	st, err := readScript()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range st.Sent {
		for _, b := range s.Bounce {
			by := st.Route[s.Via]
			if b.By != "" {
				by = st.Route[b.By]
			}
			age, lifetime := b.At.Sub(s.At.Time), time.Duration(by.Lifetime)*time.Hour
			switch {
			case b.Is == "delayed" && !warnsAt(by.Layout, age):
				t.Errorf("%s: a warning of %s after %v", s.ID, by.Layout, age)
			case b.Expired && (age < lifetime || age > lifetime+slack):
				t.Errorf("%s: %s gave up after %v, want %v", s.ID, by.Layout, age, lifetime)
			case b.Is == "failed" && !b.Expired && by.Lifetime > 0 && age >= lifetime:
				t.Errorf("%s: %s was still trying after %v", s.ID, by.Layout, age)
			}
		}
	}
}

// warnsAt reports whether a kind of server warns of a delay at that age. Postfix does so where its administrator wants
// it (delay_warning_time, mostly 4h); the others by themselves.
func warnsAt(layout string, age time.Duration) bool {
	first := map[string]time.Duration{
		"postfix": 4 * time.Hour, "exim": 24 * time.Hour, "sendmail": 4 * time.Hour, "opensmtpd": 4 * time.Hour,
		"courier": 4 * time.Hour, "gmail": 22 * time.Hour,
	}[layout]
	return first > 0 && age >= first && age < first+slack
}

// The routes' patience is that of the servers' kinds, as the directory of providers has it from its sources.
func TestRoutesHaveThePatienceOfTheirKind(t *testing.T) {
	st, err := readScript()
	if err != nil {
		t.Fatal(err)
	}
	directory := provider.Builtin()
	for id, traits := range map[string]provider.Traits{
		"bottega":    {From: "MAILER-DAEMON@smtp.postaromagna.example (Mail Delivery System)", Subject: "Undelivered Mail Returned to Sender"},
		"sito":       {Headers: map[string]string{"X-Failed-Recipients": "a@libero.it"}, From: "Mail Delivery System <Mailer-Daemon@srv12.vetrinaweb.example>", Subject: "Mail delivery failed: returning message to sender"},
		"telefono":   {From: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", Subject: "Delivery Status Notification (Failure)"},
		"consorzio":  {MessageID: "A@AM7PR05MB6789.eurprd05.prod.outlook.com", Subject: "Non recapitabile: x"},
		"coro":       {Subject: "failure notice", Text: "Hi. This is the qmail-send program at posta.corosanluca.example."},
		"gruppo":     {From: "Mailer Daemon <MAILER-DAEMON@mx.gruppoarance.example>", Subject: "Delivery status notification: error"},
		"scuola":     {From: "Mail Delivery Subsystem <MAILER-DAEMON>", Subject: "Returned mail: see transcript for details"},
		"biblioteca": {Subject: "NOTICE: mail delivery status.", Text: "running the Courier mail server, version 1.0.16."},
	} {
		sender, ok := directory.Recognise(traits)
		if want := time.Duration(st.Route[id].Lifetime) * time.Hour; !ok || sender.GiveUp != want {
			t.Errorf("%s: recognised as %q (%v), which gives up after %v; the demo has %v", id, sender.ID, ok, sender.GiveUp, want)
		}
	}
}

// What the provider answered fits the hour: no false 550 while it refused connections, no refusal while it said 550.
func TestAnswersFitTheirPhase(t *testing.T) {
	st, err := readScript()
	if err != nil {
		t.Fatal(err)
	}
	january, ok := outage.Builtin().ByID("libero-2023-01")
	if !ok {
		t.Fatal("the catalogue lacks January 2023")
	}
	phases := map[string]string{
		"refused": "refuse", "timeout": "refuse", "rejected": "restart-550", "invalid": "restart-550", "no-domain": "restart-550",
		"later": "partial-452", "too-many": "partial-452", "box-full-452": "partial-452",
	}
	for _, s := range st.Sent {
		for _, b := range s.Bounce {
			want, told := phases[b.Why]
			if !told || s.To[0] == "edil" { // whose own server was away
				continue
			}
			r := st.Reply[b.Why]
			fall := january.PhaseFor(b.At.Time, r.Code, r.Failure)
			if fall.Phase < 0 || fall.Unexplained || january.Phases[fall.Phase].ID != want {
				t.Errorf("%s: %s at %v falls into %+v, want %q", s.ID, b.Why, b.At, fall, want)
			}
		}
	}
}
