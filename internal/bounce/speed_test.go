package bounce

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	gomessage "github.com/emersion/go-message"
)

// parseAll reads a message the way a program that uses go-message would, to compare with: every part's header parsed, every body decoded and read.
func parseAll(r io.Reader) error {
	e, err := gomessage.Read(r)
	if e == nil {
		return err
	}
	return e.Walk(func(_ []int, part *gomessage.Entity, err error) error {
		if err == nil && part.MultipartReader() == nil {
			_, err = io.Copy(io.Discard, part.Body)
		}
		return err
	})
}

func BenchmarkDecodeCorpus(b *testing.B) { benchmarkCorpus(b, decodeOnly) }

func BenchmarkGoMessageCorpus(b *testing.B) { benchmarkCorpus(b, parseAll) }

func decodeOnly(r io.Reader) error {
	_, err := Decode(r)
	return err
}

func benchmarkCorpus(b *testing.B, read func(io.Reader) error) {
	mails := corpusMails(b)
	total := 0
	for _, m := range mails {
		total += len(m)
	}
	b.SetBytes(int64(total) / int64(len(mails)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		_ = read(bytes.NewReader(mails[i%len(mails)])) // go-message refuses some of them; that is part of the comparison
		i++
	}
}

// BenchmarkCorpusBest reads every sample several times and keeps the best time of each, which other programs on the machine disturb least: what go-message's
// parse takes as a share of Decode (ratio), the time within which 99 of 100 samples are decoded (p99-us), and the most memory held meanwhile (peak-MB).
func BenchmarkCorpusBest(b *testing.B) {
	mails := corpusMails(b)
	decode, parse := make([]time.Duration, len(mails)), make([]time.Duration, len(mails))
	var peak uint64
	for b.Loop() {
		for range 10 {
			for i, m := range mails {
				keepBest(&decode[i], func() { _ = decodeOnly(bytes.NewReader(m)) })
			}
			for i, m := range mails {
				keepBest(&parse[i], func() { _ = parseAll(bytes.NewReader(m)) })
			}
			var mem runtime.MemStats
			runtime.ReadMemStats(&mem)
			peak = max(peak, mem.HeapInuse+mem.StackInuse)
		}
	}
	slices.Sort(decode)
	b.ReportMetric(float64(total(parse))/float64(total(decode)), "ratio")
	b.ReportMetric(float64(decode[len(decode)*99/100].Nanoseconds())/1e3, "p99-us")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
}

func keepBest(best *time.Duration, read func()) {
	start := time.Now()
	read()
	if took := time.Since(start); *best == 0 || took < *best {
		*best = took
	}
}

func total(times []time.Duration) time.Duration {
	var sum time.Duration
	for _, t := range times {
		sum += t
	}
	return sum
}

// TestWorkGrowsWithSize holds Decode to work in proportion to what it reads: ten times the recipients, lines or parts allocate at most twelve times as much.
// Memory is counted instead of time, which depends on what else the machine does; the same loops do both.
func TestWorkGrowsWithSize(t *testing.T) {
	line := "  anna@libero.example: 550 5.1.1 user unknown, connection timed out with mx.libero.example [192.0.2.1]\n"
	group := "\nFinal-Recipient: rfc822; anna%d@libero.example\nAction: failed\nStatus: 4.4.1\nDiagnostic-Code: smtp; 450 4.4.1 connection timed out\n"
	head := "Return-Path: <>\nFrom: MAILER-DAEMON@studio.example\nSubject: Undelivered Mail\n"
	for name, mail := range map[string]func(n int) string{
		"lines": func(n int) string {
			return head + "\nYour message could not be delivered:\n\n" + strings.Repeat(line, n)
		},
		"html": func(n int) string {
			return head + "Content-Type: text/html\n\n<html><p>could not be delivered:</p>" + strings.Repeat("<p>"+line+"</p>", n)
		},
		"groups": func(n int) string {
			var b strings.Builder
			b.WriteString(head + "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; studio.example\n")
			for i := range n {
				fmt.Fprintf(&b, group, i)
			}
			return b.String() + "\n--b--\n"
		},
		"header": func(n int) string {
			return head + strings.Repeat("X-Field: some words of no weight\n", n) + "\nfailed\n"
		},
	} {
		t.Run(name, func(t *testing.T) {
			small, large := bytesFor(t, mail(30)), bytesFor(t, mail(300))
			if large > 12*small {
				t.Errorf("ten times as much takes %d bytes instead of %d, %.1f times as many", large, small, float64(large)/float64(small))
			}
		})
	}
}

// bytesFor gives how many bytes one Decode allocates.
func bytesFor(t *testing.T, mail string) int64 {
	t.Helper()
	const runs = 20
	_ = decodeOnly(strings.NewReader(mail)) // fills the pools
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		_ = decodeOnly(strings.NewReader(mail))
	}
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc-before.TotalAlloc) / runs
}
