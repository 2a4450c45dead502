package bounce

import (
	"strconv"
	"strings"
	"time"
)

// zones are the zone names that mail uses, in seconds east of Greenwich (RFC 5322 section 4.3 and names that servers write).
// They never come from the machine's own zone. A name with two meanings, such as IST, is left out: no zone is better than a wrong one.
var zones = map[string]int{
	"GMT": 0, "UT": 0, "UTC": 0, "Z": 0, "WET": 0,
	"EST": -5 * 3600, "EDT": -4 * 3600, "CST": -6 * 3600, "CDT": -5 * 3600,
	"MST": -7 * 3600, "MDT": -6 * 3600, "PST": -8 * 3600, "PDT": -7 * 3600,
	"CET": 3600, "MET": 3600, "MEZ": 3600, "WEST": 3600, "BST": 3600,
	"CEST": 7200, "MEST": 7200, "MESZ": 7200, "METDST": 7200, "EET": 7200,
	"EEST": 3 * 3600, "MSK": 3 * 3600, "MSD": 4 * 3600, "JST": 9 * 3600, "KST": 9 * 3600,
	"AEST": 10 * 3600, "AEDT": 11 * 3600, "NZST": 12 * 3600, "NZDT": 13 * 3600, "HST": -10 * 3600, "AKST": -9 * 3600, "AKDT": -8 * 3600,
	"BRT": -3 * 3600, "ART": -3 * 3600, "SAST": 2 * 3600, "HKT": 8 * 3600, "SGT": 8 * 3600,
}

var months = [12]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// parseDate reads a date as mail states it: RFC 5322 section 3.3, its obsolete forms, asctime, and ISO 8601. What it cannot read is the zero Stamp.
func parseDate(v string) Stamp {
	var d dateParts
	d.year, d.month, d.day, d.hour = -1, -1, -1, -1
	if len(v) > 200 {
		v = v[:200]
	}
	depth := 0
	for len(v) > 0 {
		for v != "" && v[0] != '(' && v[0] != ')' && endsWord(v[0]) {
			v = v[1:]
		}
		n := 0
		for n < len(v) && !endsWord(v[n]) {
			n++
		}
		switch {
		case n == len(v):
		case v[n] == '(' && n == 0:
			depth++
			v = v[1:]
			continue
		case v[n] == ')' && n == 0:
			depth = max(depth-1, 0)
			v = v[1:]
			continue
		}
		if n == 0 {
			break
		}
		if word := v[:n]; depth == 0 || d.zoneComment(word) {
			d.take(word)
		}
		v = v[n:]
	}
	return d.stamp()
}

// endsWord tells what stands between the words of a date.
func endsWord(c byte) bool {
	return c == ' ' || c == ',' || c == '\t' || c == '(' || c == ')' || c == '\r' || c == '\n'
}

// dateParts are the pieces of a date as they are found; -1 is not found.
type dateParts struct {
	year, month, day, hour, min, sec int
	offset                           int
	zoned                            bool
	pm                               int // 1 AM, 2 PM
}

// zoneComment tells a zone in a comment that says what no word outside says.
func (d *dateParts) zoneComment(word string) bool {
	_, known := zones[word]
	return known && !d.zoned && d.hour >= 0
}

func (d *dateParts) take(word string) {
	switch c := word[0]; {
	case (c == '+' || c == '-') && d.hour >= 0:
		d.takeOffset(word)
	case c >= '0' && c <= '9':
		d.takeNumber(word)
	default:
		d.takeName(word)
	}
}

func (d *dateParts) takeName(word string) {
	if d.hour < 0 {
		if m := monthOf(word); m > 0 && d.month < 0 {
			d.month = m
		}
		return // a zone stands behind the clock
	}
	upper := strings.ToUpper(word)
	if upper == "AM" || upper == "PM" {
		d.pm = 1 + strings.Index("AP", upper[:1])
		return
	}
	if d.month < 0 && len(word) >= 3 {
		if m := monthOf(word); m > 0 {
			d.month = m
			return
		}
	}
	if rest, ok := strings.CutPrefix(upper, "GMT"); ok && len(rest) > 1 {
		d.takeOffset(rest)
		return
	}
	if off, ok := zones[upper]; ok && !d.zoned && d.hour >= 0 {
		d.offset, d.zoned = off, true
	}
}

