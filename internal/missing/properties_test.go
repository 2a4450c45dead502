package missing

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// dice makes mailboxes of few people, few subjects and few ids, so that everything happens that can.
type dice struct{ next func(n int) int }

func rolled(seed uint64) dice {
	r := rand.New(rand.NewPCG(seed, 4))
	return dice{r.IntN}
}

// bytesDice takes its numbers from a fuzzer's bytes, and zeros when they are used up.
func bytesDice(data []byte) dice {
	return dice{func(n int) int {
		if len(data) == 0 {
			return 0
		}
		b := int(data[0])
		data = data[1:]
		return b % n
	}}
}

var (
	dicePeople   = []string{paolo, carla, "nonna@libero.it", news, "noreply@shop.example", "", "x", elena}
	diceSubjects = []string{"Preventivo", "Re: Preventivo", "I: Preventivo", "", "=1+1", "\u202e<b>\x1b[2J\n# `x` |", "Ciao"}
	diceHosts    = []string{"studio.example", "ditta.example", "libero.it", "liste.example", ""}
	diceOwners   = []string{elena, elena, "elena@fabbri.example"}
)

func (d dice) id() string {
	return fmt.Sprintf("i%d@%s", d.next(24), diceHosts[d.next(len(diceHosts))])
}

func (d dice) ids() []string {
	var list []string
	for range d.next(5) {
		list = append(list, d.id())
	}
	return list
}

func (d dice) when() time.Time {
	return on("1 Jan 00:00").Add(time.Duration(d.next(55)*24+d.next(24)) * time.Hour)
}

// box is a mailbox of up to n messages.
func (d dice) box(n int) *box {
	b := mailbox(diceOwners[d.next(len(diceOwners))])
	if d.next(3) > 0 {
		b = lived(b.ev.Accounts[0])
	}
	for range d.next(n) {
		who, subject := dicePeople[d.next(len(dicePeople))], diceSubjects[d.next(len(diceSubjects))]
		switch d.next(6) {
		case 5: // a conversation of which a part is gone
			begun := d.when()
			b.send(who+" "+paolo, begun, subject, d.id())
			last := &b.ev.Sent[len(b.ev.Sent)-1]
			m := b.receive(paolo, begun.Add(time.Duration(1+d.next(240))*time.Hour), subject, d.id(), append([]string{last.MessageID}, d.ids()...)...)
			m.To = append(m.To, carla)
		case 0:
			b.send(who+" "+paolo, d.when(), subject, d.id(), d.ids()...)
		case 1:
			b.series(who, d.when(), on("20 Feb 00:00"), time.Duration(8+d.next(200))*time.Hour, d.when(), d.when(), listed)
		default:
			m := b.receive(who, d.when(), subject, d.id(), d.ids()...)
			m.List, m.Junk = d.next(4) == 0, d.next(8) == 0
			if m.List && d.next(2) == 0 {
				m.ListID = "gita.liste.example"
			}
			m.At = m.At.Add(time.Duration(d.next(100)) * time.Hour)
		}
	}
	return b
}

// shuffled is the same evidence in another order.
func shuffled(ev advice.Evidence, seed uint64) advice.Evidence {
	r := rand.New(rand.NewPCG(seed, 5))
	ev.Sent, ev.Incoming = slices.Clone(ev.Sent), slices.Clone(ev.Incoming)
	r.Shuffle(len(ev.Sent), func(i, j int) { ev.Sent[i], ev.Sent[j] = ev.Sent[j], ev.Sent[i] })
	r.Shuffle(len(ev.Incoming), func(i, j int) { ev.Incoming[i], ev.Incoming[j] = ev.Incoming[j], ev.Incoming[i] })
	return ev
}

// printed is a result as programs get it.
func printed(t testing.TB, r Result) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, checklist.JSON, r, checklist.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestOrderAndDuplicatesDoNotMatter(t *testing.T) {
	found := 0
	for seed := range uint64(150) {
		b := rolled(seed).box(60)
		r := Find(b.ev)
		found += len(r.Findings)
		want := printed(t, r)
		if got := printed(t, Find(shuffled(b.ev, seed))); got != want {
			t.Fatalf("seed %d: another order gives\n%s\ninstead of\n%s", seed, got, want)
		}
		double := b.ev
		double.Incoming = slices.Concat(b.ev.Incoming, b.ev.Incoming)
		double.Sent = slices.Concat(b.ev.Sent, b.ev.Sent)
		if got := printed(t, Find(double)); got != want {
			t.Fatalf("seed %d: the same messages twice give\n%s\ninstead of\n%s", seed, got, want)
		}
	}
	if found < 30 {
		t.Errorf("only %d findings: these mailboxes show nothing", found)
	}
}

func TestWhatIsThereIsNotMissing(t *testing.T) {
	for seed := range uint64(150) {
		b := rolled(seed).box(60)
		for _, f := range sound(t, b.ev).Findings {
			if f.Kind != Named {
				continue
			}
			more := b.ev
			more.Incoming = append(slices.Clone(b.ev.Incoming), advice.Incoming{Source: "found", MessageID: f.MessageID, From: f.Who[0], At: f.To, Subject: f.Subject})
			for _, g := range Find(more).Findings {
				if g.MessageID == f.MessageID {
					t.Fatalf("seed %d: %s is there now and still missing", seed, f.MessageID)
				}
			}
		}
	}
}

