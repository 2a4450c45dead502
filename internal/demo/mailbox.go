package demo

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// message is one message as the server holds it.
type message struct {
	folder  string
	arrived time.Time // its INTERNALDATE
	seen    bool
	raw     []byte
}

// lastRead is when Elena last looked at her mail: what came later is unread.
var lastRead = time.Date(2023, time.January, 27, 17, 0, 0, 0, rome)

var errUnknownID = errors.New("no such id")

// author writes all the mail that the script tells of.
type author struct {
	*script
	layouts *layouts
	sentBy  map[string]written // sent messages and letters by their id in the script
	out     []message
}

// written is a message that others may refer to.
type written struct {
	head letterhead
	body string
}

// messages writes the whole mailbox, in the order of arrival. It gives the same at every start.
func (st *script) messages() ([]message, error) {
	l, err := readLayouts()
	if err != nil {
		return nil, err
	}
	a := &author{script: st, layouts: l, sentBy: map[string]written{}}
	for _, s := range st.Sent {
		if err := a.send(s); err != nil {
			return nil, fmt.Errorf("demo: sent message %s: %w", s.ID, err)
		}
	}
	for _, m := range st.Mail {
		if err := a.receive(m, st.Owner.Address); err != nil {
			return nil, fmt.Errorf("demo: letter of %v: %w", m.At, err)
		}
	}
	for _, s := range st.Series {
		if err := a.repeat(s); err != nil {
			return nil, fmt.Errorf("demo: mail of %s: %w", s.From.Name, err)
		}
	}
	slices.SortStableFunc(a.out, func(x, y message) int { return x.arrived.Compare(y.arrived) })
	return a.out, nil
}

func (a *author) put(folder, text string, at time.Time) {
	if folder == "" {
		folder = "INBOX"
	}
	// Line ends are CRLF on the wire (RFC 5321 section 2.3.8).
	raw := []byte(strings.ReplaceAll(strings.TrimRight(text, "\n")+"\n", "\n", "\r\n"))
	seen := folder == "Inviata" || at.Before(lastRead)
	a.out = append(a.out, message{folder: folder, arrived: at, seen: seen, raw: raw})
}

func (a *author) people(ids []string) ([]person, error) {
	list := make([]person, len(ids))
	for i, id := range ids {
		p, ok := a.Person[id]
		if !ok {
			return nil, fmt.Errorf("person %q: %w", id, errUnknownID)
		}
		list[i] = p
	}
	return list, nil
}

// send writes a message of Elena's into Sent, and what came of it into the other folders.
func (a *author) send(s sent) error {
	route, ok := a.Route[s.Via]
	if !ok {
		return fmt.Errorf("route %q: %w", s.Via, errUnknownID)
	}
	followed, ok := a.sentBy[s.Follows]
	if s.Follows != "" && !ok {
		return fmt.Errorf("message %q: %w", s.Follows, errUnknownID)
	}
	at := s.At.Add(time.Duration(chance(s.ID).IntN(15)) * time.Second)
	head := letterhead{
		messageID: pattern(route.MessageID, s.ID, at), date: at, from: route.From, subject: s.Subject,
		follows: followed.head.messageID, forwards: strings.HasPrefix(s.Subject, "I: "),
	}
	var err error
	for _, list := range []struct {
		ids    []string
		people *[]person
	}{{s.To, &head.to}, {s.Cc, &head.cc}, {s.Bcc, &head.bcc}} {
		if *list.people, err = a.people(list.ids); err != nil {
			return err
		}
	}
	if route.Agent != "" {
		head.extra = route.Agent + "\n"
	}
	if s.Receipt {
		head.extra += "Disposition-Notification-To: " + route.From.mailbox() + "\n"
	}
	w := written{head: head, body: strings.TrimSpace(s.Body) + "\n\n-- \n" + route.From.Name}
	a.sentBy[s.ID] = w
	a.put("Inviata", head.String()+plainText+"\n"+w.body, at)
	for _, b := range s.Bounce {
		if err := a.report(s, w, b); err != nil {
			return fmt.Errorf("bounce of %v: %w", b.At, err)
		}
	}
	for _, answer := range s.Answer {
		answer.Follows = s.ID
		if answer.From == "" {
			answer.From = s.To[0]
		}
		if err := a.receive(answer, route.From.Address); err != nil {
			return fmt.Errorf("answer of %v: %w", answer.At, err)
		}
	}
	return nil
}

