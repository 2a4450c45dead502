package provider

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEveryFileLoads(t *testing.T) {
	d, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if len(d.senders) < 25 || len(d.presets) < 40 || len(d.operators) < 40 {
		t.Errorf("%d senders, %d preset domains, %d operator domains", len(d.senders), len(d.presets), len(d.operators))
	}
}

func TestOperatorOf(t *testing.T) {
	for domain, want := range map[string]string{
		"libero.it": "italiaonline", "VIRGILIO.it": "italiaonline", "inwind.it.": "italiaonline", "iol.it": "italiaonline",
		"blu.it": "italiaonline", "giallo.it": "italiaonline", "gmail.com": "google", "alice.it": "tim", "web.de": "gmx",
		"hotmail.it": "microsoft", "legalmail.it": "infocert",
		"mail.libero.it": "", "notlibero.it": "", "libero.it.example": "", "": "", strings.Repeat("a", 1<<20): "",
	} {
		o, ok := Builtin().OperatorOf(domain)
		if o.ID != want || ok != (want != "") {
			t.Errorf("%.40q is run by %q, want %q", domain, o.ID, want)
		}
	}
}

func TestRunsHost(t *testing.T) {
	for _, c := range []struct {
		operator, host string
		want           bool
	}{
		{"italiaonline", "smtp-in.libero.it", true},
		{"italiaonline", "smtp-16.iol.local", true},
		{"italiaonline", "smtp-32-i2.italiaonline.it", true},
		{"italiaonline", "SMTP-IN.VIRGILIO.IT.", true},
		{"italiaonline", "smtp-in.inwind.it", true},
		{"italiaonline", "libero.it", true},
		{"italiaonline", "mail.notlibero.it", false},
		{"italiaonline", "libero.it.attacker.example", false},
		{"italiaonline", "mail.studio.example", false},
		{"italiaonline", "", false},
		{"google", "gmail-smtp-in.l.google.com", true},
		{"microsoft", "ditta-it.mail.protection.outlook.com", true},
		{"nobody", "smtp-in.libero.it", false},
	} {
		if got := Builtin().RunsHost(c.operator, c.host); got != c.want {
			t.Errorf("%s runs %s: %v, want %v", c.operator, c.host, got, c.want)
		}
	}
}

func TestPresetFor(t *testing.T) {
	for in, want := range map[string]string{
		"libero.it": "imapmail.libero.it:993", "Anna Bianchi <anna@blu.it>": "imapmail.libero.it:993", "anna@Virgilio.it": "in.virgilio.it:993",
		"someone@gmail.com": "imap.gmail.com:993", "x@pec.it": "imaps.pec.aruba.it:993", "x@example.org": "", "": "", "@": "",
		strings.Repeat("@", 1<<20): "",
	} {
		got := ""
		p, ok := Builtin().PresetFor(in)
		if ok && p.IMAP != nil {
			got = fmt.Sprintf("%s:%d", p.IMAP.Host, p.IMAP.Port)
		}
		if got != want {
			t.Errorf("%.40q reads mail at %q, want %q", in, got, want)
		}
	}
	if p, ok := Builtin().PresetFor("x@vodafone.it"); !ok || p.IMAP != nil || len(p.NotesIt) == 0 {
		t.Errorf("a provider without a known server must say so: %+v", p)
	}
}

func TestPresetByMX(t *testing.T) {
	for host, want := range map[string]string{
		"mx.aruba.it": "aruba", "MX.Aruba.IT.": "aruba", "mx.pec.aruba.it": "aruba-pec", "aspmx.l.google.com": "gmail", "studio-it.mail.protection.outlook.com": "m365",
		"hotmail-com.olc.protection.outlook.com": "outlook", "mx-eu.mail.am0.yahoodns.net": "yahoo", "in1-smtp.messagingengine.com": "fastmail",
		"etb-1.mail.tiscali.it": "tiscali", "smtp-in.libero.it": "libero", "mail.securemail.pro": "register",
		"mx.notaruba.it": "", "aruba.it.attacker.example": "", "com": "", "": "", ".": "", strings.Repeat("a.", 1<<19): "",
	} {
		p, ok := Builtin().PresetByMX(host)
		if p.ID != want || ok != (want != "") {
			t.Errorf("%.40q receives for %q, want %q", host, p.ID, want)
		}
	}
}

