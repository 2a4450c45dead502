package checklist

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Draft is a copy of a message for the bundle of all that is to be sent again.
type Draft struct {
	Name    string   // of its file; a name that is taken gets a number
	To      []string // whom it is for
	Subject string
	Notes   []string // what it is made from and what is missing, in words
	File    io.WriterTo
}

// writeBundle writes a zip with a draft for each message that is to be sent again, and a text that says which is for whom.
func writeBundle(out *bufio.Writer, r Report, o Options) error {
	w := o.Words
	z := zip.NewWriter(out)
	lines := []string{w.T("checklist.title", "Time", o.local(r.At)), ""}
	if r.Demo {
		lines = append(lines, w.T("checklist.demo"), "")
	}
	lines = append(lines, w.T("checklist.bundle.how"), "")
	used := map[string]bool{}
	err := o.Drafts(func(d Draft) error {
		name := freeName(used, d.Name)
		file, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: r.At.UTC()})
		if err == nil {
			_, err = d.File.WriteTo(file)
		}
		if err != nil {
			return fmt.Errorf("bundling %s: %w", name, err)
		}
		lines = append(lines, name, "  "+plain(strings.Join(d.To, ", "), maxText), "  "+plain(d.Subject, maxSubject))
		for _, note := range d.Notes {
			lines = append(lines, "  "+plain(note, maxText))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(used) == 0 {
		lines = append(lines, w.T("checklist.bundle.none"))
	}
	text := packFile{"README.txt", func(out *bufio.Writer, _ Report, _ Options) error {
		return writeLines(out, append(lines, "", o.made(r)))
	}}
	if _, err := add(z, text, r, o); err != nil {
		return fmt.Errorf("bundling %s: %w", text.name, err)
	}
	return z.Close()
}

// freeName gives a name that no file has yet and that every system takes: letters without marks, digits, hyphens.
func freeName(used map[string]bool, name string) string {
	base := strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", r) {
			return r
		}
		return -1
	}, strings.TrimSuffix(name, ".eml"))
	base = base[:min(len(base), 100)]
	for n := 1; ; n++ {
		free := base + ".eml"
		if n > 1 || base == "" {
			free = fmt.Sprintf("%s-%d.eml", base, n)
		}
		if key := strings.ToLower(free); !used[key] {
			used[key] = true
			return free
		}
	}
}
