package checklist

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// Headline sums the report up in a sentence: how many to send again now, how many to wait for, and so on; what is
// ticked is counted apart.
func Headline(r Report, o Options) string {
	o = o.filled(r)
	if len(r.Items) == 0 {
		return o.Words.T("checklist.head.none")
	}
	n, ticked := tally(r, o)
	var parts []string
	for s, id := range headIDs {
		if n[s] > 0 {
			parts = append(parts, o.Words.N(id, n[s]))
		}
	}
	if ticked > 0 {
		parts = append(parts, o.Words.N("checklist.head.ticked", ticked))
	}
	return o.Words.T("checklist.head", "List", strings.Join(parts, ", "))
}

var headIDs = [steps]string{
	"checklist.head.now", "checklist.head.at", "checklist.head.when-back", "checklist.head.check", "checklist.head.fix",
	"checklist.head.wait", "checklist.head.delivered", "checklist.head.resent", "checklist.head.other",
}

// foundNote says which outages no catalogue knows and the mail itself shows; "" for none.
func foundNote(r Report, o Options) string {
	if len(r.Found) == 0 {
		return ""
	}
	w := o.Words
	names := make([]string, 0, len(r.Found))
	for i := range r.Found {
		names = append(names, plain(r.Found[i].Name.In(w.Lang()), maxName))
	}
	return w.N("checklist.found", len(names), "List", strings.Join(names, "; "))
}

// queueNotes say how mail queues grew.
func queueNotes(r Report, o Options) []string {
	var list []string
	for _, q := range r.Queues {
		id, perDay := "checklist.queue.steady", q.PerDay
		switch {
		case q.PerDay > 0:
			id = "checklist.queue.grows"
		case q.PerDay < 0:
			id, perDay = "checklist.queue.shrinks", -q.PerDay
		}
		list = append(list, o.Words.T(id, "From", q.From.In(o.zone()), "To", q.To.In(o.zone()),
			"Before", o.Words.N("checklist.queue.messages", q.Before), "After", o.Words.N("checklist.queue.messages", q.After), "PerDay", o.Words.N("checklist.queue.messages", perDay)))
	}
	return list
}

// FirstStep says what to do first, and what to leave alone.
func FirstStep(r Report, o Options) string {
	o = o.filled(r)
	n, _ := tally(r, o)
	w := o.Words
	var first string
	switch {
	case n[stepNow] > 0:
		first = w.T("checklist.first.now")
	case n[stepAt] > 0:
		first = w.T("checklist.first.at", "Time", earliestResend(r, o).In(o.Zone))
	case n[stepWhenBack] > 0:
		first = w.T("checklist.first.when-back")
	case n[stepCheck] > 0:
		first = w.T("checklist.first.check")
	case n[stepFix] > 0:
		first = w.T("checklist.first.fix")
	case n[stepWait] > 0:
		return w.T("checklist.first.wait")
	default:
		return w.T("checklist.first.none")
	}
	if n[stepWait] > 0 {
		first += " " + w.T("checklist.first.leave")
	}
	return first
}

// ticked reports whether an item is ticked off. A notice that came after the tick opens it again, until it is ticked once more: a list
// that was read back from a file is not judged anew.
func (o Options) ticked(item *advice.Item) bool {
	last, ok := o.Ticks.of(item)
	if !ok || last.word == "" {
		return false
	}
	for _, reason := range item.Reasons {
		if reason.Rule == "said-before" {
			before, _ := reason.Args["Time"].(time.Time)
			return !before.IsZero() && last.at > before.UnixNano()
		}
	}
	return true
}

// Ticked reports whether an item is ticked off, and nothing has opened it again.
func (o Options) Ticked(item *advice.Item) bool { return o.ticked(item) }

// note gives what the person has written beside an item as a sentence, "" for nothing.
func (o Options) note(item *advice.Item) string {
	text := o.Ticks.Note(item)
	if text == "" {
		return ""
	}
	return o.Words.T("checklist.note", "Text", text)
}

func tally(r Report, o Options) (n [steps]int, ticked int) {
	for i := range r.Items {
		if o.ticked(&r.Items[i]) {
			ticked++
			continue
		}
		n[stepOf(&r.Items[i])]++
	}
	return n, ticked
}

func earliestResend(r Report, o Options) time.Time {
	var first time.Time
	for i := range r.Items {
		item := &r.Items[i]
		if stepOf(item) == stepAt && !o.ticked(item) && (first.IsZero() || item.ResendAfter.Before(first)) {
			first = item.ResendAfter
		}
	}
	return first
}

// When says when to send an item again or until when to wait, "" where there is nothing of the kind to say.
func When(item *advice.Item, o Options) string {
	o = o.worded()
	switch {
	case item.Verdict == advice.Wait && item.WaitUntil.IsZero():
		return o.Words.T("checklist.until.unknown")
	case item.Verdict == advice.Wait:
		return o.Words.T("checklist.until", "Time", o.local(item.WaitUntil))
	case item.Verdict != advice.Resend:
		return ""
	case item.ResendWhen == advice.At && !item.ResendAfter.IsZero():
		return o.Words.T("when.at", "Time", o.local(item.ResendAfter))
	case item.ResendWhen == advice.WhenBack:
		return o.Words.T("when.when-back")
	}
	return o.Words.T("when.now")
}

