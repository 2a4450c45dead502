package checklist

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
)

// text is a string of the JSON form; "" is null there.
type text string

func (t text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

// number is a number of the JSON form; 0 is null there.
type number int

func (n number) MarshalJSON() ([]byte, error) {
	if n == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(int(n))
}

type jsonOutage struct {
	ID     text        `json:"id"`
	Name   text        `json:"name"`
	Phases []jsonPhase `json:"phases"`
}

type jsonPhase struct {
	ID       text `json:"id"`
	Title    text `json:"title"`
	From     text `json:"from"`
	To       text `json:"to"`
	Bounces  int  `json:"bounces"`
	Messages int  `json:"messages"`
}

type jsonItem struct {
	MessageID   text         `json:"message_id"`
	Recipient   text         `json:"recipient"`
	Subject     text         `json:"subject"`
	SentAt      text         `json:"sent_at"`
	Outage      text         `json:"outage"`
	Phase       text         `json:"phase"`
	PhaseOther  text         `json:"phase_other"`
	SentPhase   text         `json:"sent_phase"`
	Verdict     text         `json:"verdict"`
	Cause       text         `json:"cause"`
	Proof       text         `json:"proof"`
	ResendWhen  text         `json:"resend_when"`
	ResendAfter text         `json:"resend_after"`
	WaitUntil   text         `json:"wait_until"`
	Confidence  text         `json:"confidence"`
	Reasons     []jsonReason `json:"reasons"`
	Bounces     []jsonBounce `json:"bounces"`
}

type jsonReason struct {
	Rule text `json:"rule"`
	Text text `json:"text"`
}

type jsonBounce struct {
	Source     text         `json:"source"`
	Address    text         `json:"address"` // whom the bounce names: another than the recipient where mail is forwarded
	Action     text         `json:"action"`
	Failure    text         `json:"failure"`
	ReplyCode  number       `json:"reply_code"`
	Status     text         `json:"status"`
	Reply      text         `json:"reply"`
	AttemptAt  text         `json:"attempt_at"`
	BouncedAt  text         `json:"bounced_at"`
	ReportedBy jsonReporter `json:"reported_by"`
	Deciding   bool         `json:"deciding"`
}

type jsonReporter struct {
	Host text `json:"host"`
	Side text `json:"side"`
}

type jsonNote struct {
	Source text `json:"source"`
	Why    text `json:"why"`
}

// writeJSON writes the contract's object, one outage, item and note to a line.
func writeJSON(out *bufio.Writer, r Report, o Options) error {
	j := jsonWriter{out: out}
	j.raw(`{"at": `)
	j.value(instant(r.At))
	places := newPlaces(r)
	j.list("outages", len(places.outages), func(i int) any { return outageJSON(places.outages[i], o) })
	items := Order(r)
	j.list("items", len(items), func(i int) any { return itemJSON(items[i], o) })
	j.list("not_yours", len(r.NotYours), func(i int) any { return noteJSON(r.NotYours[i]) })
	j.list("unreadable", len(r.Unreadable), func(i int) any { return noteJSON(r.Unreadable[i]) })
	j.more(r, places, items)
	j.raw("}\n")
	return j.err
}

func outageJSON(c *OutageCount, o Options) jsonOutage {
	lang := o.Words.Lang()
	phases := []jsonPhase{}
	for i, p := range c.Outage.Phases {
		n := c.count(i)
		phases = append(phases, jsonPhase{
			ID: text(p.ID), Title: text(p.Title.In(lang)), From: instant(p.From.At), To: instant(p.To.At),
			Bounces: n.Bounces, Messages: n.Messages,
		})
	}
	return jsonOutage{ID: text(c.Outage.ID), Name: text(c.Outage.Name.In(lang)), Phases: phases}
}

func itemJSON(item *advice.Item, o Options) jsonItem {
	j := jsonItem{
		MessageID: text(shorten(item.MessageID, maxName)), Recipient: text(shorten(item.Recipient, maxName)),
		Subject: text(shorten(item.Subject, maxSubject)), SentAt: text(item.SentAt.String()),
		Outage: text(item.Outage), Phase: text(item.Phase), PhaseOther: text(item.PhaseOther), SentPhase: text(item.SentPhase),
		Verdict: text(item.Verdict), Cause: text(item.Cause), Proof: text(item.Proof),
		ResendWhen: text(item.ResendWhen), ResendAfter: instant(item.ResendAfter), WaitUntil: instant(item.WaitUntil),
		Confidence: text(item.Confidence),
		Reasons:    make([]jsonReason, 0, len(item.Reasons)), Bounces: make([]jsonBounce, 0, len(item.Bounces)),
	}
	for _, reason := range item.Reasons {
		j.Reasons = append(j.Reasons, jsonReason{
			Rule: text(reason.Rule), Text: text(o.sentence("rule."+reason.Rule, reason.Args)),
		})
	}
	for i := range item.Bounces {
		j.Bounces = append(j.Bounces, bounceJSON(&item.Bounces[i]))
	}
	return j
}

func bounceJSON(b *advice.Bounce) jsonBounce {
	return jsonBounce{
		Source: text(b.Source), Address: text(shorten(b.Address, maxName)), Action: text(b.Action), Failure: text(b.Failure),
		ReplyCode: number(b.ReplyCode), Status: text(b.Status), Reply: text(shorten(b.Reply, maxReply)),
		AttemptAt: stated(b.AttemptAt), BouncedAt: stated(b.BouncedAt),
		ReportedBy: jsonReporter{Host: text(shorten(b.ReportedBy.Host, maxName)), Side: text(b.ReportedBy.Side)},
		Deciding:   b.Deciding,
	}
}

// noteJSON gives the note's id and not its sentence: ids are what other programs tell apart.
func noteJSON(n advice.Note) jsonNote { return jsonNote{Source: text(n.Source), Why: text(n.Why)} }

func instant(t time.Time) text {
	if t.IsZero() {
		return ""
	}
	return text(t.Format(time.RFC3339))
}

func stated(s bounce.Stamp) text { return text(s.String()) }

// jsonWriter writes JSON piece by piece and keeps the first error.
type jsonWriter struct {
	out *bufio.Writer
	err error
}

func (j *jsonWriter) raw(s string) {
	if j.err == nil {
		_, j.err = j.out.WriteString(s)
	}
}

func (j *jsonWriter) list(key string, n int, value func(i int) any) {
	j.raw(",\n \"" + key + "\": [")
	for i := range n {
		if i > 0 {
			j.raw(",")
		}
		j.raw("\n  ")
		j.value(value(i))
		if j.err != nil {
			return
		}
	}
	j.raw("]")
}

func (j *jsonWriter) value(v any) {
	if j.err != nil {
		return
	}
	data, err := json.Marshal(v)
	if err != nil {
		j.err = err
		return
	}
	j.err = writeVisible(j.out, data)
}

// writeVisible writes JSON with every invisible character in its strings spelled out as an escape: the text is kept
// whole, yet harmless to a terminal that shows the bytes. The encoder itself escapes the controls under U+0020 and <, >, &.
func writeVisible(out *bufio.Writer, data []byte) error {
	start := 0
	for i := 0; i < len(data); {
		if data[i] == '\\' { // with what it escapes
			if bytes.HasPrefix(data[i:], notUTF8) {
				// The encoder spells this sign out only where it stands for a byte that is not UTF-8: read back it is a sign.
				if _, err := out.Write(data[start:i]); err != nil {
					return err
				}
				if _, err := out.WriteRune(utf8.RuneError); err != nil {
					return err
				}
				i += len(notUTF8)
				start = i
				continue
			}
			i += 2
			continue
		}
		if data[i] < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if invisible(r) {
			if _, err := out.Write(data[start:i]); err != nil {
				return err
			}
			writeEscape(out, r)
			start = i + size
		}
		i += size
	}
	_, err := out.Write(data[start:])
	return err
}

var notUTF8 = []byte(`\ufffd`)

func writeEscape(out *bufio.Writer, r rune) {
	if a, b := utf16.EncodeRune(r); a != utf8.RuneError {
		fmt.Fprintf(out, `\u%04x\u%04x`, a, b)
		return
	}
	fmt.Fprintf(out, `\u%04x`, r)
}
