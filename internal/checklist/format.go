package checklist

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"

	"rimbalzo/internal/words"
)

// Format is a form in which the list leaves the program.
type Format string

// The forms: a table for the terminal, the contract's JSON, a spreadsheet, a task list, a page to print, tasks for a calendar; and as zip
// files what is needed to send all again, and what a complaint needs.
const (
	Text     Format = "text"
	JSON     Format = "json"
	CSV      Format = "csv"
	Markdown Format = "md"
	HTML     Format = "html"
	ICS      Format = "ics"
	EML      Format = "eml"
	Evident  Format = "pack"
)

// Form is a form as it is offered.
type Form struct {
	Format Format
	Ending string // of a file's name
	Binary bool   // nothing for a terminal
}

// Forms are all the forms, in the order in which they are offered: first what most people can open. Their names are the sentences
// "checklist.form." + Format.
var Forms = []Form{
	{HTML, ".html", false}, {CSV, ".csv", false}, {ICS, ".ics", false}, {EML, ".zip", true}, {Evident, ".zip", true}, {Markdown, ".md", false}, {Text, ".txt", false}, {JSON, ".json", false},
}

// Formats are the forms that are a text.
var Formats = []Format{Text, JSON, CSV, Markdown, HTML, ICS}

// FormName says what a form is.
func FormName(f Format, w *words.Words) string { return w.T("checklist.form." + string(f)) }

// ErrFormat means that a form is none of [Formats].
var ErrFormat = errors.New("unknown format")

// Options say how a list is worded. The zero value speaks English, shows no ticks and times in the report's own zone.
type Options struct {
	Words *words.Words   // nil for English
	Ticks *Ticks         // nil for none
	Zone  *time.Location // in which times are shown; nil for that of Report.At. JSON keeps each time's own offset
	Width int            // columns of the text form, 0 for 100; kept between 80 and 200
	// Evidence is what the watcher saw, for the pack.
	Evidence Evidence
	// Drafts hands the copies of what is to be sent again to visit, one after the other, for the form of that; its errors are the
	// writing's. Without it that form cannot be written.
	Drafts func(visit func(Draft) error) error
}

// Bounds of the text form's width, in columns. 100 fits an A4 page in a small type and most terminals.
const (
	defaultWidth = 100
	minWidth     = 80
	maxWidth     = 200
)

func (o Options) filled(r Report) Options {
	o = o.worded()
	if o.Zone == nil {
		o.Zone = r.At.Location()
	}
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	o.Width = min(max(o.Width, minWidth), maxWidth)
	return o
}

func (o Options) worded() Options {
	if o.Words == nil {
		o.Words = words.New("en")
	}
	return o
}

// Write writes r to out in a form; every form says of when it is and from what it was made. It holds no more in memory than an order of
// the items and one of them, and fails only as out or the drafts do, or with [ErrFormat]. The same input gives the same bytes.
func Write(out io.Writer, format Format, r Report, o Options) error {
	write := map[Format]func(*bufio.Writer, Report, Options) error{
		Text: writeText, JSON: writeJSON, CSV: writeCSV, Markdown: writeMarkdown, HTML: writeHTML, ICS: writeICS, Evident: writePack,
	}[format]
	if format == EML && o.Drafts != nil {
		write = writeBundle
	}
	if write == nil {
		return fmt.Errorf("writing the checklist as %q: %w", format, ErrFormat)
	}
	r.At = r.At.Truncate(time.Second) // no form tells more, and none may depend on more
	buf := bufio.NewWriterSize(out, 64<<10)
	err := write(buf, r, o.filled(r))
	if err == nil {
		err = buf.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing the checklist as %s: %w", format, err)
	}
	return nil
}
