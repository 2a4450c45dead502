package provider

import (
	"fmt"
	"regexp"
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
	header string // canonical field name that must be there
	text, subject, from,
	messageID, received *regexp.Regexp
}

// Recognise tells which kind of server or service wrote a bounce or relayed a message. What a bounce says of itself
// comes first, then the newest Received field that says anything, then Message-ID and the like.
func (d *Directory) Recognise(t Traits) (Sender, bool) {
	t = t.bounded()
	for i := range d.wrote {
		if d.wrote[i].matches(&t, "") {
			return d.sender(d.wrote[i].sender)
		}
	}
	for _, received := range t.Received {
		received = strings.Join(strings.Fields(received), " ")
		for i := range d.relayed {
			if d.relayed[i].matches(&t, received) {
				return d.sender(d.relayed[i].sender)
			}
		}
	}
	for i := range d.composed {
		if d.composed[i].matches(&t, "") {
			return d.sender(d.composed[i].sender)
		}
	}
	return Sender{}, false
}

func (d *Directory) sender(id string) (Sender, bool) {
	s, ok := d.senders[id]
	return s, ok
}

func (r *rule) matches(t *Traits, received string) bool {
	if r.header != "" {
		if _, ok := t.Headers[r.header]; !ok {
			return false
		}
	}
	return fits(r.text, t.Text) && fits(r.subject, t.Subject) && fits(r.from, t.From) &&
		fits(r.messageID, t.MessageID) && fits(r.received, received)
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

func cut(s string, n int) string { return strings.TrimSpace(s[:min(len(s), n)]) }

// loadRules compiles the patterns and sees to it that each names a sender that exists and a trait at all.
func (d *Directory) loadRules() error {
	type written struct {
		Sender    string `toml:"sender"`
		Text      string `toml:"text"`
		Subject   string `toml:"subject"`
		From      string `toml:"from"`
		Header    string `toml:"header"`
		MessageID string `toml:"message_id"`
		Received  string `toml:"received"`
	}
	var file struct {
		Wrote    []written `toml:"wrote"`
		Relayed  []written `toml:"relayed"`
		Composed []written `toml:"composed"`
	}
	if err := read("recognise.toml", &file); err != nil {
		return err
	}
	for table, rules := range map[*[]rule][]written{&d.wrote: file.Wrote, &d.relayed: file.Relayed, &d.composed: file.Composed} {
		for i, w := range rules {
			if _, ok := d.senders[w.Sender]; !ok {
				return fmt.Errorf("recognise.toml: rule %d names %q, which is no sender", i+1, w.Sender)
			}
			r := rule{sender: w.Sender, header: w.Header}
			patterns := map[**regexp.Regexp]string{
				&r.text: w.Text, &r.subject: w.Subject, &r.from: w.From, &r.messageID: w.MessageID, &r.received: w.Received,
			}
			if err := compile(patterns); err != nil {
				return fmt.Errorf("recognise.toml: rule %d of %q: %w", i+1, w.Sender, err)
			}
			*table = append(*table, r)
		}
	}
	return nil
}

func compile(patterns map[**regexp.Regexp]string) error {
	for to, pattern := range patterns {
		if pattern == "" {
			continue
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return fmt.Errorf("compiling %q: %w", pattern, err)
		}
		*to = re
	}
	return nil
}
