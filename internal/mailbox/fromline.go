package mailbox

import (
	"bytes"
	"time"
)

var (
	fromSpace = []byte("From ")
	newline   = []byte("\n")
)

// maxFromLine is the longest line taken for a "From " line.
const maxFromLine = 1024

// zoneMinutes are the zones that "From " lines were seen with, as minutes east of Greenwich. The machine's own zone data
// is not asked: it knows one meaning per name and only where it stands (RFC 5322 section 4.3 for the American ones).
var zoneMinutes = map[string]int{
	"UTC": 0, "GMT": 0, "Z": 0, "UT": 0, "WET": 0,
	"CET": 60, "MET": 60, "BST": 60, "WEST": 60,
	"CEST": 120, "MEST": 120, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180,
	"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
}

var months = map[string]time.Month{
	"Jan": time.January, "Feb": time.February, "Mar": time.March, "Apr": time.April, "May": time.May,
	"Jun": time.June, "Jul": time.July, "Aug": time.August, "Sep": time.September, "Oct": time.October,
	"Nov": time.November, "Dec": time.December,
}

// fromLineDate reads the date of a "From " line: RFC 4155 appendix A wants asctime in UTC
// ("Mon Jan 23 10:00:00 2023"); a zone before or after the year and the order of RFC 5322 are met as well. Where no zone
// stands the wall clock is taken for UTC, as RFC 4155 says, though some programs write local time.
// It reports false where there is no whole date, which is what tells "From me to you" in a text from a separator.
func fromLineDate(line []byte) (time.Time, bool) {
	var words [32][]byte
	n, clock := 0, -1
	for rest := line; n < len(words); n++ {
		rest = bytes.TrimLeft(rest, " \t\r\n,")
		if len(rest) == 0 {
			break
		}
		end := bytes.IndexAny(rest, " \t\r\n,")
		if end < 0 {
			end = len(rest)
		}
		words[n], rest = rest[:end], rest[end:]
		if _, _, _, ok := clockTime(words[n]); ok {
			clock = n
		}
	}
	if clock < 2 {
		return time.Time{}, false
	}
	return dateAround(words[max(clock-4, 0):min(clock+4, n)], words[clock])
}

// arrivalIn is when a message arrived, as its "From " line says; zero where it does not tell. Thunderbird, which writes "From - ",
// notes when it put the message into this file, in local time: long after it came, where it was fetched late, moved or imported.
func arrivalIn(line []byte) time.Time {
	if bytes.HasPrefix(line, []byte("From - ")) {
		return time.Time{}
	}
	t, _ := fromLineDate(line)
	return t
}

// dateAround puts together the words that stand around a clock time.
func dateAround(words [][]byte, clock []byte) (time.Time, bool) {
	var (
		month           time.Month
		day, year, east int
	)
	hour, minute, second, _ := clockTime(clock)
	for _, w := range words {
		if m, ok := months[string(w)]; ok {
			month = m
		} else if z, ok := zoneMinutes[string(w)]; ok {
			east = z
		} else if z, ok := numericZone(w); ok {
			east = z
		} else if v, ok := number(w); ok && len(w) <= 2 && day == 0 {
			day = v
		} else if ok && len(w) == 4 {
			year = v
		}
	}
	if month == 0 || day < 1 || day > 31 || year < 1970 || year > 9000 {
		return time.Time{}, false
	}
	t := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	return t.Add(-time.Duration(east) * time.Minute), true
}

// clockTime reads "10:00" and "10:00:00".
func clockTime(w []byte) (hour, minute, second int, ok bool) {
	if len(w) < 4 || len(w) > 8 {
		return 0, 0, 0, false
	}
	h, rest, found := bytes.Cut(w, []byte(":"))
	if !found {
		return 0, 0, 0, false
	}
	m, s, hasSecond := bytes.Cut(rest, []byte(":"))
	hour, okH := number(h)
	minute, okM := number(m)
	okS := true
	if hasSecond {
		second, okS = number(s)
	}
	ok = okH && okM && okS && hour < 24 && minute < 60 && second <= 60
	return hour, minute, second, ok
}

// numericZone reads "+0100" as minutes east.
func numericZone(w []byte) (int, bool) {
	if len(w) != 5 || (w[0] != '+' && w[0] != '-') {
		return 0, false
	}
	v, ok := number(w[1:])
	if !ok || v%100 >= 60 {
		return 0, false
	}
	east := v/100*60 + v%100
	if w[0] == '-' {
		east = -east
	}
	return east, true
}

// number reads up to four digits.
func number(w []byte) (int, bool) {
	if len(w) == 0 || len(w) > 4 {
		return 0, false
	}
	v := 0
	for _, c := range w {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int(c-'0')
	}
	return v, true
}