// Presets hang together: operator, endpoints, ways to log in, notes in both languages, sources.
func TestPresetsAreSound(t *testing.T) {
	for domain, p := range Builtin().presets {
		o, ok := Builtin().OperatorOf(domain)
		if !ok && p.ID != "m365" {
			t.Errorf("%s has a preset and no operator", domain)
		}
		if ok && o.ID != p.Operator {
			t.Errorf("%s is run by %s, its preset says %s", domain, o.ID, p.Operator)
		}
		if domain != strings.ToLower(domain) || len(p.NotesIt) != len(p.NotesEn) || len(p.NotesIt) == 0 {
			t.Errorf("%s: %d notes in Italian, %d in English", domain, len(p.NotesIt), len(p.NotesEn))
		}
		for _, e := range []*Endpoint{p.IMAP, p.POP3, p.SMTP} {
			if e != nil && (e.Host == "" || e.Port <= 0 || e.Port > 65535 || (e.TLS != "implicit" && e.TLS != "starttls") || len(p.Sources) == 0) {
				t.Errorf("%s: endpoint %+v", domain, e)
			}
		}
		if page, err := url.Parse(p.Web); err != nil || p.Web != "" && (page.Scheme != "https" || page.Host == "" || page.User != nil) {
			t.Errorf("%s: webmail at %q", domain, p.Web)
		}
		for _, way := range p.Auth {
			if !slices.Contains([]string{"password", "app-password", "oauth2"}, way) {
				t.Errorf("%s logs in by %q", domain, way)
			}
		}
	}
}

func TestGiveUpAt(t *testing.T) {
	sent := time.Date(2023, 1, 23, 16, 0, 0, 0, time.FixedZone("CET", 3600))
	for id, want := range map[string]time.Duration{
		"mailgun": 8 * time.Hour, "amazon-ses": 14 * time.Hour, "exchange-online": 24 * time.Hour, "domino": 24 * time.Hour,
		"exchange-onprem": 48 * time.Hour, "gmail": 72 * time.Hour, "sendgrid": 72 * time.Hour,
		"haraka": 262_080 * time.Second, "exim": 96 * time.Hour, "opensmtpd": 96 * time.Hour, "postfix": 120 * time.Hour,
		"sendmail": 120 * time.Hour, "qmail": 168 * time.Hour, "courier": 168 * time.Hour, "kumomta": 168 * time.Hour,
		"oracle-messaging-server": 288 * time.Hour,
		"yahoo":                   0, "icloud": 0, "gmx-1and1": 0, "italiaonline": 0, "powermta": 0, "mdaemon": 0,
	} {
		s, known := Builtin().senders[id]
		until, ok := s.GiveUpAt(sent)
		if !known || ok != (want > 0) || (ok && !until.Equal(sent.Add(want))) {
			t.Errorf("%s gives up at %v (%v), want after %s", id, until, ok, want)
		}
	}
	online := Builtin().senders["exchange-online"]
	for day, want := range map[string]time.Duration{"2019-03-19": 48 * time.Hour, "2019-03-20": 24 * time.Hour} {
		sent, _ := time.Parse(time.DateOnly, day)
		if until, ok := online.GiveUpAt(sent); !ok || until.Sub(sent) != want {
			t.Errorf("Exchange Online, %s: %s, want %s", day, until.Sub(sent), want)
		}
	}
	if _, ok := (Sender{}).GiveUpAt(sent); ok {
		t.Error("an unknown sender has a give-up time")
	}
}

// The ages of a first warning, and whose clock counts, as advice uses them.
func TestHabits(t *testing.T) {
	for id, first := range map[string]time.Duration{"postfix": 0, "exim": 24 * time.Hour, "sendmail": 4 * time.Hour, "gmail": 22 * time.Hour, "exchange-onprem": 4 * time.Hour, "courier": 4 * time.Hour, "opensmtpd": 4 * time.Hour} {
		s := Builtin().senders[id]
		got := time.Duration(0)
		if len(s.Warnings) > 0 {
			got = s.Warnings[0]
		}
		if got != first || s.DestinationClock != (id == "exim") {
			t.Errorf("%s warns at %s (destination clock %v), want %s", id, got, s.DestinationClock, first)
		}
	}
}
