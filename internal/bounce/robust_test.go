package bounce

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMutants damages every sample in the ways that mail gets damaged, and worse; no mutant may panic, hang, or make an unclean report.
func TestMutants(t *testing.T) {
	const each = 12
	rng := rand.New(rand.NewPCG(1, 2)) // the same mutants every time
	mails := sampleMails(t)
	mutants, slowest := 0, time.Duration(0)
	for _, mail := range mails {
		for range each {
			mutant := mutate(rng, mail, mails)
			start := time.Now()
			r, err := Decode(bytes.NewReader(mutant))
			slowest = max(slowest, time.Since(start))
			if err != nil {
				t.Fatalf("a mutant made an error: %v", err)
			}
			checkReport(t, r)
			mutants++
			if t.Failed() {
				t.Fatalf("the mutant is %q", mutant)
			}
		}
	}
	t.Logf("%d mutants, the slowest took %v", mutants, slowest)
	if slowest > 2*time.Second {
		t.Errorf("a mutant took %v", slowest)
	}
}

// mutate damages a copy of a mail a few times.
func mutate(rng *rand.Rand, mail []byte, mails [][]byte) []byte {
	m := bytes.Clone(mail)
	for range 1 + rng.IntN(4) {
		if len(m) < 2 {
			return m
		}
		at := rng.IntN(len(m))
		end := min(len(m), at+1+rng.IntN(200))
		switch rng.IntN(8) {
		case 0:
			m = m[:at] // cut off
		case 1:
			m = append(m[:at:at], m[end:]...) // a hole
		case 2:
			m[at] = byte(rng.IntN(256))
		case 3:
			m = append(append(append([]byte{}, m[:end]...), m[at:end]...), m[end:]...) // said twice
		case 4:
			other := mails[rng.IntN(len(mails))]
			m = append(m[:at:at], other[rng.IntN(len(other)+1):]...) // spliced
		case 5:
			m = bytes.Replace(m, []byte("\n"), []byte("\r"), rng.IntN(5))
		case 6:
			m = bytes.Replace(m, []byte("\n\n"), []byte("\n"), rng.IntN(3))
		case 7:
			m = append(append(append([]byte{}, m[:at]...), bytes.Repeat(m[at:at+1], rng.IntN(3000))...), m[at:]...)
		}
	}
	return m
}

// patternReader gives a head and then a pattern without end, up to size bytes, so that a large message costs the test no memory.
type patternReader struct {
	head    string
	pattern string
	size    int64
	at      int64
}

func (p *patternReader) Read(b []byte) (int, error) {
	if p.at >= p.size {
		return 0, io.EOF
	}
	n := 0
	for n < len(b) && p.at < p.size {
		var from string
		if p.at < int64(len(p.head)) {
			from = p.head[p.at:]
		} else {
			from = p.pattern[(p.at-int64(len(p.head)))%int64(len(p.pattern)):]
		}
		c := copy(b[n:], from)
		n, p.at = n+c, p.at+int64(c)
	}
	return n, nil
}

const reportHead = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n" +
	"Content-Type: multipart/report; report-type=delivery-status; boundary=BB\n\n--BB\nContent-Type: text/plain\n\nNot delivered.\n\n" +
	"--BB\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n" +
	"--BB\nContent-Type: message/rfc822\n\nMessage-ID: <1@b.example>\nSubject: large\nContent-Type: multipart/mixed; boundary=CC\n\n"

