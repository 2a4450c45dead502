package session

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/missing"
	"rimbalzo/internal/words"
)

// Lacking is mail that probably never arrived, in words.
type Lacking struct {
	Lacks []Lack   // by person, service or list: the surest first
	Found string   // how much was found, or that nothing was
	About []string // which outages and mailboxes it is about
	Notes []string // why little or nothing can be said
	More  string   // what is left out, "" for nothing
}

// Lack is what one person, service or list probably wrote in vain.
type Lack struct {
	Who     string
	Brief   string // how much, and how sure, on one line
	Signs   []Sign
	Address string // to write to; "" where nobody would answer
	Texts   map[string]Letter
	items   []advice.Item // by which it is remembered that it is dealt with
}

// Sign is one finding.
type Sign struct {
	Subject string // or what kind of sign it is
	When    string // when it was written, and how sure that is
	Reasons []string
}

// Letter is a text to send, in one language.
type Letter struct{ Subject, Text string }

// maxReason bounds one reason, in characters.
const maxReason = 1000

// Lacking words what was found.
func (e Explainer) Lacking(r missing.Result) Lacking {
	w := e.Words
	l := Lacking{Found: w.T("missing.nothing")}
	if n := len(r.Findings) + r.More; n > 0 {
		l.Found = w.N("missing.found", n)
	}
	for _, o := range r.Outages {
		l.About = append(l.About, w.T("missing.outage", "Name", Line(o.Name.In(w.Lang()), 200)))
	}
	for _, a := range r.Mailboxes {
		l.About = append(l.About, w.T("missing.mailboxes", "List", Line(a, MaxAddress)))
	}
	for _, n := range r.Notes {
		l.Notes = append(l.Notes, e.reason("missing.note.", n))
	}
	if n := len(r.Unreadable); n > 0 {
		l.Notes = append(l.Notes, w.N("missing.unreadable", n)+".")
	}
	if r.More > 0 {
		l.More = w.N("missing.more", r.More)
	}
	l.Lacks = e.lacks(r)
	return l
}

func (e Explainer) reason(prefix string, r advice.Reason) string {
	return Lines(e.options().Sentence(prefix+r.Rule, r.Args), maxReason)
}

// lacks puts together what concerns one correspondent: those who can be written to by their ready text, the others by address.
func (e Explainer) lacks(r missing.Result) []Lack {
	var list []Lack
	asked := map[int]bool{}
	letters := map[string][]missing.Request{}
	for _, lang := range words.Languages {
		letters[lang] = missing.Requests(r, words.New(lang), e.Zone)
	}
	for i, q := range letters[e.Words.Lang()] {
		lack := e.lack(r, q.Findings)
		lack.Address, lack.Texts = Line(q.To, MaxAddress), map[string]Letter{}
		for lang, all := range letters {
			lack.Texts[lang] = Letter{all[i].Subject, all[i].Text}
		}
		list = append(list, lack)
		for _, n := range q.Findings {
			asked[n] = true
		}
	}
	mute := map[string][]int{}
	var order []string
	for i := range r.Findings {
		f := &r.Findings[i]
		if asked[i] || len(f.Who) == 0 {
			continue
		}
		key := f.Who[0] + "\n" + f.Outage
		if mute[key] == nil {
			order = append(order, key)
		}
		mute[key] = append(mute[key], i)
	}
	for _, key := range order {
		list = append(list, e.lack(r, mute[key]))
	}
	return list
}

// lack words the findings about one correspondent.
func (e Explainer) lack(r missing.Result, which []int) Lack {
	w := e.Words
	first := &r.Findings[which[0]]
	l := Lack{Who: Line(first.Title(), MaxAddress)}
	n, sure := 0, first.Confidence
	for _, i := range which {
		f := &r.Findings[i]
		n += max(f.Count, 1)
		if f.Confidence == bounce.Likely {
			sure = f.Confidence
		}
		s := Sign{Subject: Line(f.Subject, MaxSubject)}
		if f.Kind != missing.Named {
			s.Subject = w.T("missing.kind." + string(f.Kind))
		} else if s.Subject == "" {
			s.Subject = w.T("missing.nosubject")
		}
		s.When = w.T("missing.sure", "When", f.When(w, e.Zone), "Confidence", w.T("confidence."+string(f.Confidence)))
		for _, reason := range f.Reasons {
			s.Reasons = append(s.Reasons, e.reason("missing.rule.", reason))
		}
		l.Signs = append(l.Signs, s)
		l.items = append(l.items, lackItem(f))
	}
	what := w.N("missingpage.messages", n)
	if first.Kind == missing.StruckOff {
		what = w.T("missingpage.struck-off")
	}
	l.Brief = w.T("missingpage.brief", "What", what, "Confidence", w.T("confidence."+string(sure)))
	return l
}

// lackItem is what stands for a finding among what the person says of messages: the message itself where it is known by its id,
// else a name made of what the finding is about. No message has that name, so that nothing else is taken for dealt with.
func lackItem(f *missing.Finding) advice.Item {
	id := f.MessageID
	if id == "" {
		id = strings.Join([]string{"missing", string(f.Kind), f.Outage, f.Who[0], f.List}, "/")
	}
	return advice.Item{MessageID: id, Recipient: cmp.Or(f.Mailbox, f.Who[0])}
}

// Said gives what the person said of a lack: the same word of all its findings, else "".
func (l *Lack) Said(ticks *checklist.Ticks) advice.Word {
	word := ticks.Word(&l.items[0])
	if slices.ContainsFunc(l.items, func(it advice.Item) bool { return ticks.Word(&it) != word }) {
		return ""
	}
	return word
}

// Say keeps a person's word about a lack, "" taking back what was said.
func (l *Lack) Say(ticks *checklist.Ticks, word advice.Word, at time.Time) {
	for i := range l.items {
		ticks.Say(&l.items[i], word, at)
	}
}

// Addresses gives the addresses of those who can be written to and of whom nothing was said yet, each once, with commas between
// them, and how many they are.
func (l Lacking) Addresses(ticks *checklist.Ticks) (list string, n int) {
	var all []string
	for i := range l.Lacks {
		lack := &l.Lacks[i]
		if lack.Address != "" && lack.Said(ticks) == "" && !slices.Contains(all, lack.Address) {
			all = append(all, lack.Address)
		}
	}
	return strings.Join(all, ", "), len(all)
}
