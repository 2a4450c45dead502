// Package queue reads what a mail server prints of its queue, for a postmaster who wants to know what is still under way:
// postqueue -j and -p and mailq (Postfix), mailq (Sendmail), exim -bp. It is pure: text in, entries out.
package queue

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Entry is one recipient for whom a queue holds a message.
type Entry struct {
	ID        string
	Sender    string // bare address, "" for a bounce's empty sender
	Recipient string // bare address
	Arrived   time.Time
	Reason    string // why it is still there, on one line, at most 300 bytes; "" when the listing does not say
}

// ErrFormat means that a text is no queue listing.
var ErrFormat = errors.New("not a mail queue listing")

// Bounds of a listing: longer lines are cut, further entries left out.
const (
	maxLine    = 64 << 10
	maxEntries = 1_000_000
	maxReason  = 300
)

// Read reads a listing. taken is when it was made, from which Exim's ages count back and by which Postfix's and
// Sendmail's dates without a year are placed; zone is that of the server's clock. It fails with [ErrFormat] or as r does.
func Read(r io.Reader, taken time.Time, zone *time.Location) ([]Entry, error) {
	l := &listing{taken: taken.In(zone), zone: zone}
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 4096), maxLine)
	for s.Scan() && len(l.entries) < maxEntries {
		l.line(s.Text())
	}
	if err := s.Err(); err != nil && !errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("read a queue listing: %w", err)
	}
	if !l.known {
		return nil, ErrFormat
	}
	return l.entries, nil
}

// listing is a listing half read: the message whose recipients are coming, and the reason that was just told.
type listing struct {
	taken   time.Time
	zone    *time.Location
	known   bool // a line of a known form was seen
	current Entry
	reason  string
	open    bool // current is set
	entries []Entry
}

func (l *listing) line(line string) {
	text := strings.TrimSpace(line)
	switch {
	case text == "":
		l.open, l.reason = false, ""
	case strings.HasPrefix(text, "{"):
		l.json(text)
	case l.heading(text):
		l.known = true
	case l.message(line, text):
		l.known, l.reason = true, ""
	case strings.HasPrefix(text, "("):
		// Postfix and Sendmail tell the reason before the recipients it stands for.
		l.reason = shorten(strings.TrimSuffix(text[1:], ")"))
	case l.open:
		l.recipient(text)
	}
}

// heading knows the lines around a listing.
func (l *listing) heading(text string) bool {
	for _, start := range []string{"-Queue ID-", "-----Q-ID-----", "Mail queue is empty", "-- ", "Total requests:"} {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return strings.Contains(text, "mqueue") && strings.HasSuffix(text, ")")
}

// message reads the line that begins a message.
func (l *listing) message(line, text string) bool {
	f := strings.Fields(text)
	if at, ok := age(f); ok {
		l.begin(Entry{ID: f[2], Sender: bare(f[3]), Arrived: l.taken.Add(-at)})
		return true
	}
	if line[0] == ' ' || line[0] == '\t' || len(f) < 7 || !isNumber(f[1]) {
		return false
	}
	at, ok := l.date(f[2], f[3], f[4], f[5])
	if !ok {
		return false
	}
	l.begin(Entry{ID: strings.TrimRight(f[0], "*!#+-?X"), Sender: bare(f[6]), Arrived: at})
	return true
}

func (l *listing) begin(e Entry) { l.current, l.open = e, true }

// age reads the first columns of exim -bp: age, size, id, sender (Exim's specification, "Printing the queue").
func age(f []string) (time.Duration, bool) {
	if len(f) < 4 || !strings.HasPrefix(f[3], "<") || len(f[0]) < 2 || len(f[0]) > 6 {
		return 0, false
	}
	unit, ok := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}[f[0][len(f[0])-1]]
	digits := f[0][:len(f[0])-1]
	if !ok || !isNumber(digits) {
		return 0, false
	}
	var n int
	for _, c := range digits {
		n = 10*n + int(c-'0')
	}
	return time.Duration(n) * unit, true
}

func isNumber(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// date places a date without a year: the last one that is not after the listing was made.
func (l *listing) date(weekday, month, day, clock string) (time.Time, bool) {
	for _, layout := range []string{"Mon Jan 2 15:04:05", "Mon Jan 2 15:04"} {
		t, err := time.Parse(layout, strings.Join([]string{weekday, month, day, clock}, " "))
		if err != nil {
			continue
		}
		for year := l.taken.Year(); ; year-- {
			at := time.Date(year, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, l.zone)
			if !at.After(l.taken.Add(24*time.Hour)) || year < l.taken.Year()-1 {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// recipient reads a recipient's line: bare, in angle brackets, or, in Exim, with a D before one that is done with.
func (l *listing) recipient(text string) {
	f := strings.Fields(text)
	if f[0] == "D" || !strings.Contains(f[len(f)-1], "@") || len(f) > 1 {
		return
	}
	e := l.current
	e.Recipient, e.Reason = bare(f[0]), l.reason
	l.entries = append(l.entries, e)
}

// posted is a line of postqueue -j (Postfix 3.1 and later, postqueue(1)).
type posted struct {
	ID         string `json:"queue_id"`
	Arrived    int64  `json:"arrival_time"`
	Sender     string `json:"sender"`
	Recipients []struct {
		Address string `json:"address"`
		Reason  string `json:"delay_reason"`
	} `json:"recipients"`
}

func (l *listing) json(text string) {
	var p posted
	if err := json.Unmarshal([]byte(text), &p); err != nil || p.ID == "" {
		return
	}
	l.known = true
	for _, r := range p.Recipients {
		if r.Address != "" && len(l.entries) < maxEntries {
			l.entries = append(l.entries, Entry{
				ID: p.ID, Sender: bare(p.Sender), Recipient: bare(r.Address), Arrived: time.Unix(p.Arrived, 0).In(l.zone), Reason: shorten(r.Reason),
			})
		}
	}
}

// bare strips angle brackets; Postfix writes MAILER-DAEMON for the empty sender.
func bare(s string) string {
	s = strings.Trim(s, "<>")
	if s == "MAILER-DAEMON" {
		return ""
	}
	return s
}

func shorten(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if len(s) > maxReason {
		s = strings.ToValidUTF8(s[:maxReason], "") + "…"
	}
	return s
}
