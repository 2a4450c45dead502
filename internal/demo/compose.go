package demo

import (
	"fmt"
	"mime"
	"strings"
	"time"
)

// hoster is the server that takes in Elena's mail.
const hoster = "mx.postaromagna.example"

// rfc5322 is how a Date field writes an instant (RFC 5322 section 3.3).
const rfc5322 = "Mon, 02 Jan 2006 15:04:05 -0700"

// word makes an unstructured header text of s, with encoded words where it needs them (RFC 2047).
func word(s string) string { return mime.QEncoding.Encode("utf-8", s) }

// mailbox writes a name and an address as address fields want them; phrases of letters and spaces need no quotes.
func (p person) mailbox() string {
	name := word(p.Name)
	if name == p.Name && strings.ContainsAny(name, ".,:;()") {
		name = `"` + name + `"`
	}
	return name + " <" + p.Address + ">"
}

// mailboxes writes an address field, one address to a line, or "" without people.
func mailboxes(field string, people []person) string {
	if len(people) == 0 {
		return ""
	}
	list := make([]string, len(people))
	for i, p := range people {
		list[i] = p.mailbox()
	}
	return field + ": " + strings.Join(list, ",\n\t") + "\n"
}

// letterhead is what the headers of a message are made of.
type letterhead struct {
	messageID   string
	date        time.Time
	from        person
	to, cc, bcc []person
	subject     string
	follows     string // message id, "" when it answers nothing
	forwards    bool   // it passes on what it follows, instead of answering it
	extra       string // more header fields, each ended by a newline
}

func (h letterhead) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Message-ID: <%s>\nDate: %s\nMIME-Version: 1.0\n", h.messageID, h.date.Format(rfc5322))
	b.WriteString(h.extra)
	fmt.Fprintf(&b, "From: %s\n", h.from.mailbox())
	b.WriteString(mailboxes("To", h.to))
	b.WriteString(mailboxes("Cc", h.cc))
	b.WriteString(mailboxes("Bcc", h.bcc))
	if h.follows != "" {
		if !h.forwards {
			fmt.Fprintf(&b, "In-Reply-To: <%s>\n", h.follows)
		}
		fmt.Fprintf(&b, "References: <%s>\n", h.follows)
	}
	fmt.Fprintf(&b, "Subject: %s\n", word(h.subject))
	return b.String()
}

const (
	plainText = "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
	htmlText  = "Content-Type: text/html; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
)

// quote repeats text as mail programs do when answering it.
func quote(of letterhead, text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return fmt.Sprintf("\n\nIl %s %s ha scritto:\n> %s", of.date.Format("02/01/2006 15:04"), of.from.Name,
		strings.Join(lines, "\n> "))
}

// envelope is what the receiving server put on top of a message.
func envelope(returnPath, to, from, name string, at time.Time, bare bool) string {
	top := "Return-Path: <" + returnPath + ">\n"
	if bare {
		top = ""
	}
	host, address := outgoing(from)
	return top + fmt.Sprintf("Delivered-To: %s\nReceived: from %s (%s [%s])\n\tby %s (Postfix) with ESMTPS id %s\n\tfor <%s>; %s (CET)\n",
		to, host, host, address, hoster, pattern("4P^^^^8#^zz^^", name, at), to, at.Format(rfc5322))
}

// outgoing is the server through which a domain's mail, or a host's own, comes in, with an address from those reserved
// for documentation (RFC 5737).
func outgoing(from string) (host, address string) {
	switch {
	case struck(from):
		return "smtp-34.italiaonline.it", "192.0.2.34"
	case strings.Count(from, ".") > 1: // a host already
		return from, fmt.Sprintf("198.51.100.%d", 1+chance(from).IntN(250))
	}
	return "out." + from, fmt.Sprintf("203.0.113.%d", 1+chance(from).IntN(250))
}

// struck reports whether mail for a domain goes to the provider of the outage.
func struck(domain string) bool {
	switch domain {
	case "libero.it", "virgilio.it", "inwind.it", "iol.it", "blu.it", "giallo.it":
		return true
	}
	return false
}

// exchanger is the server that takes in a domain's mail; the provider's are those of its presets (ISPDB).
func exchanger(domain string) (host, address string) {
	switch {
	case domain == "virgilio.it":
		return "smtp-in.virgilio.it", "192.0.2.26"
	case struck(domain):
		return "smtp-in.libero.it", "192.0.2.25"
	}
	return "mx." + domain, fmt.Sprintf("198.51.100.%d", 1+chance(domain).IntN(250))
}
