package words

import (
	"strings"
	"testing"
	"time"
)

// TestArticlesBeforeDates: Italian says "l'8" and "all'11", whether the date is given as a time or as words.
func TestArticlesBeforeDates(t *testing.T) {
	it, en := New("it"), New("en")
	day := func(d int) time.Time { return time.Date(2023, 2, d, 12, 0, 0, 0, time.UTC) }
	for name, tc := range map[string]struct{ got, want string }{
		"al":      {it.T("checklist.title", "Time", day(8)), "all'8 febbraio 2023, 12:00"},
		"as text": {it.T("checklist.title", "Time", it.Time(day(11))), "all'11 febbraio 2023, 12:00"},
		"capital": {it.T("rule.warned", "Time", day(8)), "L'8 febbraio 2023, 12:00 un server"},
		"both":    {it.T("outagepage.from-to", "From", it.ShortTime(day(8)), "To", it.ShortTime(day(11))), "dall'8 feb 12:00 all'11 feb 12:00"},
		"others":  {it.T("checklist.title", "Time", day(18)), "al 18 febbraio"},
		"first":   {it.T("checklist.title", "Time", day(1)), "al 1º febbraio"},
		"English": {en.T("checklist.title", "Time", day(8)), "8 February 2023"},
	} {
		if !strings.Contains(tc.got, tc.want) || strings.Contains(tc.got, beginsWithVowel) {
			t.Errorf("%s: %q, not %q", name, tc.got, tc.want)
		}
	}
	// A subject is what it was.
	if got := it.T("rule.copy-sent", "Time", day(3), "Subject", "Riunione dal 8 febbraio"); !strings.Contains(got, "«Riunione dal 8 febbraio»") {
		t.Errorf("%q", got)
	}
}
