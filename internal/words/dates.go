package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

var months = map[string][12]string{
	"it": {
		"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
		"luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
	},
	"en": {
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	},
}

// Time gives a day and a clock time in t's own zone: "26 January 2023, 18:00"; "" for the zero time.
func (w *Words) Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return w.Day(t) + ", " + w.Clock(t)
}

// Day gives a day in t's own zone: "26 gennaio 2023"; "" for the zero time.
func (w *Words) Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s %s %d", w.dayOfMonth(t), months[w.lang][t.Month()-1], t.Year())
}

// dayOfMonth gives the day's number; Italian counts the first one only.
func (w *Words) dayOfMonth(t time.Time) string {
	if w.lang == "it" && t.Day() == 1 {
		return "1º"
	}
	return strconv.Itoa(t.Day())
}

// ShortTime gives a day without its year and a clock time, for narrow places: "26 gen 18:00".
func (w *Words) ShortTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s %s %s", w.dayOfMonth(t), months[w.lang][t.Month()-1][:3], w.Clock(t))
}

// Clock gives the time of day: "18:00".
func (w *Words) Clock(t time.Time) string { return t.Format("15:04") }

// Number gives a whole number with the thousands set apart as the language does: 12.345 or 12,345.
func (w *Words) Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	sep := ","
	if w.lang == "it" {
		sep = "."
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), sep)
}

// Duration gives a length of time in its largest sensible unit: "3 days", "8 ore".
func (w *Words) Duration(d time.Duration) string {
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		return w.N("time.days", int(d/(24*time.Hour)))
	case d >= time.Hour:
		return w.N("time.hours", int(d.Round(time.Hour)/time.Hour))
	}
	return w.N("time.minutes", int(d.Round(time.Minute)/time.Minute))
}
