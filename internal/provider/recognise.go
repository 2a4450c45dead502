package provider

import (
	"regexp"
	"slices"
	"strings"
)

// The bounds of what is looked at; anybody can write a header.
const (
	maxReceived = 50   // Received fields
	maxField    = 2048 // bytes of a header field
	maxText     = 8192 // bytes of a bounce's text
)

// rule says which traits a sender is known by. All that are set must match.
type rule struct {
	sender string
	header string   // canonical field name that must be there
	with   []string // in lower case: one of them must be in the trait, or its pattern is not tried
	text, subject, from,
	messageID, received *regexp.Regexp
}

// Recognise tells which kind of server or service wrote a bounce or relayed a message. What a bounce says of itself
// comes first, then the newest Received field that says anything, then Message-ID and the like.
func (d *Directory) Recognise(t Traits) (Sender, bool) {
	t = t.bounded()
	lower := t.lower()
	for i := range d.wrote {
		if d.wrote[i].matches(&t, &lower, "") {
			return d.sender(d.wrote[i].sender)
		}
	}
	for _, received := range t.Received {
		received = strings.Join(strings.Fields(received), " ")
		lower.Received = []string{strings.ToLower(received)}
		for i := range d.relayed {
			if d.relayed[i].matches(&t, &lower, received) {
				return d.sender(d.relayed[i].sender)
			}
		}
	}
	for i := range d.composed {
		if d.composed[i].matches(&t, &lower, "") {
			return d.sender(d.composed[i].sender)
		}
	}
	return Sender{}, false
}

func (d *Directory) sender(id string) (Sender, bool) {
	s, ok := d.senders[id]
	return s, ok
}

func (r *rule) matches(t, lower *Traits, received string) bool {
	if r.header != "" {
		if _, ok := t.Headers[r.header]; !ok {
			return false
		}
	}
	if len(r.with) > 0 && !r.worthTrying(lower) {
		return false
	}
	return fits(r.text, t.Text) && fits(r.subject, t.Subject) && fits(r.from, t.From) &&
		fits(r.messageID, t.MessageID) && fits(r.received, received)
}

// worthTrying reports whether the trait that the rule reads has one of its texts.
func (r *rule) worthTrying(lower *Traits) bool {
	trait := ""
	switch {
	case r.text != nil:
		trait = lower.Text
	case r.received != nil && len(lower.Received) > 0:
		trait = lower.Received[0]
	case r.from != nil:
		trait = lower.From
	case r.subject != nil:
		trait = lower.Subject
	case r.messageID != nil:
		trait = lower.MessageID
	}
	return slices.ContainsFunc(r.with, func(w string) bool { return strings.Contains(trait, w) })
}

// fits is true where the rule does not ask for this trait.
func fits(pattern *regexp.Regexp, s string) bool {
	return pattern == nil || (s != "" && pattern.MatchString(s))
}

// bounded cuts the traits to the sizes worth looking at.
func (t Traits) bounded() Traits {
	t.Received = t.Received[:min(len(t.Received), maxReceived)]
	bounded := make([]string, len(t.Received))
	for i, r := range t.Received {
		bounded[i] = cut(r, maxField)
	}
	t.Received = bounded
	t.MessageID, t.From, t.Subject = cut(t.MessageID, maxField), cut(t.From, maxField), cut(t.Subject, maxField)
	t.Text = cut(t.Text, maxText)
	return t
}

// lower is the traits in lower case, but for the Received fields, which are looked at one by one.
func (t Traits) lower() Traits {
	return Traits{
		MessageID: strings.ToLower(t.MessageID), From: strings.ToLower(t.From),
		Subject: strings.ToLower(t.Subject), Text: strings.ToLower(t.Text),
	}
}

func cut(s string, n int) string { return strings.TrimSpace(s[:min(len(s), n)]) }
