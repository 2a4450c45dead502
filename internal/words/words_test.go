package words

import (
	"testing"
	"time"
)

func TestSentences(t *testing.T) {
	rome := time.FixedZone("CET", 3600)
	at := time.Date(2023, 1, 26, 18, 0, 0, 0, rome)
	for name, tc := range map[string]struct{ got, want string }{
		"italian":           {New("it").T("verdict.resend"), "Rispedisci"},
		"english":           {New("en").T("verdict.resend"), "Send again"},
		"unknown language":  {New("de").T("verdict.wait"), "Wait"},
		"unknown id":        {New("en").T("no.such.id"), "no.such.id"},
		"time argument it":  {New("it").T("when.at", "Time", at), "dopo il 26 gennaio 2023, 18:00"},
		"time argument en":  {New("en").T("when.at", "Time", at), "after 26 January 2023, 18:00"},
		"one":               {New("it").N("time.days", 1), "1 giorno"},
		"other":             {New("it").N("time.days", 5), "5 giorni"},
		"zero":              {New("en").N("time.hours", 0), "0 hours"},
		"duration in days":  {New("en").Duration(5 * 24 * time.Hour), "5 days"},
		"duration in hours": {New("it").Duration(8 * time.Hour), "8 ore"},
		"thousands it":      {New("it").Number(1234567), "1.234.567"},
		"thousands en":      {New("en").Number(-1234), "-1,234"},
		"short":             {New("it").ShortTime(at), "26 gen 18:00"},
		"the first, it":     {New("it").Day(at.AddDate(0, 0, 6)), "1º febbraio 2023"},
		"the first, en":     {New("en").Day(at.AddDate(0, 0, 6)), "1 February 2023"},
		"no time":           {New("it").Time(time.Time{}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.got != tc.want {
				t.Errorf("got %q, want %q", tc.got, tc.want)
			}
		})
	}
}
