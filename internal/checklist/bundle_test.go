package checklist

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// unzipped gives a zip's files in their order, as "name\ntext".
func unzipped(t testing.TB, data []byte) (names []string, texts map[string]string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	texts = map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
		texts[f.Name] = string(text)
	}
	return names, texts
}

// drafting hands out drafts of these names, subjects and recipients.
func drafting(o Options, words ...string) Options {
	o.Drafts = func(visit func(Draft) error) error {
		for _, s := range words {
			if err := visit(Draft{Name: s, To: []string{s}, Subject: s, Notes: []string{s}, File: strings.NewReader("X-Unsent: 1\r\n\r\n")}); err != nil {
				return err
			}
		}
		return nil
	}
	return o
}

// TestBundle: every draft is a file of its own with a name that any system takes, and the text says which is for whom.
func TestBundle(t *testing.T) {
	o := drafting(italian(t), "rispedire-0a-1.eml", "rispedire-0a-1.eml", "RISPEDIRE-0A-1.eml")
	first := written(t, EML, full(t), o)
	names, texts := unzipped(t, first)
	if want := "rispedire-0a-1.eml rispedire-0a-1-2.eml RISPEDIRE-0A-1-3.eml README.txt"; strings.Join(names, " ") != want {
		t.Errorf("%q, want %q", names, want)
	}
	for _, says := range []string{"27 gennaio 2023", "inbox.mbox", "rispedire-0a-1-2.eml", "Rimbalzo non spedisce nulla"} {
		if !strings.Contains(texts["README.txt"], says) {
			t.Errorf("%q is not in %s", says, texts["README.txt"])
		}
	}
	if !bytes.Equal(first, written(t, EML, full(t), o)) {
		t.Error("the same drafts give other bytes")
	}
	lines := strings.Count(texts["README.txt"], "\n")
	for _, s := range hostileStrings(t) {
		names, texts := unzipped(t, written(t, EML, full(t), drafting(italian(t), s+"z", s+"z", s+"z")))
		visible(t, []byte(texts["README.txt"]))
		if n := strings.Count(texts["README.txt"], "\n"); n != lines {
			t.Errorf("%d lines, want %d, with %.100q", n, lines, s)
		}
		for _, name := range names {
			if len(name) > 110 || strings.Trim(strings.TrimSuffix(strings.TrimSuffix(name, ".eml"), ".txt"), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
				t.Errorf("a file is named %q", name)
			}
		}
	}
	if err := Write(io.Discard, EML, full(t), italian(t)); !errors.Is(err, ErrFormat) {
		t.Errorf("without drafts: %v", err)
	}
	if _, texts := unzipped(t, written(t, EML, full(t), drafting(italian(t)))); !strings.Contains(texts["README.txt"], "niente da rispedire") {
		t.Errorf("of nothing: %s", texts["README.txt"])
	}
}
