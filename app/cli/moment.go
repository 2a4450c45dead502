package cli

import (
	"strings"
	"time"
)

// moment reads a TIME: RFC 3339, or a day with or without a clock time in Europe/Rome; empty is now.
func (a *app) moment(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return a.env.Now().In(a.zone), nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, a.zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errUsage{a.words.T("cli.error.time", "Value", clean(s))}
}

// stamp words a time that a message states; one without a zone says so.
func (a *app) stamp(t time.Time, zoned bool) string {
	switch {
	case t.IsZero():
		return a.words.T("cli.time.unknown")
	case !zoned:
		return a.words.T("cli.time.unzoned", "Time", t)
	}
	return a.words.Time(t.In(a.zone))
}
