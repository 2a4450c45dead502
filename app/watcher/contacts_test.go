package watcher

import (
	"reflect"
	"testing"
	"time"

	"rimbalzo/internal/watch"
)

func TestContactsOf(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 11, 22, hour, 0, 0, 0, time.UTC) }
	knocks := []watch.Knock{
		{Host: "imap a:993", Why: watch.ForCheck, Times: 3, Last: at(8)},
		{Host: "imap a:993", Why: watch.ForMail, Times: 2, Last: at(9)},
		{Host: "mx gone.example", Why: watch.ForCheck, Times: 1, Last: at(7)},
	}
	sums := []watch.Sum{{Endpoint: "imap a:993", Pass: 2, Refusal: 1}, {Endpoint: "imap a:993", Pass: 1, Failure: 1, Busy: 1}}
	running := &Status{Status: watch.Status{Connections: []watch.Connection{
		{Host: "imap a:993", Today: 5, Last: at(9), Next: at(10), Why: map[watch.Reason]int{watch.ForCheck: 3, watch.ForMail: 2}},
		{Host: "web https://b.example", Today: 7, Last: at(6), Next: at(11), Why: map[watch.Reason]int{watch.ForHand: 7}},
	}}}
	a := Contact{Host: "imap a:993", Today: 5, Why: map[watch.Reason]int{watch.ForCheck: 3, watch.ForMail: 2}, Passed: 3, Busy: 1, Refused: 1, Failed: 1, Last: at(9)}
	gone := Contact{Host: "mx gone.example", Today: 1, Why: map[watch.Reason]int{watch.ForCheck: 1}, Last: at(7)}
	smtp := Contact{Host: "smtp a:465", Why: map[watch.Reason]int{}}
	planned := []string{"smtp a:465", "imap a:993"}
	got := ContactsOf("2026-11-22", knocks, sums, nil, planned)
	if want := (Contacts{Day: "2026-11-22", Contacts: []Contact{a, gone, smtp}}); !reflect.DeepEqual(got, want) {
		t.Errorf("without a watcher:\n%+v, want\n%+v", got, want)
	}
	// What the store and the watcher both know is counted once.
	a.Next = at(10)
	web := Contact{Host: "web https://b.example", Today: 7, Why: map[watch.Reason]int{watch.ForHand: 7}, Last: at(6), Next: at(11)}
	got = ContactsOf("2026-11-22", knocks, sums, running, planned)
	if want := (Contacts{Day: "2026-11-22", Running: true, Contacts: []Contact{web, a, gone, smtp}}); !reflect.DeepEqual(got, want) {
		t.Errorf("with one:\n%+v, want\n%+v", got, want)
	}
	if got := ContactsOf("2026-11-22", nil, nil, nil, nil); got.Contacts == nil || len(got.Contacts) > 0 {
		t.Errorf("nothing at all: %+v", got)
	}
}
