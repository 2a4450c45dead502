package checklist

import (
	"bufio"
	"encoding/csv"
	"strings"
	"time"
	"unicode"

	"rimbalzo/internal/advice"
)

// columns are the columns of the spreadsheet: a key of words for the heading, and the value.
var columns = []struct {
	title string
	value func(*advice.Item, Options) string
}{
	{"checklist.col.done", func(i *advice.Item, o Options) string {
		if o.ticked(i) {
			return o.Words.T("checklist.done")
		}
		return ""
	}},
	{"checklist.col.verdict", func(i *advice.Item, o Options) string { return Verdict(i, o.Words) }},
	{"checklist.col.when", When},
	{"checklist.col.recipient", func(i *advice.Item, _ Options) string { return plain(i.Recipient, maxName) }},
	{"checklist.col.subject", func(i *advice.Item, _ Options) string { return plain(i.Subject, maxSubject) }},
	{"checklist.col.sent", func(i *advice.Item, o Options) string { return sortable(o.local(i.SentAt.In(o.Zone))) }},
	{"checklist.col.outage", func(i *advice.Item, _ Options) string { return plain(i.Outage, maxSubject) }},
	{"checklist.col.phase", func(i *advice.Item, _ Options) string { return plain(i.Phase, maxSubject) }},
	{"checklist.col.cause", func(i *advice.Item, o Options) string { return named("cause.", string(i.Cause), o.Words) }},
	{"checklist.col.proof", func(i *advice.Item, o Options) string { return named("proof.", string(i.Proof), o.Words) }},
	{"checklist.col.confidence", func(i *advice.Item, o Options) string {
		return named("confidence.", string(i.Confidence), o.Words)
	}},
	{"checklist.col.why", func(i *advice.Item, o Options) string { return plain(strings.Join(Why(i, o), " "), maxText) }},
	{"checklist.col.words", func(i *advice.Item, _ Options) string { return serverWords(deciding(i)) }},
	{"checklist.col.messageid", func(i *advice.Item, _ Options) string { return plain(i.MessageID, maxName) }},
	{"checklist.col.note", func(i *advice.Item, o Options) string { return o.Ticks.Note(i) }},
}

// sortable gives a time in the form that spreadsheets of every language take for a time (ISO 8601 with a space).
func sortable(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04")
}

// byteOrderMark makes Excel and LibreOffice read the file as UTF-8.
const byteOrderMark = "\ufeff"

// writeCSV writes one line per item (RFC 4180), in the order to work through, formulas disarmed.
func writeCSV(out *bufio.Writer, r Report, o Options) error {
	if _, err := out.WriteString(byteOrderMark); err != nil {
		return err
	}
	c := csv.NewWriter(out)
	c.UseCRLF = true
	cells := make([]string, len(columns)+1)
	for i, col := range columns {
		cells[i] = disarm(o.Words.T(col.title))
	}
	// The last heading says of what the table is, over an empty column: a line of its own would be sorted in among the messages.
	last := len(columns)
	cells[last] = disarm(o.made(r))
	if err := c.Write(cells); err != nil {
		return err
	}
	cells[last] = ""
	for _, item := range Order(r) {
		for i, col := range columns {
			cells[i] = disarm(col.value(item, o))
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// disarm puts an apostrophe before what a spreadsheet would take for a formula, at the start and after each semicolon:
// where a comma is the decimal sign, as in Italy, Excel parts cells at semicolons.
// Source: https://owasp.org/www-community/attacks/CSV_Injection
func disarm(s string) string {
	if !strings.ContainsFunc(s, startsFormula) {
		return s
	}
	parts := strings.Split(s, ";")
	for i, part := range parts {
		inner := strings.TrimLeftFunc(part, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.Is(unicode.Quotation_Mark, r) || r == '`'
		})
		if first := strings.IndexFunc(inner, startsFormula); first == 0 {
			parts[i] = "'" + part
		}
	}
	return strings.Join(parts, ";")
}

// startsFormula reports whether a cell that starts with r may be taken for a formula, in its full-width and small forms
// too, which East Asian spreadsheets treat alike.
func startsFormula(r rune) bool {
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−", r)
}
