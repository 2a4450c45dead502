package probe

import (
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/words"
)

// TestEveryEndingHasWords: a sentence and a next step in both languages for each ending, and no jargon in them.
func TestEveryEndingHasWords(t *testing.T) {
	at := time.Date(2023, 1, 26, 18, 0, 0, 0, time.UTC)
	for _, lang := range words.Languages {
		w := words.New(lang)
		for ending := range meanings {
			seen, next := Describe(Result{Target: Target{Kind: KindIMAP, Host: "imapmail.libero.it"}, Ending: ending}, w, at)
			if !strings.Contains(seen, "imapmail.libero.it") || strings.Contains(seen, "probe.") {
				t.Errorf("%s: %s is seen as %q", lang, ending, seen)
			}
			if next == "" || strings.Contains(next, "probe.") {
				t.Errorf("%s: after %s comes %q", lang, ending, next)
			}
			for _, jargon := range []string{"EHLO", "STARTTLS", "EXAMINE", "SERVFAIL", "NXDOMAIN", "handshake", "timeout", "endpoint"} {
				if strings.Contains(seen+next, jargon) {
					t.Errorf("%s: %s is told with %q", lang, ending, jargon)
				}
			}
		}
	}
}

func TestDescribe(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Skip("no zones here:", err)
	}
	at := time.Date(2023, 1, 26, 18, 0, 0, 0, rome)
	for name, c := range map[string]struct {
		result Result
		want   string
	}{
		"words": {
			Result{Target: Target{Kind: KindSMTP, Host: "smtp.libero.it"}, Ending: EndingGreeting421, Said: "too busy"},
			"smtp.libero.it:465 answers, and says that it cannot serve anybody just now. The server said: “too busy”",
		},
		"all well": {
			Result{Target: Target{Kind: KindIMAP, Host: "imapmail.libero.it"}, Ending: EndingOK, CertificateUntil: at.Add(50 * time.Hour), Newest: at.Add(-time.Hour)},
			"imapmail.libero.it:993 works. Its certificate is good for 2 more days. The newest message in the inbox arrived on 26 January 2023, 17:00.",
		},
		"page": {
			Result{Target: Target{Kind: KindWeb, Host: "https://mail.libero.it/login?user=ada#x"}, Ending: EndingMaintenance, RetryAfter: at.Add(time.Hour).UTC()},
			"The page https://mail.libero.it/login says that it is being worked on. It asks to come back after 26 January 2023, 19:00.",
		},
		"domain": {Result{Target: Target{Kind: KindMX, Host: "libero.it"}, Ending: EndingUnseen}, "Whether libero.it takes in mail cannot be seen from here."},
	} {
		if got, _ := Describe(c.result, words.New("en"), at); got != c.want {
			t.Errorf("%s: %q\nwant %q", name, got, c.want)
		}
	}
}

// TestMeanings: what an ending means to whoever counts failures, and to whoever watches.
func TestMeanings(t *testing.T) {
	at := time.Date(2023, 1, 26, 18, 0, 0, 0, time.UTC)
	for ending, want := range map[Ending]struct {
		class    Class
		severity Severity
	}{
		EndingOK: {ClassOK, SeverityOK}, EndingRefused: {ClassRefused, SeverityCritical}, EndingTimeout: {ClassRefused, SeverityCritical},
		EndingGreeting421: {Class4xx, SeverityCritical}, EndingUnavailable: {Class4xx, SeverityCritical}, EndingGreeting554: {Class5xx, SeverityCritical},
		EndingPolicy: {ClassOther, SeverityWarning}, EndingUnseen: {ClassOther, SeverityUnknown}, EndingAuthFailed: {ClassOther, SeverityCritical},
		EndingTLSExpired: {ClassOther, SeverityCritical}, EndingDNS: {ClassOther, SeverityCritical}, "unheard of": {ClassOther, SeverityUnknown},
	} {
		r := Result{Ending: ending}
		if r.Class() != want.class || r.Severity(at) != want.severity {
			t.Errorf("%s is %s %d, want %s %d", ending, r.Class(), r.Severity(at), want.class, want.severity)
		}
	}
	for left, want := range map[time.Duration]Severity{47 * time.Hour: SeverityWarning, 49 * time.Hour: SeverityOK, -time.Hour: SeverityWarning} {
		if got := (Result{Ending: EndingOK, CertificateUntil: at.Add(left)}).Severity(at); got != want {
			t.Errorf("a certificate with %v left is %d, want %d", left, got, want)
		}
	}
	for kind, want := range map[Kind]Direction{KindIMAP: Receive, KindPOP3: Receive, KindSMTP: Send, KindWeb: Web, KindMX: Accept, "x": ""} {
		if got := (Result{Target: Target{Kind: kind}}).Direction(); got != want {
			t.Errorf("%s says something about %q, want %q", kind, got, want)
		}
	}
}
