package missing

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

var update = flag.Bool("update", false, "write the golden files anew")

// everything is a mailbox that lacks something of every kind.
func everything() *box {
	b := lived(elena)
	b.send(paolo, on("22 Jan 10:00"), "Preventivo", "mine@libero.it")
	b.receive(paolo, on("30 Jan 10:00"), "Re: Preventivo", "after@studio.example", "mine@libero.it", "a@studio.example", "b@studio.example")
	b.receive(paolo, on("23 Jan 10:00"), "Bozza", "draft@studio.example")
	b.send(paolo, on("23 Jan 10:05"), "Re: Bozza", "draft2@libero.it", "draft@studio.example")
	b.receive(paolo, on("23 Jan 18:00"), "Re: Bozza", "draft4@studio.example", "draft2@libero.it", "<img src=x>`@studio.example")
	b.receive(paolo, on("27 Jan 09:00"), "", "empty@studio.example", "zero@studio.example")
	b.series(zia, on("1 Nov 2022 20:00"), on("20 Feb 07:00"), day, outFrom, outTo, nil)
	b.series(news, on("1 Nov 2022 07:00"), on("22 Jan 07:00"), day, on("1 Jan 2020 00:00"), on("1 Jan 2020 00:00"), listed)
	b.series("noreply@shop.example", on("1 Nov 2022 07:00"), on("22 Jan 07:00"), 2*day, on("1 Jan 2020 00:00"), on("1 Jan 2020 00:00"), func(m *advice.Incoming) {
		m.List, m.ListID, m.Subject = true, "offerte.shop.example", "=HYPERLINK(\"http://x\") <b>\u202e*oggi*\x1b[2J"
	})
	return b
}

// TestForms compares every form in both languages with what was looked at and found good.
func TestForms(t *testing.T) {
	r := Find(everything().ev)
	r.Unreadable = []advice.Note{{Source: "INBOX;1/2", Why: "unreadable"}}
	harmlessOutput(t, r)
	for _, lang := range words.Languages {
		for _, f := range Formats {
			t.Run(lang+"/"+string(f), func(t *testing.T) {
				var got bytes.Buffer
				if err := Write(&got, f, r, checklist.Options{Words: words.New(lang), Zone: rome}); err != nil {
					t.Fatal(err)
				}
				path := filepath.Join("testdata", "january-"+lang+"."+string(f))
				if *update {
					if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got.Bytes(), want) {
					t.Errorf("not as in %s (go test -update writes it anew); it is now\n%s", path, &got)
				}
			})
		}
	}
}

func TestRequestsAreGroupedAndSayTheDays(t *testing.T) {
	r := Find(everything().ev)
	for lang, want := range map[string][]string{
		"en": {"22 January 2023 – 28 January 2023", elena, "these", "“Re: Preventivo”", "send them"},
		"it": {"22 gennaio 2023 – 28 gennaio 2023", elena, "questi", "«Re: Preventivo»", "riceverli"},
	} {
		requests := Requests(r, words.New(lang), rome)
		var to []string
		for _, q := range requests {
			to = append(to, q.To)
		}
		// The shop's machine is asked nothing.
		if got := strings.Join(to, " "); got != paolo+" "+zia+" "+news {
			t.Fatalf("asked are %q", got)
		}
		for _, part := range want {
			if !strings.Contains(requests[0].Text, part) {
				t.Errorf("%s: no %q in\n%s", lang, part, requests[0].Text)
			}
		}
		// Two of the four are of one conversation and the same days.
		if n := strings.Count(requests[0].Text, "\n- "); n != 3 || len(requests[0].Findings) != 4 {
			t.Errorf("%s: %d lines for %d findings", lang, n, len(requests[0].Findings))
		}
		if strings.Contains(requests[2].Text, "\n- ") || !strings.Contains(requests[2].Text, news) {
			t.Errorf("%s: the list is asked\n%s", lang, requests[2].Text)
		}
		for _, q := range requests {
			for _, blame := range []string{"colpa", "fault", "!"} {
				if strings.Contains(q.Text, blame) {
					t.Errorf("%q blames or shouts in\n%s", blame, q.Text)
				}
			}
		}
	}
	one := Requests(Find(thread(lived(elena)).ev), words.New("it"), rome)
	if len(one) != 1 || !strings.Contains(one[0].Text, "questo:") || !strings.Contains(one[0].Text, "riceverlo") {
		t.Errorf("for one message: %+v", one)
	}
}

func TestNotesSayWhyLittleIsSaid(t *testing.T) {
	for name, tc := range map[string]struct {
		box  *box
		want string
	}{
		"nothing to note":        {thread(lived(elena)), ""},
		"not struck":             {lived("elena@fabbri.example"), "not-struck"},
		"no sent mail":           {unsent(lived(elena)), "no-sent"},
		"who deletes":            {thread(deletes(lived(elena), 1)), "deletes"},
		"not over":               {seen(lived(elena), "25 Jan 12:00"), "not-over"},
		"whose mailbox it is":    {nameless(lived(elena), 5), "no-sent unknown-owner"},
		"told by who is written": {nameless(lived(elena), 100), "no-sent"},
	} {
		var got []string
		for _, n := range Find(tc.box.ev).Notes {
			got = append(got, n.Rule)
		}
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%s: notes %q, want %q", name, s, tc.want)
		}
	}
}

// nameless is a mailbox that says nothing of its owner, with so many messages at most.
func nameless(b *box, n int) *box {
	b = unsent(b)
	b.ev.Accounts, b.ev.Incoming = nil, b.ev.Incoming[:min(n, len(b.ev.Incoming))]
	return b
}

func TestOneOutageOnly(t *testing.T) {
	b := everything()
	b.ev.Outage = "libero-2023-06"
	if r := check(t, b, ""); len(r.Outages) != 0 {
		t.Errorf("an outage of the future is looked at: %v", r.Outages)
	}
	b.ev.At = on("1 Dec 12:00")
	check(t, b, "")
	b.ev.Catalogue = nil
	check(t, b, "")
}

func TestListHasAnEnd(t *testing.T) {
	b := lived(elena)
	for i := range 300 {
		id := func(s string) string { return s + strings.Repeat("x", i) + "@studio.example" }
		b.receive(paolo, on("21 Jan 10:00"), "Preventivo", id("mine"))
		b.receive(paolo, on("30 Jan 10:00"), "Re: Caso "+strings.Repeat("x", i%50), id("after"), id("mine"), id("a"), id("b"))
	}
	r := Find(b.ev)
	if len(r.Findings) != maxFindings || r.More != 600-maxFindings {
		t.Errorf("%d findings and %d more", len(r.Findings), r.More)
	}
	var out bytes.Buffer
	if err := Write(&out, checklist.JSON, r, checklist.Options{}); err != nil || !json.Valid(out.Bytes()) {
		t.Errorf("JSON of many: %v", err)
	}
	if lines := strings.Count(Requests(r, words.New("en"), rome)[0].Text, "\n- "); lines != maxAsked {
		t.Errorf("%d messages are asked for at once, want %d", lines, maxAsked)
	}
}

func TestUnknownForm(t *testing.T) {
	if err := Write(&bytes.Buffer{}, checklist.HTML, Result{}, checklist.Options{}); !errors.Is(err, checklist.ErrFormat) {
		t.Errorf("got %v", err)
	}
}
