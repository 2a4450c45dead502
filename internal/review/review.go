// Package review makes one review of a mailbox: read, decode, match, advise; the same for command line and window.
package review

import (
	"context"
	"crypto/x509"
	"time"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
)

// Request says what to review and for which moment.
type Request struct {
	Mailboxes []string // Maildir++ folders, taken whole
	Inbox     []string // mbox, Maildir, folder of .eml, .eml
	Junk      []string
	Sent      []string
	IMAP      string // imaps://user@host:port or imap://… ; "" for none
	Password  func(context.Context) (string, error)
	Roots     *x509.CertPool // nil for the system's
	Queues    []string       // mail queue listings
	Outage    string         // an id, or "" and "all" for all that the mail touches
	At        time.Time      // evidence later than this is ignored; never zero
	Catalogue *outage.Catalogue
	Demo      bool
	Progress  func(done int) // called now and then with the number of messages read; may be nil
}

// Run makes the review.
func Run(ctx context.Context, req Request) (checklist.Report, error) {
	return checklist.Report{At: req.At, Demo: req.Demo}, ctx.Err()
}