// report writes what a server reports about a sent message.
func (a *author) report(s sent, w written, b bounceOf) error {
	route := a.Route[s.Via]
	by := route
	delay := 2 * time.Second
	if b.By != "" {
		by, delay = a.Route[b.By], 10*time.Second
	}
	r, ok := a.Reply[b.Why]
	if !ok {
		return fmt.Errorf("reply %q: %w", b.Why, errUnknownID)
	}
	ids := b.To
	if len(ids) == 0 {
		ids = slices.Concat(s.To, s.Cc, s.Bcc)
	}
	people, err := a.people(ids)
	if err != nil {
		return err
	}
	name := s.ID + b.At.String() + b.Is
	at := b.At.Add(time.Duration(30+chance(name).IntN(29)) * time.Second)
	v := view{
		Is: b.Is, Expired: b.Expired, Host: by.Host, Via: route.relay(), To: route.From.Address,
		At: at, Tried: at.Add(-3 * time.Second), Arrival: w.head.date.Add(delay),
		QueueID: pattern(by.QueueID, s.ID+by.Host, w.head.date), BounceID: pattern(by.QueueID, name, at),
		Boundary: pattern("################", name, at), LifetimeDays: by.Lifetime / 24,
		MessageID: w.head.messageID, Subject: w.head.subject, Body: w.body,
	}
	v.Until = v.Arrival.Add(time.Duration(by.Lifetime) * time.Hour)
	v.Age = int(at.Sub(v.Arrival).Hours())
	v.Left = by.Lifetime - v.Age
	returned := w.head
	returned.bcc = nil // which its own server takes out before it passes the message on
	v.Headers = strings.TrimRight(returned.String()+plainText, "\n")
	v.Received = fmt.Sprintf("Received: from [192.0.2.140] (unknown [192.0.2.140])\n\tby %s with ESMTPSA id %s;\n\t%s",
		route.relay(), pattern(route.QueueID, s.ID+route.Host, w.head.date), w.head.date.Format(rfc5322))
	for _, p := range people {
		v.Targets = append(v.Targets, newTarget(p, b.Names, r, b.Is))
	}
	text, err := a.layouts.fill(by.Layout, v)
	if err != nil {
		return err
	}
	a.put(b.Folder, envelope("", route.From.Address, by.relay(), name, at, by.Bare)+text, at)
	return nil
}

// receive writes what somebody wrote to Elena, at the address to.
func (a *author) receive(m letter, to string) error {
	name := m.ID + m.From + m.Kind + m.At.String() + m.Subject
	at := m.At.Add(time.Duration(chance(name).IntN(50)) * time.Second)
	if m.Kind == "raw" {
		a.put(m.Folder, strings.TrimLeft(m.Body, "\n"), at)
		return nil
	}
	from, ok := a.Person[m.From]
	if !ok {
		return fmt.Errorf("person %q: %w", m.From, errUnknownID)
	}
	original, known := a.sentBy[m.Follows]
	if m.Follows != "" && !known {
		return fmt.Errorf("message %q: %w", m.Follows, errUnknownID)
	}
	if m.Kind == "receipt" {
		return a.acknowledge(m, from, original, at)
	}
	head := letterhead{
		messageID: pattern("########.#######@", name, at) + from.domain(), date: at, from: from,
		to: []person{{Name: a.Owner.Name, Address: to}}, subject: m.Subject, follows: original.head.messageID,
	}
	body := strings.TrimSpace(m.Body)
	if head.subject == "" {
		head.subject = "Re: " + strings.TrimPrefix(original.head.subject, "Re: ")
	}
	if m.Kind == "vacation" { // RFC 3834
		head.subject = "Risposta automatica: " + original.head.subject
		head.extra = "Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n"
	} else if known {
		body += quote(original.head, original.body)
	}
	a.deliver(m.Folder, head, plainText+"\n"+body)
	if m.ID != "" {
		a.sentBy[m.ID] = written{head: head, body: body}
	}
	return nil
}

func (a *author) deliver(folder string, head letterhead, rest string) {
	top := envelope(head.from.Address, head.to[0].Address, head.from.domain(), head.messageID, head.date, false)
	a.put(folder, top+head.String()+rest, head.date)
}

// acknowledge writes a read receipt.
func (a *author) acknowledge(m letter, from person, original written, at time.Time) error {
	to := original.head.from.Address
	text, err := a.layouts.fill("receipt", view{
		At: at, Arrival: original.head.date, To: to, Name: from.Name, From: from.Address, Domain: from.domain(),
		MessageID: original.head.messageID, Subject: original.head.subject,
		BounceID: pattern("########.#######", from.Address, at), Boundary: pattern("################", from.Address, at),
	})
	if err != nil {
		return err
	}
	a.put(m.Folder, envelope("", to, from.domain(), from.Address, at, false)+text, at)
	return nil
}

// repeat writes a series.
func (a *author) repeat(s series) error {
	every, err := time.ParseDuration(s.Every)
	if err != nil {
		return fmt.Errorf("its interval: %w", err)
	}
	for i := range s.Count {
		r := chance(s.From.Address + strconv.Itoa(i))
		at := s.Start.Add(time.Duration(i)*every + time.Duration(r.IntN(1500))*time.Second)
		fill := strings.NewReplacer("{n}", strconv.Itoa(s.Number+i), "{euro}", fmt.Sprintf("%d,%02d", 12+r.IntN(300), r.IntN(100)),
			"{giorno}", at.Format("02/01/2006"))
		head := letterhead{
			messageID: pattern("{time}.########@", s.From.Address, at) + s.From.domain(), date: at, from: s.From,
			to: []person{a.Owner}, subject: fill.Replace(s.Subject[i%len(s.Subject)]),
		}
		kind, body := plainText, fill.Replace(strings.TrimSpace(s.Body[i%len(s.Body)]))
		if s.List { // RFC 2369 and RFC 2919
			domain := s.From.domain()
			head.extra = fmt.Sprintf("List-Id: <novita.%s>\nList-Unsubscribe: <https://%s/cancella>\nPrecedence: bulk\n", domain, domain)
		}
		if strings.HasPrefix(body, "<") {
			kind = htmlText
		}
		a.deliver(s.Folder, head, kind+"\n"+body)
	}
	return nil
}
