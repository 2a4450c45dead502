package resend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/words"
)

var at = time.Date(2023, 1, 27, 18, 0, 0, 0, time.UTC)

func put(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func made(t testing.TB, c Copy) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestNobodysNameEntersAnothersCopy: however recipients are spread over To, Cc and Bcc, and whoever failed, a copy names those whom
// it is for and nobody else, everybody who failed is in one copy, and a hidden one is alone in his.
func TestNobodysNameEntersAnothersCopy(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 2023))
	for round := range 200 {
		fields, failed := map[string][]string{}, map[string]bool{}
		var items []*advice.Item
		for i := range 1 + rng.IntN(8) {
			address := fmt.Sprintf("person%d-%d@libero.it", round, i)
			field := []string{"To", "Cc", "Bcc"}[rng.IntN(3)]
			fields[field] = append(fields[field], address)
			if rng.IntN(2) == 0 {
				failed[address] = true
				items = append(items, &advice.Item{MessageID: "m@x.example", Recipient: address, Verdict: advice.Resend})
			}
		}
		if len(items) == 0 {
			continue
		}
		text := "From: me@x.example\nMessage-ID: <m@x.example>\nSubject: s\n"
		for _, field := range []string{"To", "Cc", "Bcc"} {
			if len(fields[field]) > 0 {
				text += field + ": " + strings.Join(fields[field], ",\n ") + "\n"
			}
		}
		f := Finder{Files: []mailbox.Source{mailbox.Path(put(t, "sent.eml", text+"\nbody\n"), mailbox.RoleSent)}}
		copies, err := f.Copies(t.Context(), Message{For: items, Known: items, At: at})
		if err != nil {
			t.Fatal(err)
		}
		served := map[string]int{}
		for _, c := range copies {
			file := made(t, c)
			for _, list := range fields {
				for _, address := range list {
					if strings.Contains(file, address) != slices.Contains(c.To, address) {
						t.Fatalf("%v: %s is in a copy for %v:\n%s", fields, address, c.To, file)
					}
				}
			}
			for _, to := range c.To {
				served[to]++
				if slices.Contains(fields["Bcc"], to) && len(c.To) > 1 {
					t.Fatalf("a hidden recipient is not alone: %v", c.To)
				}
			}
			if c.From != FromSent || !c.Complete || !strings.HasSuffix(file, "\r\n\r\nbody\r\n") || strings.Contains(file, "Bcc") {
				t.Fatalf("%+v:\n%s", c, file)
			}
		}
		for address := range failed {
			if served[address] != 1 {
				t.Fatalf("%s is in %d copies", address, served[address])
			}
		}
	}
}

