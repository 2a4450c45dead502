package checklist

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

// Evidence is what a pack says beside the report.
type Evidence struct {
	From      []string          // what was read, for people
	Citations map[string]string // the catalogue's sources, by their keys
}

// packFile is a file of a pack.
type packFile struct {
	name  string
	write func(*bufio.Writer, Report, Options) error
}

// Pack writes a zip for a complaint: the list as a page and as a table, the messages that were lost and those that were late
// (never their text), what the provider said with its sources, and a list of SHA-256 sums that sha256sum -c checks. The same
// input gives the same bytes: files stand in one order, and their time is the report's.
func Pack(out io.Writer, r Report, o Options, e Evidence) error {
	o = o.filled(r)
	z := zip.NewWriter(out)
	var sums strings.Builder
	for _, f := range []packFile{
		{"README.txt", e.about},
		{"list.html", writeHTML},
		{"list.csv", writeCSV},
		{"lost.csv", only(lost)},
		{"late.csv", only(late)},
		{"statements.csv", e.statements},
	} {
		sum, err := add(z, f, r, o)
		if err != nil {
			return fmt.Errorf("packing %s: %w", f.name, err)
		}
		fmt.Fprintf(&sums, "%x  %s\n", sum, f.name)
	}
	manifest := packFile{"SHA256SUMS", func(out *bufio.Writer, _ Report, _ Options) error {
		_, err := out.WriteString(sums.String())
		return err
	}}
	if _, err := add(z, manifest, r, o); err != nil {
		return fmt.Errorf("packing %s: %w", manifest.name, err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("packing: %w", err)
	}
	return nil
}

// add writes one file and gives its sum.
func add(z *zip.Writer, f packFile, r Report, o Options) (sum []byte, err error) {
	file, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: r.At.UTC()})
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	buf := bufio.NewWriterSize(io.MultiWriter(file, h), 64<<10)
	if err := f.write(buf, r, o); err != nil {
		return nil, err
	}
	if err := buf.Flush(); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}

// only writes the table of some items.
func only(of func(*advice.Item) bool) func(*bufio.Writer, Report, Options) error {
	return func(out *bufio.Writer, r Report, o Options) error {
		some := r
		some.Items = nil
		for i := range r.Items {
			if of(&r.Items[i]) {
				some.Items = append(some.Items, r.Items[i])
			}
		}
		return writeCSV(out, some, o)
	}
}

// lost reports whether the outage made a message fail for good, whatever the person has done about it since.
func lost(item *advice.Item) bool {
	return item.Cause == advice.CauseOutage && (item.Verdict == advice.Resend || told(item, bounce.ActionFailed))
}

// late reports whether a message was put off, and is not lost as far as is known.
func late(item *advice.Item) bool {
	return !lost(item) && (item.Verdict == advice.Wait || told(item, bounce.ActionDelayed))
}

func told(item *advice.Item, action bounce.Action) bool {
	return slices.ContainsFunc(item.Bounces, func(b advice.Bounce) bool { return b.Action == action })
}

// about says what the pack is, when and from what it was made.
func (e Evidence) about(out *bufio.Writer, r Report, o Options) error {
	w := o.Words
	lines := []string{w.T("checklist.title", "Time", o.local(r.At)), ""}
	if r.Demo {
		lines = append(lines, w.T("checklist.demo"))
	}
	lines = append(lines, Headline(r, o), o.zoneNote(), "", w.T("checklist.pack.from"))
	for _, source := range e.From {
		lines = append(lines, "- "+plain(source, maxName))
	}
	lines = append(lines, "", w.T("checklist.pack.files"), "", w.N("checklist.made", len(r.Items), "Time", o.local(r.At)))
	var b bytes.Buffer
	for _, line := range lines {
		b.WriteString(line + "\r\n")
	}
	_, err := b.WriteTo(out)
	return err
}

// statements writes what providers said in the outages of the report, paraphrased, with where it stands.
func (e Evidence) statements(out *bufio.Writer, r Report, o Options) error {
	if _, err := out.WriteString(byteOrderMark); err != nil {
		return err
	}
	w := o.Words
	c := csv.NewWriter(out)
	c.UseCRLF = true
	row := func(cells ...string) {
		for i := range cells {
			cells[i] = disarm(cells[i])
		}
		_ = c.Write(cells) // the writer keeps its error: see below
	}
	row(w.T("checklist.col.outage"), w.T("checklist.col.when"), w.T("checklist.pack.statement"), w.T("checklist.pack.source"))
	for _, counted := range newPlaces(r).outages {
		for i := range counted.Outage.Statements {
			s := &counted.Outage.Statements[i]
			row(outageName(&counted.Outage, w), e.when(s.At, o), plain(s.Text.In(w.Lang()), maxText), e.cited(s.Sources))
		}
	}
	c.Flush()
	return c.Error()
}

func (e Evidence) when(b outage.Boundary, o Options) string {
	switch {
	case b.Open():
		return "?"
	case b.Precision == outage.Exact:
		return o.Words.Time(o.local(b.At))
	}
	return o.Words.T("checklist.about", "Time", o.local(b.At))
}

func (e Evidence) cited(keys []string) string {
	var list []string
	for _, key := range keys {
		text := e.Citations[key]
		if text == "" {
			text = key
		}
		list = append(list, plain(text, maxText))
	}
	return strings.Join(list, " | ")
}
