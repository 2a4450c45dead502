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

// The forms: a table for the terminal, the contract's JSON, a spreadsheet, a task list, a page to print, tasks for a calendar.
const (
	Text     Format = "text"
	JSON     Format = "json"
	CSV      Format = "csv"
	Markdown Format = "md"
	HTML     Format = "html"
	ICS      Format = "ics"
)

// Formats are all the forms, in the order in which they are offered.
var Formats = []Format{Text, JSON, CSV, Markdown, HTML, ICS}

// ErrFormat means that a form is none of [Formats].
var ErrFormat = errors.New("unknown format")

// Options say how a list is worded. The zero value speaks English, shows no ticks and times in the report's own zone.
type Options struct {
	Words *words.Words   // nil for English
	Ticks *Ticks         // nil for none
	Zone  *time.Location // in which times are shown; nil for that of Report.At. JSON keeps each time's own offset
	Width int            // columns of the text form, 0 for 100; kept between 80 and 200
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

// Write writes r to out in a form. It holds no more in memory than an order of the items and one of them, and fails
// only as out does, or with [ErrFormat].
func Write(out io.Writer, format Format, r Report, o Options) error {
	write := map[Format]func(*bufio.Writer, Report, Options) error{
		Text: writeText, JSON: writeJSON, CSV: writeCSV, Markdown: writeMarkdown, HTML: writeHTML, ICS: writeICS,
	}[format]
	if write == nil {
		return fmt.Errorf("writing the checklist as %q: %w", format, ErrFormat)
	}
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