// TestWhereItComesFrom: the person's own message before what a bounce returned, that before its header, and what is missing is said.
func TestWhereItComesFrom(t *testing.T) {
	original := "From: me@x.example\nTo: a@libero.it, got@gmail.com, other@y.example\nMessage-ID: <m@x.example>\nSubject: s\n\nbody\n"
	report := func(kind, inside string) string {
		return "From: MAILER-DAEMON@x.example\nSubject: failed\nContent-Type: multipart/report; boundary=R\n\n--R\n\nno\n--R\nContent-Type: " + kind + "\n\n" + inside + "\n--R--\n"
	}
	sent := mailbox.Path(put(t, "sent.eml", original), mailbox.RoleSent)
	inbox := func(text string) (mailbox.Source, string) {
		path := put(t, "bounce.eml", text)
		return mailbox.Path(path, mailbox.RoleInbox), path
	}
	whole, wholeAt := inbox(report("message/rfc822", original))
	header, headerAt := inbox(report("text/rfc822-headers", strings.TrimSuffix(original, "body\n")))
	forged, forgedAt := inbox(report("message/rfc822", strings.Replace(original, "<m@", "<evil@", 1)))
	elsewhere, _ := inbox(strings.Replace(original, "body", "forged", 1))
	gone := mailbox.Path("/no/such/mail", mailbox.RoleSent)
	for name, tc := range map[string]struct {
		files    []mailbox.Source
		bounce   string
		id       string
		from     From
		complete bool
		trouble  bool
		says     string
	}{
		"sent mail":             {[]mailbox.Source{whole, sent}, wholeAt, "m@x.example", FromSent, true, false, "your own sent message"},
		"in other letters":      {[]mailbox.Source{sent}, "", "M@X.example", FromSent, true, false, "your own sent message"},
		"a bounce":              {[]mailbox.Source{whole}, wholeAt, "m@x.example", FromBounce, true, false, "failure notice brought back"},
		"a better bounce":       {[]mailbox.Source{header, whole}, wholeAt, "m@x.example", FromBounce, true, false, "failure notice brought back"},
		"a header":              {[]mailbox.Source{header}, headerAt, "m@x.example", FromHeader, false, false, "INCOMPLETE"},
		"a bounce of another":   {[]mailbox.Source{forged}, forgedAt, "m@x.example", FromKnown, false, false, "INCOMPLETE"},
		"a message elsewhere":   {[]mailbox.Source{elsewhere}, "", "m@x.example", FromKnown, false, false, "INCOMPLETE"},
		"nothing":               {nil, "", "m@x.example", FromKnown, false, false, "INCOMPLETE"},
		"no id":                 {[]mailbox.Source{sent}, "", "", FromKnown, false, false, "INCOMPLETE"},
		"a disk that is gone":   {[]mailbox.Source{gone, whole}, wholeAt, "m@x.example", FromBounce, true, true, "failure notice brought back"},
		"gone, and found after": {[]mailbox.Source{gone, sent}, "", "m@x.example", FromSent, true, false, "your own sent message"},
	} {
		item := &advice.Item{MessageID: tc.id, Recipient: "a@libero.it", Subject: "s", Verdict: advice.Resend, Bounces: []advice.Bounce{{Source: tc.bounce, Action: bounce.ActionFailed}}}
		known := []*advice.Item{item, {MessageID: tc.id, Recipient: "got@gmail.com", Verdict: advice.Delivered}}
		copies, err := Finder{Files: tc.files}.Copies(t.Context(), Message{For: known[:1], Known: known, At: at})
		if err != nil || len(copies) != 1 {
			t.Errorf("%s: %v, %v", name, copies, err)
			continue
		}
		c := copies[0]
		if c.From != tc.from || c.Complete != tc.complete || (c.Trouble != nil) != tc.trouble || !strings.Contains(strings.Join(c.Says(words.New("en")), " "), tc.says) {
			t.Errorf("%s: %+v says %q", name, c, c.Says(words.New("en")))
		}
		if c.From == FromSent && (!slices.Equal(c.Got, []string{"got@gmail.com"}) || !slices.Equal(c.Others, []string{"other@y.example"})) {
			t.Errorf("%s: got it %v, others %v", name, c.Got, c.Others)
		}
		r, err := mail.CreateReader(strings.NewReader(made(t, c)))
		if err != nil || r.Header.Get("X-Unsent") != "1" || r.Header.Get("Message-Id") == "<m@x.example>" {
			t.Errorf("%s: %v\n%s", name, err, made(t, c))
		}
		if link, ok := MailTo(c); ok != tc.complete || ok && !strings.HasPrefix(link, "mailto:a@libero.it?subject=s&body=body") {
			t.Errorf("%s: link %q", name, link)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	item := []*advice.Item{{MessageID: "m@x.example", Recipient: "a@libero.it"}}
	if _, err := (Finder{Files: []mailbox.Source{sent}}).Copies(ctx, Message{For: item, At: at}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := (Finder{}).Copies(t.Context(), Message{For: []*advice.Item{{Recipient: "no address"}}, At: at}); !errors.Is(err, ErrUnsound) {
		t.Errorf("to nobody: %v", err)
	}
}

// TestSteps: for every program there are steps in both languages, numbered ones that say nothing of numbers, and a name.
func TestSteps(t *testing.T) {
	for _, lang := range words.Languages {
		w := words.New(lang)
		for _, client := range Clients {
			steps := Steps(w, client)
			if len(steps) < 4 || len(steps) > 6 || ClientName(w, client) == "resend.client."+client {
				t.Errorf("%s in %s: %q", client, lang, steps)
			}
			sent := strings.Contains(strings.Join(steps, " "), "Posta inviata") || strings.Contains(strings.Join(steps, " "), "Sent") || strings.Contains(strings.Join(steps, " "), "Inviati")
			if webmail := slices.Contains([]string{"gmail", "libero", "virgilio"}, client); webmail != (sent && client != "outlook-new") {
				t.Errorf("%s in %s opens a file, or does not: %q", client, lang, steps)
			}
		}
		if Steps(w, "lotus") != nil {
			t.Error("steps for a program that nobody knows")
		}
	}
	zone := time.FixedZone("", 3600)
	item := &advice.Item{Subject: "Ciao\u202e", Recipient: "a@libero.it", SentAt: bounce.Stamp{At: at, Zoned: true}}
	if c := ClueOf(item, "", words.New("it"), zone); c.Folder != "Posta inviata" || c.Subject != "Ciao" || c.Search != "Ciao" || !strings.Contains(c.Sent, "19:00") {
		t.Errorf("%+v", c)
	}
	if c := ClueOf(&advice.Item{Recipient: "a@libero.it"}, "Gesendet", words.New("it"), zone); c.Folder != "Gesendet" || c.Search != "a@libero.it" || c.Sent != "" {
		t.Errorf("%+v", c)
	}
}

// TestDrafts: of all that is to be sent again and not ticked off there is a draft.
func TestDrafts(t *testing.T) {
	item := func(id, to string, v advice.Verdict) advice.Item {
		return advice.Item{MessageID: id, Recipient: to, Verdict: v, ResendWhen: advice.Now, Subject: "s"}
	}
	r := checklist.Report{At: at, Items: []advice.Item{
		item("1@x", "a@libero.it", advice.Resend), item("1@x", "b@libero.it", advice.Resend), item("1@x", "c@libero.it", advice.Wait), item("2@x", "a@libero.it", advice.Resend),
		item("", "d@libero.it", advice.Resend), item("3@x", "a@libero.it", advice.Fix), item("4@x", "no address", advice.Resend),
	}}
	o := checklist.Options{Words: words.New("en"), Ticks: new(checklist.Ticks)}
	o.Ticks.Set(&r.Items[3], at)
	sent := "From: me@x.example\nTo: a@libero.it, b@libero.it, c@libero.it\nMessage-ID: <1@x>\n\nbody\n"
	f := Finder{Files: []mailbox.Source{mailbox.Path(put(t, "sent.eml", sent), mailbox.RoleSent)}}
	var got []string
	err := f.Drafts(t.Context(), r, o)(func(d checklist.Draft) error {
		got = append(got, strings.Join(d.To, " "))
		return nil
	})
	if want := []string{"a@libero.it b@libero.it", "d@libero.it"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v, want %v", err, got, want)
	}
	full := errors.New("the disk is full")
	if err := f.Drafts(t.Context(), r, o)(func(checklist.Draft) error { return full }); !errors.Is(err, full) {
		t.Errorf("on a full disk: %v", err)
	}
}
