package checklist

import (
	"fmt"
	"time"
	"unicode/utf8"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

// What the JSON form holds beyond its contract, so that the list can be read back whole (see [ReadJSON]): one object under the key
// "rimbalzo", in which lists follow those of the contract, value by value.

// jsonVersion is the form of what stands beyond the contract. A file of a newer one is not read.
const jsonVersion = 1

// more writes it.
func (j *jsonWriter) more(r Report, places places, items []*advice.Item) {
	j.raw(",\n \"rimbalzo\": {\"about\": ")
	j.value(backgroundOf(r, places))
	j.list("items", len(items), func(i int) any { return moreOf(items[i]) })
	j.list("not_yours", len(r.NotYours), func(i int) any { return argsJSON(r.NotYours[i].Args) })
	j.list("unreadable", len(r.Unreadable), func(i int) any { return argsJSON(r.Unreadable[i].Args) })
	j.raw("}")
}

// jsonMore is what the contract does not hold of an item.
type jsonMore struct {
	Args    []jsonArgs   `json:"args,omitempty"` // of the reasons
	Bounces []bounceMore `json:"bounces,omitempty"`
	Full    *jsonFull    `json:"full,omitempty"`
}

// bounceMore is what it does not hold of a bounce.
type bounceMore struct {
	RetryUntil *bounce.Stamp `json:"retry_until,omitempty"`
	Text       []byte        `json:"text,omitempty"`  // the bounce's own words to a person
	Reply      []byte        `json:"reply,omitempty"` // where it is cut in the contract's
}

func moreOf(item *advice.Item) (m jsonMore) {
	for _, reason := range item.Reasons {
		m.Args = append(m.Args, argsJSON(reason.Args))
	}
	for i := range item.Bounces {
		b := &item.Bounces[i]
		var more bounceMore
		if !b.RetryUntil.IsZero() {
			more.RetryUntil = &b.RetryUntil
		}
		more.Text = []byte(b.Text)
		if shorten(b.Reply, maxReply) != b.Reply || !utf8.ValidString(b.Reply) {
			more.Reply = []byte(b.Reply)
		}
		m.Bounces = append(m.Bounces, more)
	}
	m.Full = fullOf(item)
	return m
}

// background is what belongs to no item.
type background struct {
	Version   int               `json:"version"`
	From      []string          `json:"from"`
	Demo      bool              `json:"demo"`
	Zone      string            `json:"zone"` // of the report's moment, where it has a name
	Outages   []OutageCount     `json:"outages"`
	Found     []outage.Outage   `json:"found,omitempty"`
	Queues    []QueueTrend      `json:"queues,omitempty"`
	Citations map[string]string `json:"citations,omitempty"`
}

func backgroundOf(r Report, places places) background {
	b := background{
		Version: jsonVersion, From: r.From, Demo: r.Demo, Zone: r.At.Location().String(), Outages: []OutageCount{}, Found: r.Found, Queues: r.Queues,
		Citations: map[string]string{},
	}
	if b.From == nil {
		b.From = []string{}
	}
	for _, o := range places.outages {
		b.Outages = append(b.Outages, *o)
		for i := range o.Outage.Statements {
			for _, key := range o.Outage.Statements[i].Sources {
				if cited := r.Citations[key]; cited != "" {
					b.Citations[key] = cited
				}
			}
		}
	}
	return b
}

// jsonFull is what the contract's fields had to cut, or could not hold: bytes that are not UTF-8 among them. A message without an
// id is known by its subject, so that this has to come back as it was.
type jsonFull struct {
	MessageID []byte `json:"message_id,omitempty"`
	Recipient []byte `json:"recipient,omitempty"`
	Subject   []byte `json:"subject,omitempty"`
}

func fullOf(item *advice.Item) *jsonFull {
	var full jsonFull
	any := false
	for _, f := range []struct {
		text  string
		limit int
		full  *[]byte
	}{{item.MessageID, maxName, &full.MessageID}, {item.Recipient, maxName, &full.Recipient}, {item.Subject, maxSubject, &full.Subject}} {
		if shorten(f.text, f.limit) != f.text || !utf8.ValidString(f.text) {
			*f.full, any = []byte(f.text), true
		}
	}
	if !any {
		return nil
	}
	return &full
}

// jsonArgs are the arguments of a sentence.
type jsonArgs map[string]jsonArg

// jsonArg is one of them, in the field of its kind.
type jsonArg struct {
	Text     *string        `json:"text,omitempty"`
	Number   *int           `json:"number,omitempty"`
	Time     *time.Time     `json:"time,omitempty"`
	Stamp    *bounce.Stamp  `json:"stamp,omitempty"`
	Both     *outage.Text   `json:"both,omitempty"` // in both languages
	Duration *time.Duration `json:"duration,omitempty"`
}

func argsJSON(args map[string]any) jsonArgs {
	if len(args) == 0 {
		return nil
	}
	list := make(jsonArgs, len(args))
	for name, value := range args {
		var a jsonArg
		switch v := value.(type) {
		case string:
			a.Text = &v
		case int:
			a.Number = &v
		case time.Time:
			a.Time = &v
		case bounce.Stamp:
			a.Stamp = &v
		case outage.Text:
			a.Both = &v
		case time.Duration:
			a.Duration = &v
		default:
			s := fmt.Sprint(v)
			a.Text = &s
		}
		list[name] = a
	}
	return list
}

// args gives them back.
func (list jsonArgs) args() map[string]any {
	if len(list) == 0 {
		return nil
	}
	args := make(map[string]any, len(list))
	for name, a := range list {
		switch {
		case a.Number != nil:
			args[name] = *a.Number
		case a.Time != nil:
			args[name] = *a.Time
		case a.Stamp != nil:
			args[name] = *a.Stamp
		case a.Both != nil:
			args[name] = *a.Both
		case a.Duration != nil:
			args[name] = *a.Duration
		case a.Text != nil:
			args[name] = *a.Text
		}
	}
	return args
}
