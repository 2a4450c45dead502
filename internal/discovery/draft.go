package discovery

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// Draft writes found outages as a catalogue file (TOML 1.0), to be looked at, edited, kept and sent to a friend:
// outage.Parse reads it without a problem. w says how the comments are worded; the entries themselves hold both languages.
func Draft(found []outage.Outage, w *words.Words) []byte {
	c := Catalogue(found)
	var d draft
	d.comment(w.T("discovery.draft"))
	d.line("[sources]")
	for _, key := range slices.Sorted(maps.Keys(c.Sources)) {
		d.line("%s = %s", quoted(key), quoted(c.Sources[key]))
	}
	for i := range c.Outages {
		d.outage(&c.Outages[i])
	}
	return []byte(d.String())
}

// draft is a file being written.
type draft struct{ strings.Builder }

func (d *draft) line(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

// commentWidth is about how many letters a line of a comment has.
const commentWidth = 110

// comment writes text as comment lines, cut at blanks.
func (d *draft) comment(text string) {
	line := "#"
	for _, word := range strings.Fields(text) {
		if len(line)+len(word) > commentWidth {
			d.line("%s", line)
			line = "#"
		}
		line += " " + word
	}
	d.line("%s\n", line)
}

func (d *draft) outage(o *outage.Outage) {
	d.line("\n[[outage]]")
	d.line("id = %s", quoted(o.ID))
	if o.Operator != "" {
		d.line("operator = %s", quoted(o.Operator))
	}
	d.text("name", o.Name)
	d.line("zone = %s", quoted(o.Zone))
	d.list("domains", o.Domains)
	d.list("sources", o.Sources)
	d.boundary("start", o.Start)
	d.boundary("end", o.End)
	for i := range o.Phases {
		d.phase(&o.Phases[i])
	}
	for i := range o.Access {
		d.access(&o.Access[i])
	}
}

func (d *draft) access(a *outage.Access) {
	d.line("\n[[outage.access]]")
	d.line("channel = %s", quoted(a.Channel))
	d.line("state = %s", quoted(a.State))
	d.list("sources", a.Sources)
	d.boundary("from", a.From)
	d.boundary("to", a.To)
}

func (d *draft) phase(p *outage.Phase) {
	d.line("\n[[outage.phase]]")
	d.line("id = %s", quoted(p.ID))
	d.text("title", p.Title)
	d.line("behaviour = %s", quoted(string(p.Behaviour)))
	d.line("bounce_by = %s", quoted(p.BounceBy))
	d.list("fate", p.Fate)
	d.line("confidence = %s", quoted(p.Confidence))
	d.line("basis = %s", quoted(p.Basis))
	d.list("sources", p.Sources)
	for i, r := range p.Replies {
		if i == 0 {
			d.WriteString("replies = [")
		} else {
			d.WriteString(", ")
		}
		fmt.Fprintf(d, "{ code = %d }", r.Code)
	}
	if len(p.Replies) > 0 {
		d.line("]")
	}
	d.boundary("from", p.From)
	d.boundary("to", p.To)
	if p.Hold.Known {
		d.line("hold.until = %s", p.Hold.Until.Format(time.RFC3339))
		d.list("hold.sources", p.Hold.Sources)
	}
	d.text("for_sender", p.ForSender)
	d.text("note", p.Note)
}

func (d *draft) text(key string, t outage.Text) {
	if t != (outage.Text{}) {
		d.line("%s = { it = %s, en = %s }", key, quoted(t.It), quoted(t.En))
	}
}

func (d *draft) list(key string, list []string) {
	marks := make([]string, len(list))
	for i, s := range list {
		marks[i] = quoted(s)
	}
	d.line("%s = [%s]", key, strings.Join(marks, ", "))
}

// boundary leaves out an open one: a phase without an end lasts until the next begins, or nobody knows how long.
func (d *draft) boundary(key string, b outage.Boundary) {
	if b.Open() {
		return
	}
	d.line("%s.at = %s", key, b.At.Format(time.RFC3339))
	d.line("%s.precision = %s", key, quoted(string(b.Precision)))
	d.line("%s.earliest = %s", key, b.Earliest.Format(time.RFC3339))
	d.line("%s.latest = %s", key, b.Latest.Format(time.RFC3339))
	d.list(key+".sources", b.Sources)
}

// quoted is a basic string of TOML; control characters, which the catalogue does not take, become blanks.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || (r >= 0x7f && r < 0xa0):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