// detail adds to a verdict what a person asks next: when, or what is to be fixed; "" where there is nothing to add.
func detail(item *advice.Item, o Options) string {
	if item.Verdict == advice.Fix {
		return named("cause.", string(item.Cause), o.Words)
	}
	return When(item, o)
}

// opening gives s with a capital letter.
func opening(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToTitle(r)) + s[size:]
}

// Why gives the reasons of an item as sentences, in the order of the reasoning; without reasons what its verdict means.
func Why(item *advice.Item, o Options) []string {
	o = o.worded()
	var list []string
	for _, reason := range item.Reasons {
		list = append(list, o.sentence("rule."+reason.Rule, reason.Args))
	}
	if len(list) == 0 {
		list = []string{Meaning(item, o.Words)}
	}
	return list
}

// NoteText says in a sentence why a message yields no item.
func NoteText(n advice.Note, o Options) string { return o.worded().sentence("note."+n.Why, n.Args) }

// sentence words a rule or a note; times among args are shown in o's zone, other people's words in it are harmless.
func (o Options) sentence(id string, args map[string]any) string {
	local := make(map[string]any, len(args))
	for k, v := range args {
		switch v := v.(type) {
		case time.Time:
			local[k] = o.local(v)
		case bounce.Stamp:
			local[k] = o.local(v.In(o.zone()))
		case outage.Text:
			local[k] = plain(v.In(o.Words.Lang()), maxSubject)
		case string:
			local[k] = plain(v, maxReply)
		default:
			local[k] = v
		}
	}
	return plain(o.Words.Map(id, local), maxText)
}

func (o Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// local gives t in the zone in which times are shown.
func (o Options) local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(o.zone())
}

// stamp words a stated time, which may have no zone; "" where none was stated.
func (o Options) stamp(s bounce.Stamp) string {
	if s.IsZero() {
		return ""
	}
	return o.Words.Time(o.local(s.In(o.zone())))
}

// verdict gives a verdict's name.
func verdict(v advice.Verdict, w *words.Words) string { return named("verdict.", string(v), w) }

// meaning says in a sentence what a verdict tells a person.
func meaning(v advice.Verdict, w *words.Words) string { return named("verdict.", string(v)+".what", w) }

// Verdict gives the name of an item's verdict: what the person said of it, where that is all there is to know.
func Verdict(item *advice.Item, w *words.Words) string {
	if said := saidOf(item); said != "" {
		return plain(w.T("checklist.said."+said), maxSubject)
	}
	return verdict(item.Verdict, w)
}

// Meaning says in a sentence what an item's verdict tells a person.
func Meaning(item *advice.Item, w *words.Words) string {
	if said := saidOf(item); said != "" {
		return plain(w.T("checklist.said."+said+".what"), maxSubject)
	}
	return meaning(item.Verdict, w)
}

// saidOf is the person's word on which an item's verdict rests, where the verdict's own name would say too much: whoever has
// telephoned has sent nothing again.
func saidOf(item *advice.Item) string {
	if item.Verdict != advice.Resent || item.Proof != advice.ProofPerson {
		return ""
	}
	for i := range item.Reasons {
		if item.Reasons[i].Rule == "said-not-needed" {
			return string(advice.SaidNotNeeded)
		}
	}
	return string(advice.SaidDone)
}

// named gives the sentence of a known id, "" for no id.
func named(prefix, id string, w *words.Words) string {
	if id == "" {
		return ""
	}
	return plain(w.T(prefix+id), maxSubject)
}

// subject gives an item's subject, or a word for none.
func subject(item *advice.Item, w *words.Words) string {
	if s := plain(item.Subject, maxSubject); s != "" {
		return s
	}
	return w.T("checklist.nosubject")
}

// deciding gives the bounce that decided an item, else its last one; nil where there is none.
func deciding(item *advice.Item) *advice.Bounce {
	for i := range item.Bounces {
		if item.Bounces[i].Deciding {
			return &item.Bounces[i]
		}
	}
	if n := len(item.Bounces); n > 0 {
		return &item.Bounces[n-1]
	}
	return nil
}

// serverWords gives what the server answered, with its code, else the notice's own words; "" for no bounce.
func serverWords(b *advice.Bounce) string {
	if b == nil {
		return ""
	}
	reply := plain(b.Reply, maxReply)
	if reply == "" {
		reply = plain(b.Text, maxReply)
	}
	for _, number := range []string{b.Status, code3(b.ReplyCode)} {
		if number != "" && !strings.Contains(reply, number) {
			reply = strings.TrimSpace(plain(number, maxReply) + " " + reply)
		}
	}
	return reply
}

// code3 spells a reply code; "" for none.
func code3(code int) string {
	if code == 0 {
		return ""
	}
	return strconv.Itoa(code)
}

func outageName(o *outage.Outage, w *words.Words) string {
	if name := plain(o.Name.In(w.Lang()), maxSubject); name != "" {
		return name
	}
	return plain(o.ID, maxSubject)
}

// zoneNote says whose clock the times are of.
func (o Options) zoneNote() string { return o.Words.T("checklist.zone", "Zone", o.zone().String()) }

// recipient gives whom an item was for, or a word where nobody knows.
func recipient(item *advice.Item, w *words.Words) string {
	if s := plain(item.Recipient, maxName); s != "" {
		return s
	}
	return w.T("checklist.norecipient")
}
