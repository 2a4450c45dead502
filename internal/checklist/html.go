package checklist

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"iter"
	"strings"
	"sync"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/words"
)

//go:embed page.html
var pageSource string

//go:embed page.css
var pageStyle string

// page is the parsed template. Its policy allows its own style sheet by digest (CSP Level 3 section 2.3.1) and nothing
// else: no script, picture, font, frame or form, whatever a message brings.
var page = sync.OnceValues(func() (*template.Template, error) {
	digest := sha256.Sum256([]byte(pageStyle))
	source := strings.Replace(pageSource, "STYLE-HASH", "sha256-"+base64.StdEncoding.EncodeToString(digest[:]), 1)
	return template.New("page").Parse(source)
})

// writeHTML writes one page without script or anything from elsewhere, to be read, printed and ticked with a pen.
func writeHTML(out *bufio.Writer, r Report, o Options) error {
	t, err := page()
	if err != nil {
		return err
	}
	h := htmlWriter{out: out, page: t, o: o}
	h.put("head", h.head(r))
	for _, c := range newPlaces(r).outages {
		h.put("outage", h.outage(r, c))
	}
	h.items(r)
	h.notes("checklist.notyours", r.NotYours)
	h.notes("checklist.unreadable", r.Unreadable)
	h.put("foot", map[string]any{"Made": o.made(r), "Demo": demo(r, o.Words)})
	return h.err
}

func demo(r Report, w *words.Words) string {
	if r.Demo {
		return w.T("checklist.demo")
	}
	return ""
}

// htmlWriter writes the page piece by piece and keeps the first error.
type htmlWriter struct {
	out  io.Writer
	page *template.Template
	o    Options
	err  error
}

func (h *htmlWriter) put(name string, data any) {
	if h.err == nil {
		h.err = h.page.ExecuteTemplate(h.out, name, data)
	}
}

type htmlHead struct {
	Lang, Title, Demo, Headline, First, Found, Zone, Pen string
	Queues                                               []string
	Style                                                template.CSS
}

func (h *htmlWriter) head(r Report) htmlHead {
	w := h.o.Words
	head := htmlHead{
		Lang: w.Lang(), Title: w.T("checklist.title", "Time", h.o.local(r.At)), Demo: demo(r, w),
		Headline: Headline(r, h.o), First: FirstStep(r, h.o), Found: foundNote(r, h.o), Queues: queueNotes(r, h.o), Zone: h.o.zoneNote(),
		Style: template.CSS(pageStyle), // our own file, embedded
	}
	if len(r.Items) > 0 {
		head.Pen = w.T("checklist.pen")
	}
	return head
}

type htmlColumns struct{ Done, Verdict, Message, Why, Phase, Span, Bounces, Messages string }

func columnNames(w *words.Words) htmlColumns {
	return htmlColumns{
		Done: w.T("checklist.col.done"), Verdict: w.T("checklist.col.verdict"), Message: w.T("checklist.col.message"),
		Why: w.T("checklist.col.why"), Phase: w.T("checklist.col.phase"), Span: w.T("checklist.col.span"),
		Bounces: w.T("checklist.col.bounces"), Messages: w.T("checklist.col.messages"),
	}
}

type htmlOutage struct {
	Name    string
	Axis    *axis
	Columns htmlColumns
	Phases  []htmlPhase
}

type htmlPhase struct {
	Number                         int
	Title, Span, Bounces, Messages string
}

func (h *htmlWriter) outage(r Report, c *OutageCount) htmlOutage {
	w := h.o.Words
	out := htmlOutage{Name: outageName(&c.Outage, w), Axis: newAxis(r, h.o, &c.Outage), Columns: columnNames(w)}
	for i := range c.Outage.Phases {
		p, n := &c.Outage.Phases[i], c.count(i)
		out.Phases = append(out.Phases, htmlPhase{
			Number: i + 1, Title: phaseTitle(p, p.ID, w), Span: h.o.span(p),
			Bounces: w.Number(n.Bounces), Messages: w.Number(n.Messages),
		})
	}
	return out
}

type htmlItem struct {
	Done                                 bool
	Box, Recipient, Subject, Sent, Phase string
	Verdict, When, Sure, Words, WordsBy  string
	Note                                 string
	Why                                  []string
}

func (h *htmlWriter) items(r Report) {
	count := Count(r.Items)
	w := h.o.Words
	places := newPlaces(r)
	var last advice.Verdict
	open := false
	for _, item := range Order(r) {
		if !open || item.Verdict != last {
			if open {
				h.put("endverdict", nil)
			}
			open, last = true, item.Verdict
			h.put("verdict", map[string]any{
				"Title": verdict(last, w), "What": meaning(last, w),
				"Count": w.Number(count[last]), "Columns": columnNames(w),
			})
		}
		h.put("item", h.item(item, places.group(places.of(item)).Title(w)))
		if h.err != nil {
			return
		}
	}
	if open {
		h.put("endverdict", nil)
	}
}

func (h *htmlWriter) item(item *advice.Item, phase string) htmlItem {
	w := h.o.Words
	view := htmlItem{
		Done: h.o.ticked(item), Recipient: recipient(item, w), Subject: subject(item, w), Phase: phase,
		Verdict: Verdict(item, w), When: detail(item, h.o), Sure: named("confidence.", string(item.Confidence), w),
		Why: Why(item, h.o), Note: h.o.note(item),
	}
	switch {
	case view.Done:
		view.Box = w.T("checklist.done")
	case stepOf(item).todo():
		view.Box = w.T("checklist.notdone")
	}
	if sent := h.o.stamp(item.SentAt); sent != "" {
		view.Sent = w.T("checklist.sent", "Time", sent)
	}
	if b := deciding(item); b != nil {
		view.Words, view.WordsBy = serverWords(b), w.T("checklist.words")
	}
	return view
}

type htmlNote struct{ Source, Why string }

func (h *htmlWriter) notes(id string, notes []advice.Note) {
	if len(notes) == 0 {
		return
	}
	var each iter.Seq[htmlNote] = func(yield func(htmlNote) bool) {
		for _, n := range notes {
			if !yield(htmlNote{Source: Place(n.Source, h.o.Words), Why: NoteText(n, h.o)}) {
				return
			}
		}
	}
	h.put("notes", map[string]any{"Title": h.o.Words.N(id, len(notes)), "Notes": each})
}
