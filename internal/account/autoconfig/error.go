package autoconfig

import (
	"errors"
	"fmt"
	"strings"

	"rimbalzo/internal/words"
)

// Error says why no servers were found.
type Error struct {
	// Kind is the last part of the id of its sentence: "autoconfig.error." + Kind. "domain": no mail domain; "nothing":
	// nobody knows its servers; "network": nobody could be asked.
	Kind   string
	Domain string
	Err    error // what everybody said
}

// Error gives the cause in English, for logs; people read [Describe].
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("find the servers of %q: %s", e.Domain, e.Kind)
	}
	return fmt.Sprintf("find the servers of %q: %s: %v", e.Domain, e.Kind, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Describe says in words what happened and what to do next. It reports false for an error that is none of this room's.
func Describe(err error, w *words.Words) (string, bool) {
	var e *Error
	if !errors.As(err, &e) {
		return "", false
	}
	return w.T("autoconfig.error."+e.Kind, "Domain", e.Domain), true
}

// Consent is the question to the person before anybody is asked: who would be asked, and what they get to know.
func Consent(domain string, w *words.Words) string {
	if ascii, ok := mailDomain(domain); ok {
		domain = ascii
	}
	return w.T("autoconfig.consent", "Domain", domain, "List", list)
}

// Told says in one sentence who named the servers of a candidate, and, where nothing but unsigned DNS vouches for servers
// outside the domain, that the person should know them.
func (c *Candidate) Told(domain string, w *words.Words) string {
	text := w.T("autoconfig.from."+string(c.Origin), "Domain", domain, "Name", c.Name)
	if len(c.Strange) > 0 {
		text += " " + w.T("autoconfig.strange", "Hosts", strings.Join(c.Strange, ", "), "Domain", domain)
	}
	return text
}
