package bounce

import (
	"bytes"
	"io"
	"testing"

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
	mails := sampleMails(b)
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
