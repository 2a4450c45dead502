package session

import (
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// Limits of text from mail, in characters.
const (
	MaxSubject = 200
	MaxAddress = 254 // RFC 5321 section 4.5.3.1.3, without the angle brackets
	maxReply   = 1000
	maxOwn     = 2000
)

// Why is one item explained, in words that are fit to be shown.
type Why struct {
	Verdict            advice.Verdict
	Word               string // the verdict in a word or two
	Subject, Recipient string
	Sent               string
	What               string   // the verdict as a sentence
	When               string   // when to send again, or until when to wait; "" where neither applies
	Sure               string   // how sure, and on what it rests
	Reasons            []string // one sentence each
	Bounces            []BounceText
	Phase, PhaseWhen   string // title and dates of the phase; "" outside any outage
	PhaseOther         string // a sentence naming the second likeliest phase; "" for none
	Sources            []Citation
}

// BounceText is one bounce in words.
type BounceText struct {
	Title    string // what happened and who says so
	When     string
	Reply    string // the server's answer with its codes, as it stood; "" where there was none
	Own      string // the bounce's own words to a person
	Source   string // where the bounce lies, as a person names it
	Deciding bool
}

// Citation is a source of a fact: where it is, and what it says.
type Citation struct{ Link, Note string }

// Explainer turns items into words.
type Explainer struct {
	Words   *words.Words
	Zone    *time.Location
	Outages []checklist.OutageCount
	Sources map[string]string // the catalogue's citations; may be nil
}

// Explain gives the reasons of an item.
func (e Explainer) Explain(it *advice.Item) Why {
	w := e.Words
	y := Why{
		Verdict:   it.Verdict,
		Word:      checklist.Verdict(it, w),
		Subject:   e.Subject(it),
		Recipient: Line(it.Recipient, MaxAddress),
		Sent:      w.Time(it.SentAt.In(e.Zone).In(e.Zone)),
		What:      checklist.Meaning(it, w),
		When:      opening(checklist.When(it, e.options())),
		Sure:      e.sure(it),
	}
	if it.Verdict == advice.Resend { // "now" alone would say nothing
		y.When = w.T("board.when", "When", checklist.When(it, e.options()))
	}
	if len(it.Reasons) > 0 { // without, they would say What again
		y.Reasons = checklist.Why(it, e.options())
	}
	for i := range it.Bounces {
		y.Bounces = append(y.Bounces, e.bounce(&it.Bounces[i]))
	}
	e.phase(it, &y)
	return y
}

// Subject gives an item's subject, or words for its absence.
func (e Explainer) Subject(it *advice.Item) string {
	if s := Line(it.Subject, MaxSubject); s != "" {
		return s
	}
	return e.Words.T("board.no-subject")
}

// Brief gives in few words when to send again or until when to wait; "" where neither applies.
func (e Explainer) Brief(it *advice.Item) string {
	w := e.Words
	switch {
	case it.Verdict == advice.Wait && !it.WaitUntil.IsZero():
		return w.T("board.until", "Time", w.ShortTime(it.WaitUntil.In(e.Zone)))
	case it.Verdict != advice.Resend:
		return ""
	case it.ResendWhen == advice.At && !it.ResendAfter.IsZero():
		return w.T("board.after", "Time", w.ShortTime(it.ResendAfter.In(e.Zone)))
	case it.ResendWhen == advice.WhenBack:
		return w.T("when.when-back")
	}
	return w.T("when.now")
}

// SentBrief gives when an item was sent, for narrow places, and for narrower ones the day alone.
func (e Explainer) SentBrief(it *advice.Item) (full, day string) {
	if it.SentAt.IsZero() {
		return "", ""
	}
	at := it.SentAt.In(e.Zone).In(e.Zone)
	return e.Words.ShortTime(at), shortDay(at, e.Words)
}

// opening gives s with a capital letter: it stands alone.
func opening(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToTitle(r)) + s[size:]
}

func (e Explainer) options() checklist.Options {
	return checklist.Options{Words: e.Words, Zone: e.Zone}
}

func (e Explainer) sure(it *advice.Item) string {
	var parts []string
	if it.Confidence != "" {
		parts = append(parts, e.Words.T("board.sure", "Sure", e.Words.T("confidence."+string(it.Confidence))))
	}
	if it.Proof != "" {
		parts = append(parts, e.Words.T("board.proof", "Proof", e.Words.T("proof."+string(it.Proof))))
	}
	if it.Cause != "" {
		parts = append(parts, e.Words.T("board.cause", "Cause", e.Words.T("cause."+string(it.Cause))))
	}
	return strings.Join(parts, "\n")
}

func (e Explainer) bounce(b *advice.Bounce) BounceText {
	w := e.Words
	host := Line(b.ReportedBy.Host, MaxAddress)
	if host == "" {
		host = w.T("board.side." + string(sideOr(b.ReportedBy.Side)))
	}
	t := BounceText{
		Title:    w.T("board.action."+string(actionOr(b.Action)), "Host", host),
		Source:   checklist.Place(b.Source, w),
		Own:      Lines(b.Text, maxOwn),
		Reply:    Lines(b.Reply, maxReply),
		Deciding: b.Deciding,
	}
	if t.Reply == "" && b.Failure != "" {
		t.Reply = w.T("board.failure." + string(b.Failure))
	}
	if at := b.AttemptAt.In(e.Zone); !at.IsZero() {
		t.When = w.T("board.tried", "Time", at.In(e.Zone))
	} else if at := b.BouncedAt.In(e.Zone); !at.IsZero() {
		t.When = w.T("board.told", "Time", at.In(e.Zone))
	}
	return t
}

func sideOr(s bounce.Side) bounce.Side {
	if s == "" {
		return "unknown"
	}
	return s
}

func actionOr(a bounce.Action) bounce.Action {
	if a == "" {
		return bounce.ActionFailed
	}
	return a
}

func (e Explainer) phase(it *advice.Item, y *Why) {
	for _, oc := range e.Outages {
		if oc.Outage.ID != it.Outage {
			continue
		}
		for _, p := range oc.Outage.Phases {
			switch p.ID {
			case it.Phase:
				y.Phase = p.Title.In(e.Words.Lang())
				y.PhaseWhen = e.PhaseDates(p)
				y.Sources = e.citations(p.Sources)
			case it.PhaseOther:
				y.PhaseOther = e.Words.T("board.phase-other", "Phase", p.Title.In(e.Words.Lang()))
			}
		}
	}
}

// PhaseDates gives the stretch of a phase, for a header.
func (e Explainer) PhaseDates(p outage.Phase) string {
	to := e.Words.T("window.open-end")
	if !p.To.Open() {
		to = e.Words.ShortTime(p.To.At.In(e.Zone))
	}
	return e.Words.ShortTime(p.From.At.In(e.Zone)) + " – " + to
}

func (e Explainer) citations(keys []string) []Citation {
	var list []Citation
	for _, k := range keys {
		text, ok := e.Sources[k]
		if !ok {
			continue
		}
		list = append(list, cite(text))
	}
	return list
}

// cite takes the link out of a citation, which has at most one that counts, at its beginning or at its end.
func cite(text string) Citation {
	c := Citation{Note: Lines(text, maxOwn)}
	for _, word := range strings.Fields(text) {
		if u, err := url.Parse(word); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
			c.Link = Line(word, maxOwn)
			c.Note = strings.Trim(strings.Replace(c.Note, c.Link, "", 1), " ,;:")
			break
		}
	}
	return c
}
