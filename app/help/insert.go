package help

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/words"
)

// inserts words what the program's data knows.
type inserts struct {
	words     *words.Words
	zone      *time.Location
	catalogue *outage.Catalogue
}

// of gives the blocks that stand in the place of an insert; one that nobody knows gives nothing, and a test finds it.
func (in inserts) of(name string) []Block {
	switch name {
	case "providers":
		return in.providers()
	case "verdicts":
		return in.verdicts()
	case "outages":
		return in.outages()
	}
	return nil
}

// maxSaid is the longest single text that is taken from a catalogue, in characters: people write their own.
const maxSaid = 2000

func (in inserts) block(kind Kind, text string) Block {
	return Block{kind, checklist.Plain(text, maxSaid)}
}

// providers gives of each provider how people get in, and what its customers need to know.
func (in inserts) providers() (blocks []Block) {
	for _, p := range provider.Builtin().Presets() {
		blocks = append(blocks, in.block(Heading, p.Name))
		if len(p.Domains) > 0 {
			blocks = append(blocks, in.block(Paragraph, in.words.T("help.provider.domains", "List", "@"+strings.Join(p.Domains, ", @"))))
		}
		notes := p.NotesEn
		if in.words.Lang() == "it" {
			notes = p.NotesIt
		}
		for _, n := range notes {
			blocks = append(blocks, in.block(Item, n))
		}
		if p.IMAP != nil {
			blocks = append(blocks, in.block(Item, in.words.T("help.provider.server", "Host", p.IMAP.Host, "Port", p.IMAP.Port)))
		}
	}
	return blocks
}

// shown are the verdicts in the order of what there is to do.
var shown = []advice.Verdict{advice.Resend, advice.Wait, advice.Check, advice.Fix, advice.Delivered, advice.Resent}

func (in inserts) verdicts() (blocks []Block) {
	for _, v := range shown {
		id := "verdict." + string(v)
		blocks = append(blocks, in.block(Heading, in.words.T(id)), in.block(Paragraph, in.words.T(id+".what")), in.block(Paragraph, in.words.T("help."+id)))
	}
	return blocks
}

// outages tells of each outage of the catalogue what happened, phase by phase, with the sources.
func (in inserts) outages() (blocks []Block) {
	if in.catalogue == nil {
		return nil
	}
	for i := range in.catalogue.Outages {
		t := &telling{inserts: in, cited: map[string]int{}}
		t.outage(&in.catalogue.Outages[i])
		blocks = append(blocks, t.blocks...)
	}
	return blocks
}

// telling is one outage being told; sources are numbered as they come and stand at its end.
type telling struct {
	inserts
	blocks []Block
	cited  map[string]int
	order  []string
}

func (t *telling) add(kind Kind, text string) {
	if text != "" {
		t.blocks = append(t.blocks, t.block(kind, text))
	}
}

func (t *telling) outage(o *outage.Outage) {
	w, lang := t.words, t.words.Lang()
	t.add(Heading, o.Name.In(lang))
	t.add(Paragraph, t.span(o.Start, o.End))
	if len(o.Domains) > 0 {
		t.add(Paragraph, w.T("help.outage.domains", "List", strings.Join(o.Domains, ", ")))
	}
	t.add(Paragraph, o.Cause.In(lang))
	t.add(Paragraph, o.Warning.In(lang))
	for i := range o.Phases {
		t.phase(&o.Phases[i])
	}
	if len(o.Statements) > 0 {
		t.add(Part, w.T("outage.paraphrase"))
	}
	for _, s := range o.Statements {
		text := t.moment(s.At) + ": " + s.Text.In(lang)
		if s.Kept != "" {
			text += " (" + w.T("outage.kept."+s.Kept) + ")"
		}
		t.add(Item, text+t.marks(s.Sources))
	}
	if len(o.Conflicts) > 0 {
		t.add(Part, w.T("help.outage.conflicts"))
	}
	for _, c := range o.Conflicts {
		var said []string
		for _, v := range c.Values {
			said = append(said, v.In(lang))
		}
		t.add(Item, w.T("help.outage.conflict", "Topic", c.Topic.In(lang), "Values", strings.Join(said, "; "), "Chosen", c.Chosen.In(lang))+t.marks(c.Sources))
	}
	t.sources(o.Sources)
}

func (t *telling) phase(p *outage.Phase) {
	w, lang := t.words, t.words.Lang()
	t.add(Part, p.Title.In(lang))
	t.add(Paragraph, t.span(p.From, p.To)+" "+w.T("help.outage.behaviour", "What", w.T("outage.behaviour."+string(p.Behaviour)))+t.marks(p.Sources))
	if said := p.ForSender.In(lang); said != "" {
		t.add(Item, w.T("help.outage.sender", "Text", said))
	}
	if said := p.ForOwner.In(lang); said != "" {
		t.add(Item, w.T("help.outage.owner", "Text", said))
	}
	t.add(Paragraph, p.Note.In(lang))
}

func (t *telling) span(from, to outage.Boundary) string {
	return t.words.T("help.outage.span", "From", t.moment(from), "To", t.moment(to))
}

// moment gives a boundary with how sure it is.
func (t *telling) moment(b outage.Boundary) string {
	if b.Open() {
		return t.words.T("outage.open")
	}
	text := t.words.Time(b.At.In(t.zone))
	if b.Precision == outage.Exact {
		return text
	}
	return fmt.Sprintf("%s (%s)", text, t.words.T("outage.precision."+string(b.Precision)))
}

// marks gives the numbers of sources.
func (t *telling) marks(keys []string) string {
	var b strings.Builder
	for _, k := range keys {
		if t.catalogue.Sources[k] == "" {
			continue
		}
		if t.cited[k] == 0 {
			t.order = append(t.order, k)
			t.cited[k] = len(t.order)
		}
		fmt.Fprintf(&b, " [%d]", t.cited[k])
	}
	return b.String()
}

// sources lists what was cited, and what else the outage rests on, each with its address as a link of its own.
func (t *telling) sources(others []string) {
	t.marks(others)
	if len(t.order) > 0 {
		t.add(Part, t.words.T("help.outage.sources"))
	}
	for _, k := range t.order {
		note, link := Cite(t.catalogue.Sources[k])
		t.add(Item, fmt.Sprintf("[%d] %s", t.cited[k], note))
		t.add(Link, link)
	}
}

// Cite takes the address out of a citation; link is "" where there is none.
func Cite(citation string) (note, link string) {
	for _, word := range strings.Fields(citation) {
		if u, err := url.Parse(word); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
			return strings.Trim(strings.Replace(citation, word, "", 1), " ,;:"), word
		}
	}
	return citation, ""
}