func monthOf(word string) int {
	if len(word) < 3 {
		return 0
	}
	for i, m := range months {
		if strings.EqualFold(word[:3], m) {
			return i + 1
		}
	}
	return 0
}

func (d *dateParts) takeOffset(word string) {
	digits := strings.ReplaceAll(word[1:], ":", "")
	n, err := strconv.Atoi(digits)
	if err != nil || len(digits) > 4 || d.zoned {
		return
	}
	if len(digits) <= 2 {
		n *= 100
	}
	off := (n/100)*3600 + (n%100)*60
	if off > 15*3600 {
		return
	}
	if word[0] == '-' {
		off = -off
	}
	d.offset, d.zoned = off, true
}

func (d *dateParts) takeNumber(word string) {
	switch {
	case strings.Contains(word, ":") || strings.Count(word, ".") == 2 && d.year >= 0 && len(word) <= 8:
		if date, clock, ok := strings.Cut(word, "T"); ok && strings.Count(date, "-") == 2 {
			d.takeDate(date, "-")
			word = clock
		}
		d.takeClock(word)
	case strings.Count(word, "-") == 2:
		d.takeDate(word, "-")
	case strings.Count(word, "/") == 2:
		d.takeDate(word, "/")
	default:
		n, err := strconv.Atoi(strings.TrimRight(word, ".,stndrh"))
		switch {
		case err != nil:
		case n > 31 || d.day >= 0:
			if d.year < 0 {
				d.year = fullYear(n, len(word))
			}
		default:
			d.day = n
		}
	}
}

// takeDate reads 2023-01-26, 26-Jan-2023 and 1/26/2023; the last with the month first, as the servers that write it do.
func (d *dateParts) takeDate(word, sep string) {
	f := strings.Split(word, sep)
	a, _ := strconv.Atoi(f[0])
	c, _ := strconv.Atoi(f[2])
	b, err := strconv.Atoi(f[1])
	if err != nil {
		d.day, d.month, d.year = a, monthOf(f[1]), fullYear(c, len(f[2]))
		return
	}
	switch {
	case len(f[0]) == 4:
		d.year, d.month, d.day = a, b, c
	case sep == "/" && a <= 12:
		d.month, d.day, d.year = a, b, fullYear(c, len(f[2]))
	default:
		d.day, d.month, d.year = a, b, fullYear(c, len(f[2]))
	}
}

// fullYear reads a short year as RFC 5322 section 4.3 says.
func fullYear(n, digits int) int {
	switch {
	case digits >= 4:
		return n
	case digits == 3:
		return 1900 + n
	case n < 50:
		return 2000 + n
	}
	return 1900 + n
}

func (d *dateParts) takeClock(word string) {
	if z := strings.IndexAny(word, "Z+-"); z > 0 {
		if word[z] == 'Z' {
			d.offset, d.zoned = 0, true
		} else {
			d.takeOffset(word[z:])
		}
		word = word[:z]
	}
	f := strings.FieldsFunc(word, func(r rune) bool { return r == ':' || r == '.' })
	if len(f) < 2 || d.hour >= 0 {
		return
	}
	h, err1 := strconv.Atoi(f[0])
	m, err2 := strconv.Atoi(f[1])
	if err1 != nil || err2 != nil {
		return
	}
	d.hour, d.min = h, m
	if len(f) > 2 {
		d.sec, _ = strconv.Atoi(f[2])
	}
}

func (d *dateParts) stamp() Stamp {
	if d.year < 1970 || d.year > 2200 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 ||
		d.hour < 0 || d.hour > 24 || d.min < 0 || d.min > 59 || d.sec < 0 || d.sec > 60 {
		return Stamp{}
	}
	switch {
	case d.pm == 2 && d.hour < 12:
		d.hour += 12
	case d.pm == 1 && d.hour == 12:
		d.hour = 0
	}
	zone := time.UTC
	if d.zoned && d.offset != 0 {
		zone = time.FixedZone("", d.offset)
	}
	at := time.Date(d.year, time.Month(d.month), d.day, d.hour, d.min, d.sec, 0, zone)
	return Stamp{At: at, Zoned: d.zoned}
}
