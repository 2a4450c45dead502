package mailbox

import (
	"crypto/x509"
	"time"
)

// IMAPConfig says which account is read, and how.
type IMAPConfig struct {
	// URL is imaps://user@host[:port] (TLS from the start, port 993) or imap://user@host[:port] (port 143, STARTTLS
	// required). A user name with "@" may be written as it is. A password in it is refused.
	URL string
	// Password is asked once, when TLS is up and the server wants a login. Its error ends the reading.
	Password func() (string, error)
	// Auth is how to log in where a password is not the way; zero: with Password.
	Auth Auth
	// Roots are the authorities trusted for the server's certificate; nil means the system's. A private authority replaces
	// the system's: whoever names one for an account says that the server's certificate comes from it and from no other.
	Roots *x509.CertPool
	// Since is the day before which nothing is needed; zero means all there is.
	Since time.Time
	// RoleOf says what a folder is for by its name, where the server does not (RFC 6154). It may answer "" or [RoleOther].
	RoleOf func(name string) Role
	// Marks are where earlier readings ended: what they cover is not read again.
	Marks []Mark
	// Marked, when set, is told how far a folder has been read, from the goroutine that reads, after every message that the
	// mark covers was visited. Its error ends the reading.
	Marked func(Mark) error
	// Folders are read beside those found by their role, by the names that the server lists them under.
	Folders []string
	// Held is an open connection to the account over which is read as far as it lasts; nil: one of the reading's own.
	Held *Held
	// Progress, when set, is told now and then how far the reading is, from the goroutine that reads.
	Progress func(Progress)
	Timeouts Timeouts

	// few stands in for [fewMessages], lookEvery for the pause of that name, in tests.
	few       int
	lookEvery time.Duration
}

// Timeouts bound how long a server may take; zero means the default.
type Timeouts struct {
	Dial    time.Duration // for the name, the connection, TLS and the greeting, each (15 s)
	Idle    time.Duration // between two pieces of one answer (60 s)
	Command time.Duration // for one whole answer (5 min)
	Retry   time.Duration // before the first new connection after one was lost; doubles (1 s)
}

func (t Timeouts) orDefault() Timeouts {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{{&t.Dial, 15 * time.Second}, {&t.Idle, time.Minute}, {&t.Command, 5 * time.Minute}, {&t.Retry, time.Second}} {
		if *d.value <= 0 {
			*d.value = d.or
		}
	}
	return t
}

// Progress is how far the reading of one folder is, in messages; what earlier readings looked at does not count.
type Progress struct {
	Folder string
	Role   Role
	Looked int // looked at so far
	Found  int // of these, bounces or what may be one
	Left   int // still to be looked at
}
