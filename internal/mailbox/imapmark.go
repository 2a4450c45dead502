package mailbox

import (
	"time"

	"github.com/emersion/go-imap/v2"
)

// Mark says how far one folder has been read, so that a later reading goes on from there. It is valid for the folder as long as
// the server keeps its UIDVALIDITY (RFC 9051 section 2.3.1.1); with another one the folder is read anew.
type Mark struct {
	Folder   string // its name, as the server lists it
	Role     Role
	Validity uint32 // UIDVALIDITY
	// Hits is the UID below which the bounces that a search finds were visited. They come first, so it runs ahead of Next.
	Hits uint32
	// Next is the UID below which every message was visited, as far as it arrived on Since's day or later.
	Next uint32
	// Digest is of the bounces between Next and Hits that were visited. A search that finds the same ones again spares reading them
	// twice; any other digest, 0 too, costs no more than that.
	Digest uint64
	// Since is the day from which on messages were wanted, as midnight UTC; zero means from the folder's beginning.
	Since time.Time
}

// dayOf is the calendar day of t in t's own zone as midnight UTC, so that days compare; zero stays zero. SEARCH knows days only, those
// of the server's zone (RFC 9051 section 6.4.4).
func dayOf(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// begins reports whether a reading from day a covers more than one from day b; zero is the beginning of all.
func begins(a, b time.Time) bool { return !b.IsZero() && (a.IsZero() || a.Before(b)) }

// fingerprint spreads a UID over 64 bits, so that sums of different sets differ (splitmix64, https://prng.di.unimi.it/splitmix64.c).
func fingerprint(uid imap.UID) uint64 {
	x := uint64(uid) * 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// fits reports whether a mark is of a folder that stands like that: of the same UIDVALIDITY, and not from a server that has none or
// that has counted its UIDs anew behind it.
func (m Mark) fits(p place, o opened) bool {
	return m.Folder == p.name && m.Validity == o.validity && o.validity != 0 && m.Next != 0 && (o.next == 0 || imap.UID(m.Next) <= o.next)
}

// resume finds where an earlier reading of a folder ended. Without a mark that fits, it is read from the beginning.
func resume(marks []Mark, p place, o opened, since time.Time) Mark {
	fresh := Mark{Folder: p.name, Role: p.role, Validity: o.validity, Hits: 1, Next: 1, Since: since}
	for _, m := range marks {
		if !m.fits(p, o) {
			continue
		}
		m.Role = p.role
		if m.Hits < m.Next || o.next != 0 && imap.UID(m.Hits) > o.next {
			m.Hits, m.Digest = m.Next, 0
		}
		return m
	}
	return fresh
}
