package resend

import (
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// MailTo gives a link that opens a new message with the copy's recipients, subject and text in whatever writes the person's mail
// (RFC 6068). ok is false where the message is more than a short plain text, is not all there, or makes a longer link than Outlook
// takes.
func MailTo(c Copy) (link string, ok bool) {
	if !c.Complete {
		return "", false
	}
	return c.file.Mailto()
}

// Clients are the mail programs and webmails that there are steps for, in the order in which they are offered. Their names are the
// sentences "resend.client." + id.
var Clients = []string{"thunderbird", "outlook", "outlook-new", "apple-mail", "gmail", "libero", "virgilio"}

// ClientName gives a client's name.
func ClientName(w *words.Words, client string) string { return w.T("resend.client." + client) }

// Steps says in short sentences, in order, how to send a message again with a client of [Clients]: by opening the copy's file, or, in a
// webmail, from the sent mail.
func Steps(w *words.Words, client string) []string {
	if !slices.Contains(Clients, client) {
		return nil
	}
	return strings.Split(w.T("resend.steps."+client), "\n")
}

// Clue is what finds a message among the sent mail.
type Clue struct {
	Subject string // to be put into a search; "" where there was none
	Sent    string // the date and time, in words
	Folder  string // where it was found, else how such folders are mostly named
	Search  string // what to type into the search of a webmail
}

// ClueOf says how an item's message is found among the sent mail; folder is [Copy].Folder, "" where nobody looked.
func ClueOf(item *advice.Item, folder string, w *words.Words, zone *time.Location) Clue {
	c := Clue{Subject: checklist.Plain(item.Subject, maxSubject), Folder: checklist.Plain(folder, maxShown)}
	if c.Folder == "" {
		c.Folder = w.T("resend.sent-folder")
	}
	if !item.SentAt.IsZero() {
		c.Sent = w.Time(item.SentAt.In(zone).In(zone))
	}
	if c.Search = c.Subject; c.Search == "" {
		c.Search = checklist.Plain(item.Recipient, maxShown)
	}
	return c
}

// maxSubject bounds a subject that is shown, in characters.
const maxSubject = 200