// TestLargeMessages reads what a returned film, or an enemy, would send: time and memory stay small and the report is still found where there is one.
func TestLargeMessages(t *testing.T) {
	head := "From: MAILER-DAEMON@mx.example\nSubject: Undeliverable\nContent-Type: multipart/mixed; boundary=BB\n\n"
	for name, c := range map[string]struct {
		head, pattern string
		size          int64
		kind          Kind
	}{
		"50 MB returned":         {reportHead, "--CC\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n" + strings.Repeat("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9\n", 200), 50 << 20, KindFailed},
		"200 MB of empty lines":  {reportHead, strings.Repeat("\n", 4096), 200 << 20, KindFailed},
		"200 MB in one line":     {reportHead, strings.Repeat("x", 4096), 200 << 20, KindFailed},
		"200 MB of boundaries":   {head, "--BB\n", 200 << 20, KindNotABounce},
		"200 MB of multiparts":   {head, "--BB\nContent-Type: multipart/mixed; boundary=BB\n\n", 200 << 20, KindNotABounce},
		"200 MB of header":       {"From: MAILER-DAEMON@mx.example\n", "X-A: b\n c\n", 200 << 20, KindNotABounce},
		"200 MB of one field":    {"From: MAILER-DAEMON@mx.example\nSubject: ", "=?utf-8?Q?x?= ", 200 << 20, KindNotABounce},
		"200 MB of recipients":   {strings.Split(reportHead, "Final-Recipient")[0], "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n", 200 << 20, KindFailed},
		"200 MB of free text":    {"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nnot delivered:\n", "<a@b.example>: 550 no such user a@c.example\n", 200 << 20, KindFailed},
		"200 MB of nested mails": {head, "--BB\nContent-Type: message/rfc822\n\nContent-Type: multipart/report; boundary=BB\n\n", 200 << 20, KindNotABounce},
		"200 MB of signs":        {head + "--BB\nContent-Type: text/html\n\n", "<a@<a@<", 200 << 20, KindNotABounce},
		"200 MB of brackets":     {head + "--BB\nContent-Type: text/html\n\n", "<style", 200 << 20, KindNotABounce},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := time.Now()
			r, err := Decode(&patternReader{head: c.head, pattern: c.pattern, size: c.size})
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if r.Kind != c.kind {
				t.Errorf("kind is %s (%s), want %s", r.Kind, r.Why, c.kind)
			}
			t.Logf("%v, %d MB allocated", took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20)
			if took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
				t.Errorf("%d MB were allocated", used>>20)
			}
			checkReport(t, r)
		})
	}
}

// TestCutOff decodes every own sample cut off at every place that a prefix of 64 KB, or a broken download, may end.
func TestCutOff(t *testing.T) {
	for _, mail := range sampleMails(t) {
		for _, part := range []int{2, 3, 5} {
			r, err := Decode(bytes.NewReader(mail[:len(mail)*(part-1)/part]))
			if err != nil {
				t.Fatal(err)
			}
			checkReport(t, r)
		}
	}
	whole := strings.Replace(reportHead, "image", "text", 1)
	for end := strings.Index(whole, "--BB\nContent-Type: message/rfc822"); end <= len(whole); end++ {
		r, err := Decode(strings.NewReader(whole[:end]))
		if err != nil || r.Kind != KindFailed || len(r.Recipients) != 1 || r.Recipients[0].Status != "5.1.1" {
			t.Fatalf("cut off at %d the report is %+v, %v", end, r, err)
		}
	}
}

// TestReadError gives the reader's own error on, and what was understood until then.
func TestReadError(t *testing.T) {
	broken := errors.New("the line went dead")
	r, err := Decode(io.MultiReader(strings.NewReader(reportHead), errReader{broken}))
	if !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	if r.Kind != KindFailed || r.Recipients[0].Address != "a@b.example" {
		t.Errorf("the report is %+v", r)
	}
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

// TestLinear doubles a bounce's size and holds the time to it.
func TestLinear(t *testing.T) {
	took := func(recipients int) time.Duration {
		var b strings.Builder
		b.WriteString("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nYour message could not be delivered:\n\n")
		for i := range recipients {
			fmt.Fprintf(&b, "<person%d@b.example>:\n550 no such user\n\n", i)
		}
		best := time.Hour
		for range 20 { // the best of many: other programs run beside this one
			start := time.Now()
			if r, _ := Decode(strings.NewReader(b.String())); len(r.Recipients) != recipients {
				t.Fatalf("%d recipients, want %d", len(r.Recipients), recipients)
			}
			best = min(best, time.Since(start))
		}
		return best
	}
	small, large := took(50), took(400)
	t.Logf("50 recipients %v, 400 recipients %v", small, large)
	if large > 24*small { // eight times the size: linear is 8, quadratic is 64
		t.Errorf("eight times the size takes %v instead of %v", large, small)
	}
}
