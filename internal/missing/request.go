package missing

import (
	"strings"
	"time"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// Request is a ready text for one correspondent, asking to send again or to be put on a list again.
type Request struct {
	To       string // bare address
	Findings []int  // of Result.Findings
	Subject  string
	Text     string // plain text, lines ended with "\n", made harmless
}

// maxAsked is how many lines one text lists: more would not be looked up.
const maxAsked = 20

// Requests gives one text per correspondent, outage and mailbox, in the words' language and the zone's days. Machines that
// nobody answers at get none.
func Requests(r Result, w *words.Words, zone *time.Location) []Request {
	type key struct {
		who, mailbox, outage string
		list                 bool
	}
	groups := map[key][]int{}
	var keys []key
	for i := range r.Findings {
		f := &r.Findings[i]
		if len(f.Who) == 0 || automatic(f.Who[0]) {
			continue
		}
		k := key{f.Who[0], f.Mailbox, f.Outage, f.Kind == StruckOff}
		if groups[k] == nil {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], i)
	}
	var list []Request
	for _, k := range keys {
		o := outageOf(r, k.outage)
		if o == nil {
			continue
		}
		t := letterText{words: w, zone: zone}
		list = append(list, Request{To: k.who, Findings: groups[k], Subject: t.subject(len(groups[k]), k.list), Text: t.text(r, groups[k], o)})
	}
	return list
}

func outageOf(r Result, id string) *outage.Outage {
	for _, o := range r.Outages {
		if o.ID == id {
			return o
		}
	}
	return nil
}

// letterText words a request.
type letterText struct {
	words *words.Words
	zone  *time.Location
}

func (t letterText) subject(n int, list bool) string {
	if list {
		return t.words.T("missing.request.subject.list")
	}
	return t.words.N("missing.request.subject", n)
}

func (t letterText) text(r Result, which []int, o *outage.Outage) string {
	w := t.words
	first := &r.Findings[which[0]]
	from, to := t.days(r, o)
	lines := []string{w.T("missing.request.hello"), ""}
	if first.Mailbox != "" {
		lines = append(lines, w.T("missing.request.mailbox", "From", from, "To", to, "Mailbox", harmless(first.Mailbox)))
	} else {
		lines = append(lines, w.T("missing.request.writer", "From", from, "To", to, "Domain", harmless(domainOf(first.Who[0]))))
	}
	if first.Kind == StruckOff {
		lines = append(lines, w.T("missing.request.list", "List", harmless(first.title())))
		return strings.Join(lines, "\n") + "\n"
	}
	lines = append(lines, w.N("missing.request.missing", len(which)))
	lines = append(lines, t.items(r, which)...)
	lines = append(lines, w.N("missing.request.again", len(which)))
	return strings.Join(lines, "\n") + "\n"
}

// items lists what is missing; messages of one conversation and of the same days share a line.
func (t letterText) items(r Result, which []int) []string {
	type item struct {
		kind          Kind
		subject, when string
	}
	count := map[item]int{}
	var order []item
	for _, i := range which {
		f := &r.Findings[i]
		it := item{f.Kind, harmless(f.Subject), t.when(f)}
		if it.kind == Gap {
			it.subject = ""
		}
		if count[it]++; count[it] == 1 {
			order = append(order, it)
		}
	}
	var lines []string
	for _, it := range order[:min(len(order), maxAsked)] {
		switch {
		case it.kind == Gap:
			lines = append(lines, t.words.T("missing.request.gap", "When", it.when))
		case it.subject == "":
			lines = append(lines, t.words.N("missing.request.named.plain", count[it], "When", it.when))
		default:
			lines = append(lines, t.words.N("missing.request.named", count[it], "Subject", it.subject, "When", it.when))
		}
	}
	return lines
}

// days are the first and the last day of an outage.
func (t letterText) days(r Result, o *outage.Outage) (from, to string) {
	w, _ := windowOf(o, r.At)
	return t.words.Day(t.local(w.from.Add(slackBefore))), t.words.Day(t.local(w.back))
}

// When says on which days what a finding is about was written, as far as known: in the language of w, on the days of zone.
func (f *Finding) When(w *words.Words, zone *time.Location) string {
	return letterText{words: w, zone: zone}.when(f)
}

// Title is what a finding is called: a list's id, or whom to ask.
func (f *Finding) Title() string {
	if f.Kind == Named {
		return harmless(f.Who[0])
	}
	return harmless(f.title())
}

// when says on which days something was written, as far as known.
func (t letterText) when(f *Finding) string {
	from, to := t.words.Day(t.local(f.From)), t.words.Day(t.local(f.To))
	switch {
	case f.To.IsZero():
		return t.words.T("missing.when.since", "Day", from)
	case f.From.IsZero():
		return t.words.T("missing.when.before", "Day", to)
	case from == to:
		return t.words.T("missing.when.about", "Day", to)
	}
	return t.words.T("missing.when.between", "From", from, "To", to)
}

func (t letterText) local(at time.Time) time.Time {
	if at.IsZero() || t.zone == nil {
		return at
	}
	return at.In(t.zone)
}

// title is what a finding is called: a list's id, or the subject.
func (f *Finding) title() string {
	if f.List != "" {
		return f.List
	}
	return f.Who[0]
}

func harmless(s string) string { return checklist.Plain(s, maxSubject) }
