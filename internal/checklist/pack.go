package checklist

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
)

// Evidence is what the watcher saw, for a complaint.
type Evidence struct {
	Checks    []Checks   // in the order of time
	Incidents []Incident // likewise
}

// Checks are those of one endpoint in one hour. What taught nothing about the provider is not among them.
type Checks struct {
	Hour                          time.Time // its beginning
	Provider, Endpoint            string
	Passed, Busy, Refused, Failed int
	Took                          time.Duration // of those that passed, together
}

// Incident is a time in which the watcher took a provider to be down.
type Incident struct {
	Provider   string
	Begin, End time.Time // End is zero where it lasts
	Endpoints  []string
	Endings    map[string]int // how looks ended, by the ids of internal/probe, and how often
	Passed     int            // looks that passed meanwhile
	Outage     string         // id of the catalogued outage that covers it, "" for none
}

// packFile is a file of a pack.
type packFile struct {
	name  string
	write func(*bufio.Writer, Report, Options) error
}

// writePack writes a zip for a complaint: the list as a page and as a table, the messages that were lost and those that were late
// (never their text), what the watcher saw, what the provider said with its sources, and a list of SHA-256 sums that
// sha256sum -c checks. The same input gives the same bytes: files stand in one order, and their time is the report's. The person's
// notes are none of others' business and stay out.
func writePack(out *bufio.Writer, r Report, o Options) error {
	o.Ticks = nil
	z := zip.NewWriter(out)
	var sums strings.Builder
	for _, f := range []packFile{
		{"README.txt", about},
		{"list.html", writeHTML},
		{"list.csv", writeCSV},
		{"lost.csv", only(lost)},
		{"late.csv", only(late)},
		{"checks.csv", checks},
		{"incidents.csv", incidents},
		{"statements.csv", statements},
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
func about(out *bufio.Writer, r Report, o Options) error {
	w := o.Words
	lines := []string{w.T("checklist.title", "Time", o.local(r.At)), ""}
	if r.Demo {
		lines = append(lines, w.T("checklist.demo"))
	}
	lines = append(lines, Headline(r, o), o.zoneNote(), "", w.T("checklist.pack.from"))
	for _, source := range r.From {
		lines = append(lines, "- "+plain(source, maxName))
	}
	return writeLines(out, append(lines, "", w.T("checklist.pack.files"), "", w.N("checklist.made", len(r.Items), "Time", o.local(r.At))))
}

func writeLines(out *bufio.Writer, lines []string) error {
	for _, line := range lines {
		if _, err := out.WriteString(line + "\r\n"); err != nil {
			return err
		}
	}
	return nil
}