func TestWhatCameLaterIsIgnored(t *testing.T) {
	for seed := range uint64(60) {
		b := rolled(seed).box(60)
		b.ev.At = on("10 Feb 12:00")
		before := b.ev
		before.Incoming = slices.DeleteFunc(slices.Clone(b.ev.Incoming), func(m advice.Incoming) bool { return m.At.After(b.ev.At) })
		before.Sent = slices.DeleteFunc(slices.Clone(b.ev.Sent), func(m advice.Outgoing) bool { return m.SentAt.At.After(b.ev.At) })
		if got, want := printed(t, Find(b.ev)), printed(t, Find(before)); got != want {
			t.Fatalf("seed %d: with later mail\n%s\nwithout\n%s", seed, got, want)
		}
	}
}

// sound finds what is missing and checks what must hold of every finding.
func sound(t testing.TB, ev advice.Evidence) Result {
	t.Helper()
	r := Find(ev)
	there := map[string]bool{}
	for _, m := range ev.Incoming {
		if !m.At.After(ev.At) {
			there[idKey(m.MessageID)] = true
		}
	}
	for _, m := range ev.Sent {
		if !m.SentAt.At.After(ev.At) {
			there[idKey(m.MessageID)] = true
		}
	}
	for _, f := range r.Findings {
		if len(f.Who) == 0 || slices.Contains(f.Who, ev.Accounts[0]) || slices.Contains(f.Who, "") {
			t.Fatalf("to be asked are %q: %+v", f.Who, f)
		}
		if f.Kind == Named && (f.MessageID == "" || there[idKey(f.MessageID)] || strings.HasSuffix(idKey(f.MessageID), "@"+domainOf(ev.Accounts[0]))) {
			t.Fatalf("%q is there, or the person's own: %+v", f.MessageID, f)
		}
		if f.Confidence != "likely" && f.Confidence != "unsure" {
			t.Fatalf("confidence %q of what nobody can see", f.Confidence)
		}
		if !f.From.IsZero() && !f.To.IsZero() && f.From.After(f.To) {
			t.Fatalf("between %v and %v", f.From, f.To)
		}
		if len(f.Reasons) < 2 {
			t.Fatalf("too few reasons: %+v", f)
		}
		if f.Mailbox == "" && (f.Kind != Named || domainOf(f.Who[0]) != "libero.it") {
			t.Fatalf("nobody's mailbox was struck, and still: %+v", f)
		}
	}
	return r
}

// bareKey is the id of a sentence where the sentence should be.
var bareKey = regexp.MustCompile(`\b(missing|confidence|note)\.[a-z]|<no value>`)

// harmlessOutput checks that no form lets words from mail act: no control characters, no marks that turn the direction, no
// HTML in Markdown outside code.
func harmlessOutput(t testing.TB, r Result) {
	t.Helper()
	for _, format := range Formats {
		var out bytes.Buffer
		if err := Write(&out, format, r, checklist.Options{}); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == '\u202e' || r == 0x7f }); i >= 0 {
			t.Fatalf("%s: %q stands in the text: %.80q", format, text[i], text[max(0, i-40):])
		}
		if key := bareKey.FindString(text); key != "" {
			t.Fatalf("%s: %q is no sentence in\n%s", format, key, text)
		}
		if format != checklist.Markdown {
			continue
		}
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, indent) && strings.Contains(strings.ReplaceAll(line, `\<`, ""), "<b>") {
				t.Fatalf("HTML in %q", line)
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for seed := range 8 {
		r := rand.New(rand.NewPCG(uint64(seed), 6))
		data := make([]byte, 400)
		for i := range data {
			data[i] = byte(r.IntN(256))
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := bytesDice(data).box(40)
		r := sound(t, b.ev)
		if printed(t, r) != printed(t, Find(shuffled(b.ev, 1))) {
			t.Fatal("another order gives something else")
		}
		harmlessOutput(t, r)
	})
}

// TestHundredThousandMessages: owed is well under a second; the bound leaves room for a busy machine.
func TestHundredThousandMessages(t *testing.T) {
	ev := big(100_000)
	start := time.Now()
	r := Find(ev)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if len(r.Findings) == 0 {
		t.Error("nothing was found")
	}
}

func BenchmarkFind(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		ev := big(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				Find(ev)
			}
		})
	}
}

// big is a mailbox of n messages in threads of ten, of which what came in the outage is not there.
func big(n int) advice.Evidence {
	b := mailbox(elena)
	start := on("1 Jan 2022 00:00")
	step := on("20 Feb 00:00").Sub(start) / time.Duration(n)
	for i := range n {
		at := start.Add(time.Duration(i) * step)
		var chain []string
		for j := i - i%10; j < i; j++ {
			chain = append(chain, bigID(j))
		}
		switch who := fmt.Sprintf("p%d@studio.example", i/10%500); {
		case i%3 == 0:
			b.send(who, at, fmt.Sprint("Re: Caso ", i/10), bigID(i), chain...)
		case at.Before(outFrom) || at.After(outTo) || i%10 == 9:
			b.receive(who, at, fmt.Sprint("Re: Caso ", i/10), bigID(i), chain...)
		}
	}
	return b.ev
}

func bigID(i int) string {
	if i%3 == 0 {
		return fmt.Sprintf("M%d@libero.it", i)
	}
	return fmt.Sprintf("M%d@studio.example", i)
}
