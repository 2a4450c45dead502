package provider

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// writtenRule is a rule as recognise.toml has it.
type writtenRule struct {
	Sender    string   `toml:"sender"`
	With      []string `toml:"with"`
	Text      string   `toml:"text"`
	Subject   string   `toml:"subject"`
	From      string   `toml:"from"`
	Header    string   `toml:"header"`
	MessageID string   `toml:"message_id"`
	Received  string   `toml:"received"`
}

// loadRules compiles the patterns.
func (d *Directory) loadRules() error {
	var file struct {
		Wrote    []writtenRule `toml:"wrote"`
		Relayed  []writtenRule `toml:"relayed"`
		Composed []writtenRule `toml:"composed"`
	}
	if err := read("recognise.toml", &file); err != nil {
		return err
	}
	for table, rules := range map[*[]rule][]writtenRule{&d.wrote: file.Wrote, &d.relayed: file.Relayed, &d.composed: file.Composed} {
		for i, w := range rules {
			r, err := w.compile()
			if _, ok := d.senders[w.Sender]; !ok {
				err = errors.New("there is no such sender")
			}
			if err != nil {
				return fmt.Errorf("recognise.toml: rule %d, of %q: %w", i+1, w.Sender, err)
			}
			*table = append(*table, r)
		}
	}
	return nil
}

// compile refuses a rule that would match everything, one that would never match, and one that would be slow.
func (w writtenRule) compile() (rule, error) {
	if w.Text+w.Subject+w.From+w.Header+w.MessageID+w.Received == "" {
		return rule{}, errors.New("it names no trait")
	}
	for _, with := range w.With {
		if with == "" || with != strings.ToLower(with) {
			return rule{}, fmt.Errorf("with %q is not a text in lower case", with)
		}
	}
	if w.Text+w.Received != "" && len(w.With) == 0 {
		return rule{}, errors.New("its pattern would be tried on every text")
	}
	r := rule{sender: w.Sender, header: w.Header, with: w.With}
	for to, pattern := range map[**regexp.Regexp]string{
		&r.text: w.Text, &r.subject: w.Subject, &r.from: w.From, &r.messageID: w.MessageID, &r.received: w.Received,
	} {
		if pattern == "" {
			continue
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return rule{}, fmt.Errorf("compiling %q: %w", pattern, err)
		}
		*to = re
	}
	return r, nil
}
