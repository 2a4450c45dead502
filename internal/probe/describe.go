package probe

import (
	"net/url"
	"time"

	"rimbalzo/internal/words"
)

// Label names what is checked, as a person reads it: host and port, the mail domain, or the page's address without what may
// be private in it.
func (t Target) Label() string {
	t = t.complete()
	switch {
	case t.Kind == KindWeb:
		page, err := url.Parse(t.Host)
		if err != nil || page.Host == "" {
			return clean(t.Host)
		}
		return clean((&url.URL{Scheme: page.Scheme, Host: page.Host, Path: page.Path}).String())
	case t.Port == 0:
		return clean(t.Host)
	}
	return clean(joinHost(t.Host, t.Port))
}

// name is the name alone that is looked up.
func (t Target) name() string {
	if t.Kind == KindWeb {
		if page, err := url.Parse(t.Host); err == nil && page.Hostname() != "" {
			return clean(page.Hostname())
		}
	}
	return clean(t.Host)
}

// Describe says in the language of w what a check saw, and what to do next. at is now, in the zone of the person's: how long
// a certificate is still good for is counted from there, and times are told in its zone.
func Describe(r Result, w *words.Words, at time.Time) (seen, next string) {
	seen = w.T("probe.ending."+string(r.Ending), "Host", r.Label(), "Name", r.name())
	next = w.T("probe.next." + string(r.Ending))
	if r.Said != "" {
		seen += " " + w.T("probe.said", "Said", r.Said)
	}
	if !r.RetryAfter.IsZero() {
		seen += " " + w.T("probe.retry", "At", r.RetryAfter.In(at.Location()))
	}
	if r.Ending != EndingOK {
		return seen, next
	}
	if days, known := r.DaysLeft(at); known {
		seen += " " + w.N("probe.certificate", days)
	}
	if !r.Newest.IsZero() {
		seen += " " + w.T("probe.newest", "At", r.Newest.In(at.Location()))
	}
	return seen, next
}

// soonEnded is how close the end of a certificate is a warning: some live for six days only and are renewed two before
// their end (https://letsencrypt.org/docs/profiles/).
const soonEnded = 48 * time.Hour

// Severity gives how bad a result is at an instant, for whoever watches the endpoint: its ending's, and a warning where all
// is well but for a certificate about to end.
func (r Result) Severity(at time.Time) Severity {
	if s := r.Ending.Severity(); s != SeverityOK {
		return s
	}
	if !r.CertificateUntil.IsZero() && r.CertificateUntil.Sub(at) < soonEnded {
		return SeverityWarning
	}
	return SeverityOK
}
