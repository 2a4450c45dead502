package store

import (
	"hash/fnv"
	"io"
	"strconv"
	"time"

	"rimbalzo/internal/advice"
)

// Record is what is kept of one message. Of its contents exactly one is set.
type Record struct {
	Place    string // the folder on IMAP, else the path that was read
	Validity uint32 // UIDVALIDITY (RFC 9051 section 2.3.1.1); 0 for files
	UID      uint32 // 0 for files
	Key      string // what tells a message in files from others; "" where its source does
	Source   string // as in advice; on IMAP it is made of place, validity and UID
	// Digest is the same for the same message in each folder of an account; 0 where nothing is known of that.
	Digest uint64
	// Copy is set for what a folder of all mail shows: it does not count where another folder has the same message, whichever of
	// them was read first.
	Copy     bool
	Sent     *advice.Outgoing
	Incoming *advice.Incoming
	Report   *advice.Reported
	Unread   string // why the message could not be read
}

// kind says what a record holds; it is kept in the file, so the numbers stay.
type kind uint8

const (
	kindUnread   kind = 0
	kindSent     kind = 1
	kindIncoming kind = 2
	kindReport   kind = 3
)

func (r *Record) kind() kind {
	switch {
	case r.Sent != nil:
		return kindSent
	case r.Incoming != nil:
		return kindIncoming
	case r.Report != nil:
		return kindReport
	}
	return kindUnread
}

// key names the record in its place where no UID does.
func (r *Record) key() string {
	switch {
	case r.UID != 0:
		return ""
	case r.Key != "":
		return r.Key
	}
	return r.Source
}

// at is when the message was sent or arrived, by which its age counts.
func (r *Record) at() time.Time {
	switch r.kind() {
	case kindSent:
		return r.Sent.SentAt.At
	case kindIncoming:
		return r.Incoming.At
	case kindReport:
		return r.Report.ArrivedAt
	}
	return time.Time{}
}

// ident is the same for the same message wherever it lies, whichever program decoded it.
func (r *Record) ident() int64 {
	h := fnv.New64a()
	put := func(list ...string) {
		for _, s := range list {
			_, _ = io.WriteString(h, strconv.Itoa(len(s))+":"+s) // a hash never fails
		}
	}
	switch r.kind() {
	case kindSent:
		put("sent", r.Sent.MessageID, r.Sent.From, r.Sent.SentAt.String(), r.Sent.Subject)
		put(r.Sent.Recipients...)
	case kindIncoming:
		put("incoming", r.Incoming.MessageID, r.Incoming.From, r.Incoming.SentAt.String(), r.Incoming.Subject)
	case kindReport:
		put("report", r.Report.Traits.MessageID, r.Report.Traits.From, r.Report.Traits.Subject, r.Report.Report.BouncedAt.String())
		put(r.Report.Report.Original.MessageID)
		for i := range r.Report.Report.Recipients {
			put(r.Report.Report.Recipients[i].Address)
		}
	case kindUnread:
		put("unread", r.source())
	}
	return int64(h.Sum64())
}

// source names the message as internal/mailbox does.
func (r *Record) source() string {
	if r.UID == 0 {
		return r.Source
	}
	return r.Place + ";" + strconv.FormatUint(uint64(r.Validity), 10) + "/" + strconv.FormatUint(uint64(r.UID), 10)
}
