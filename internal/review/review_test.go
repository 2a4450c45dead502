package review

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/outage"
)

func rome(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// request is a review of files for a moment.
func request(t testing.TB, at string) Request {
	zone := rome(t)
	moment, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
	if err != nil {
		t.Fatal(err)
	}
	return Request{At: moment, Zone: zone, Catalogue: outage.Builtin()}
}

func file(t testing.TB, name string, write func(io.Writer)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	write(f)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func text(s string) func(io.Writer) {
	return func(w io.Writer) { _, _ = io.WriteString(w, s) }
}

// letter is a message of the person's.
func letter(id, to, date, extra string) string {
	return "From: Elena <elena@fabbri.example>\r\nTo: " + to + "\r\nMessage-ID: <" + id + "@fabbri.example>\r\nDate: " + date + "\r\nSubject: Preventivo\r\n" + extra + "\r\nEcco il preventivo.\r\n"
}

// refusal is Postfix's bounce of a letter.
func refusal(id, to, sent, bounced, reply string) string {
	return "Return-Path: <>\nFrom: MAILER-DAEMON@mail.fabbri.example (Mail Delivery System)\nTo: elena@fabbri.example\nSubject: Undelivered Mail Returned to Sender\nDate: " + bounced +
		"\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n<" + to + ">: host smtp-in.libero.it[192.0.2.1] said: " + reply +
		"\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.fabbri.example\n\nFinal-Recipient: rfc822; " + to + "\nAction: failed\nStatus: 5.0.0\nRemote-MTA: dns; smtp-in.libero.it\nDiagnostic-Code: smtp; " + reply +
		"\n\n--b\nContent-Type: text/rfc822-headers\n\nFrom: elena@fabbri.example\nTo: " + to + "\nMessage-ID: <" + id + "@fabbri.example>\nDate: " + sent + "\nSubject: Preventivo\n\n--b--\n"
}

const sentAt, refusedAt = "Wed, 25 Jan 2023 22:00:00 +0100", "Wed, 25 Jan 2023 22:00:05 +0100"

func verdicts(r checklist.Report) map[string]advice.Verdict {
	m := map[string]advice.Verdict{}
	for _, i := range r.Items {
		m[i.MessageID+" "+i.Recipient] = i.Verdict
	}
	return m
}

func TestEvidenceLaterThanTheMomentIsIgnored(t *testing.T) {
	sent := file(t, "s.eml", text(letter("a", "nonna@libero.it", sentAt, "")))
	in := file(t, "b.eml", text(refusal("a", "nonna@libero.it", sentAt, refusedAt, "550 <nonna@libero.it> recipient rejected")))
	for at, want := range map[string]map[string]advice.Verdict{
		"2023-01-25 21:59": {},
		"2023-01-25 22:00": {"a@fabbri.example nonna@libero.it": advice.Wait},
		"2023-01-25 22:01": {"a@fabbri.example nonna@libero.it": advice.Resend},
	} {
		req := request(t, at)
		req.Sent, req.Inbox = []string{sent}, []string{in}
		r, err := Run(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if got := verdicts(r); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("at %s: %v, want %v", at, got, want)
		}
	}
}

func TestSilenceIsWeighedByWhatWasRead(t *testing.T) {
	// Sent in the phase of refusals; a week later nothing has come back.
	sent := file(t, "s.eml", text(letter("a", "nonna@libero.it", "Wed, 25 Jan 2023 10:00:00 +0100", "")))
	old := "From: amica@posta.example\nTo: elena@fabbri.example\nDate: Mon, 2 Jan 2023 10:00:00 +0100\nSubject: Ciao\n\nCiao!\n"
	inbox, junk := file(t, "i.eml", text(old)), file(t, "j.eml", text(old))
	young := file(t, "y.eml", text(strings.Replace(old, "2 Jan", "30 Jan", 1)))
	for name, tc := range map[string]struct {
		inbox, junk []string
		want        advice.Verdict
	}{
		"inbox and junk":              {[]string{inbox}, []string{junk}, advice.Delivered},
		"inbox alone":                 {[]string{inbox}, nil, advice.Check},
		"junk alone":                  {nil, []string{junk}, advice.Check},
		"an inbox begun after it":     {[]string{young}, []string{young}, advice.Check},
		"sent alone":                  {nil, nil, advice.Check},
		"an inbox with younger parts": {[]string{young, inbox}, []string{young}, advice.Delivered},
	} {
		req := request(t, "2023-02-10 12:00")
		req.Sent, req.Inbox, req.Junk = []string{sent}, tc.inbox, tc.junk
		r, err := Run(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if got := verdicts(r)["a@fabbri.example nonna@libero.it"]; got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func TestHostileMessagesCostThemselvesOnly(t *testing.T) {
	good := refusal("a", "nonna@libero.it", sentAt, refusedAt, "550 <nonna@libero.it> recipient rejected")
	for name, tc := range map[string]struct {
		write func(io.Writer)
		why   string // "" where it is simply no bounce
	}{
		"a header without end": {func(w io.Writer) { repeat(w, "Subject: ", "x", 64<<20) }, "endless-header"},
		"a report without content": {func(w io.Writer) {
			repeat(w, "From: mailer-daemon@x.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n", "A", 200<<20)
		}, "empty-report"},
		"two hundred megabytes": {func(w io.Writer) { repeat(w, "From: a@b.example\nSubject: hi\n\n", "word ", 40<<20) }, ""},
		"boxes in boxes": {func(w io.Writer) {
			_, _ = io.WriteString(w, "From: a@b.example\nContent-Type: multipart/mixed; boundary=a0\n\n")
			for i := range 100_000 {
				_, _ = fmt.Fprintf(w, "--a%d\nContent-Type: multipart/mixed; boundary=a%d\n\n", i, i+1)
			}
		}, ""},
		"a million fields": {func(w io.Writer) { repeat(w, "From: a@b.example\n", "X: y\n", 1<<20) }, "endless-header"},
	} {
		t.Run(name, func(t *testing.T) {
			req := request(t, "2023-01-26 18:00")
			req.Sent = []string{file(t, "s.eml", text(letter("a", "nonna@libero.it", sentAt, "")))}
			req.Inbox = []string{file(t, "hostile.eml", tc.write), file(t, "good.eml", text(good))}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			r, err := Run(t.Context(), req)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if got := verdicts(r)["a@fabbri.example nonna@libero.it"]; got != advice.Resend {
				t.Errorf("the good one beside it gave %q, want resend", got)
			}
			var why string
			for _, n := range r.Unreadable {
				why = n.Why
			}
			if why != tc.why {
				t.Errorf("unreadable %q, want %q", why, tc.why)
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 64 {
				t.Errorf("%d MB were allocated", mb)
			}
		})
	}
}

func repeat(w io.Writer, head, piece string, n int) {
	_, _ = io.WriteString(w, head)
	block := strings.Repeat(piece, 1<<12)
	for range n >> 12 {
		_, _ = io.WriteString(w, block)
	}
}

func TestQueueListing(t *testing.T) {
	listing := file(t, "q.json", text(`{"queue_name": "deferred", "queue_id": "A1", "arrival_time": 1674644400, "sender": "elena@fabbri.example", "recipients": [{"address": "nonna@libero.it", "delay_reason": "Connection refused"}]}`+"\n"))
	req := request(t, "2023-01-25 18:00")
	req.Sent = []string{file(t, "s.eml", text(letter("a", "nonna@libero.it", "Wed, 25 Jan 2023 12:00:00 +0100", "")))}
	req.Queues = []string{listing}
	r, err := Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Items) != 1 || r.Items[0].Verdict != advice.Wait || r.Items[0].Reasons[0].Rule != "queued" || r.Items[0].Confidence != "certain" {
		t.Errorf("got %+v", r.Items)
	}
	req.Queues = []string{req.Sent[0]}
	var wrong *QueueError
	if _, err := Run(t.Context(), req); !errors.As(err, &wrong) || wrong.Path != req.Sent[0] {
		t.Errorf("a letter taken for a queue gave %v", err)
	}
}

func TestRunStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	req := request(t, "2023-02-10 12:00")
	req.Inbox = []string{file(t, "m.mbox", func(w io.Writer) { mbox(w, 5000) })}
	req.Progress = func(int) { cancel() }
	if _, err := Run(ctx, req); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
	req.Inbox = []string{"/no/such/file"}
	if _, err := Run(t.Context(), req); !errors.Is(err, mailbox.ErrMissing) {
		t.Errorf("got %v, want that it is missing", err)
	}
}

// mbox writes an inbox of n messages, every seventh a bounce.
func mbox(w io.Writer, n int) {
	body := strings.Repeat("Una riga come tante, di una lettera come tante altre.\n", 40)
	for i := range n {
		at := time.Date(2023, 1, 20, 8, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute / 2)
		_, _ = fmt.Fprintf(w, "From x@y.example %s\n", at.Format(time.ANSIC))
		id, to := fmt.Sprintf("m%d", i), fmt.Sprintf("persona%d@libero.it", i%500)
		if i%7 == 0 {
			_, _ = io.WriteString(w, refusal(id, to, at.Add(-time.Minute).Format(time.RFC1123Z), at.Format(time.RFC1123Z), "550 <"+to+"> recipient rejected")+"\n")
			continue
		}
		_, _ = fmt.Fprintf(w, "From: Persona <%s>\nTo: elena@fabbri.example\nSubject: Messaggio %d\nDate: %s\nMessage-ID: <in%d@x.example>\n\n%s\n", to, i, at.Format(time.RFC1123Z), i, body)
	}
}

// BenchmarkReview20000 is the review of an mbox of 20,000 messages: owed are 3 s and 100 MB on 2 cores.
func BenchmarkReview20000(b *testing.B) {
	req := request(b, "2023-02-04 12:00")
	req.Inbox = []string{file(b, "big.mbox", func(w io.Writer) { mbox(w, 20_000) })}
	b.ReportAllocs()
	var peak uint64
	for b.Loop() {
		done := make(chan struct{})
		go func() {
			var m runtime.MemStats
			for {
				select {
				case <-done:
					return
				case <-time.After(20 * time.Millisecond):
					runtime.ReadMemStats(&m)
					peak = max(peak, m.Sys)
				}
			}
		}()
		if _, err := Run(b.Context(), req); err != nil {
			b.Fatal(err)
		}
		close(done)
	}
	b.ReportMetric(float64(peak)/(1<<20), "MB-peak")
}
