package checklist

import (
	"bufio"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rimbalzo/internal/advice"
)

// The calendar is written by hand: a to-do has ten properties, all of them text or time, and what a library adds (a stamp of the
// moment of writing, ids by chance) would make the same report give other bytes each time.

// icsTime is a time in UTC (RFC 5545 section 3.3.5, form 2).
const icsTime = "20060102T150405Z"

// icsLine is how long a line may be, in octets without its end (RFC 5545 section 3.1).
const icsLine = 75

// writeICS writes a calendar of tasks (RFC 5545, VTODO), in the order to work through: what is to be done or waited for, and
// what was and is dealt with now, so that a second import completes the tasks of the first. Nobody is named as an attendee: no
// program sends an invitation because of it.
func writeICS(out *bufio.Writer, r Report, o Options) error {
	c := icsWriter{out: out, o: o, stamp: r.At.UTC().Format(icsTime), used: map[string]int{}}
	w := o.Words
	c.made = o.made(r)
	if r.Demo {
		c.made = w.T("checklist.demo") + " " + c.made
	}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Rimbalzo//Rimbalzo//"+strings.ToUpper(w.Lang()))
	c.text("X-WR-CALNAME", w.T("checklist.title", "Time", o.local(r.At)))
	c.text("X-WR-CALDESC", c.made)
	for _, item := range Order(r) {
		if o.isTask(item) {
			c.todo(item)
		}
		if c.err != nil {
			return c.err
		}
	}
	c.line("END", "VCALENDAR")
	return c.err
}

// isTask reports whether an item asks, or may have asked in an earlier report, for something of the person.
func (o Options) isTask(item *advice.Item) bool {
	return stepOf(item) <= stepWait || o.ticked(item) || len(item.Bounces) > 0
}

// icsWriter writes lines and keeps the first error.
type icsWriter struct {
	out         *bufio.Writer
	o           Options
	stamp, made string
	used        map[string]int // how often each id was given: messages without an id may be alike in all that names them
	err         error
}

func (c *icsWriter) todo(item *advice.Item) {
	w := c.o.Words
	c.line("BEGIN", "VTODO")
	c.line("UID", c.uid(item))
	c.line("DTSTAMP", c.stamp)
	c.text("SUMMARY", w.T("checklist.task", "Verdict", Verdict(item, w), "Recipient", recipient(item, w), "Subject", subject(item, w)))
	c.text("DESCRIPTION", strings.Join(c.description(item), "\n"))
	c.line("CLASS", "PRIVATE")
	if due := due(item); !due.IsZero() {
		c.line("DUE", due.UTC().Format(icsTime))
	}
	switch {
	case stepOf(item) == stepNow:
		c.line("PRIORITY", "1")
	case stepOf(item).todo():
		c.line("PRIORITY", "5")
	}
	if c.o.ticked(item) || stepOf(item) > stepWait {
		c.line("STATUS", "COMPLETED")
		c.line("PERCENT-COMPLETE", "100")
	} else {
		c.line("STATUS", "NEEDS-ACTION")
	}
	c.line("END", "VTODO")
}

// uid names a task for good, so that importing a later calendar changes it instead of adding another.
func (c *icsWriter) uid(item *advice.Item) string {
	key := strings.TrimPrefix(Key(item), "~")
	c.used[key]++
	if n := c.used[key]; n > 1 {
		key += "-" + strconv.Itoa(n)
	}
	return key + "@rimbalzo.invalid"
}

// due is when a person should turn to an item: when it may be sent again, or when waiting is over; zero where nobody knows.
func due(item *advice.Item) time.Time {
	switch stepOf(item) {
	case stepAt:
		return item.ResendAfter
	case stepWait:
		return item.WaitUntil
	}
	return time.Time{}
}

func (c *icsWriter) description(item *advice.Item) []string {
	var lines []string
	put := func(s string) {
		if s != "" {
			lines = append(lines, s)
		}
	}
	put(c.o.note(item))
	put(opening(detail(item, c.o)))
	if sent := c.o.stamp(item.SentAt); sent != "" {
		put(c.o.Words.T("checklist.sent", "Time", sent))
	}
	for _, why := range Why(item, c.o) {
		put(why)
	}
	if said := serverWords(deciding(item)); said != "" {
		put(c.o.Words.T("checklist.words") + " " + said)
	}
	put(c.made)
	return lines
}

// icsEscape escapes what has a meaning in a text (RFC 5545 section 3.3.11); a carriage return has none and no place.
var icsEscape = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "")

func (c *icsWriter) text(name, value string) { c.line(name, icsEscape.Replace(value)) }

// line writes a property, folded: no line is longer than 75 octets, and none is parted inside a character.
func (c *icsWriter) line(name, value string) {
	rest := name + ":" + value
	room := icsLine
	for len(rest) > room {
		n := room
		for n > 0 && !utf8.RuneStart(rest[n]) {
			n--
		}
		c.raw(rest[:n] + "\r\n ")
		rest, room = rest[n:], icsLine-1 // the space of a folded line counts
	}
	c.raw(rest + "\r\n")
}

func (c *icsWriter) raw(s string) {
	if c.err == nil {
		_, c.err = c.out.WriteString(s)
	}
}
