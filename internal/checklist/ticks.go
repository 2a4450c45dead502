package checklist

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strconv"
	"strings"
	"time"

	"rimbalzo/internal/advice"
)

// Ticks is what a person has said of items: for each the last word and the last note, and when each was said. The zero Ticks
// is empty and ready; a nil one reads as empty. It is not safe for concurrent use.
type Ticks struct {
	last  map[string]tick
	notes map[string]note
	// whole says that something is said of a message as a whole: else nobody need ask for its key.
	whole bool
}

// tick is one word about one item, at a time in nanoseconds since 1970.
type tick struct {
	word advice.Word // "" for a tick taken away
	at   int64
}

// after reports whether t outranks u: the later word wins, of two at the same time the one that leaves less to do.
func (t tick) after(u tick) bool {
	if t.at != u.at {
		return t.at > u.at
	}
	return t.word.Outranks(u.word)
}

// The times that a tick may have: anything else is a clock gone wrong, and would not survive being written.
var (
	firstTick = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	lastTick  = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Key names an item for good: by its Message-ID and recipient, without a Message-ID by time of sending, subject and
// recipient. It is 32 or 33 characters of ASCII and tells nothing of the message.
func Key(item *advice.Item) string {
	var room [256]byte // most items need no more, and a list of 100,000 is asked for its keys again and again
	text := room[:0]
	put := func(s string) {
		text = strconv.AppendInt(text, int64(len(s)), 10)
		text = append(append(text, ':'), s...)
	}
	prefix := ""
	if item.MessageID != "" {
		put(item.MessageID)
	} else {
		// The instant and not its spelling: two copies of a message may state it in different zones.
		prefix = "~"
		if !item.SentAt.IsZero() {
			put(item.SentAt.At.UTC().Format(time.RFC3339))
		} else {
			put("")
		}
		put(item.Subject)
	}
	put(item.Recipient)
	sum := sha256.Sum256(text)
	return prefix + hex.EncodeToString(sum[:16])
}

// whole is the key of a word about a message whoever its recipients are; "" where the message has no id to be known by.
func whole(messageID string) string {
	if messageID == "" {
		return ""
	}
	return "*" + Key(&advice.Item{MessageID: messageID})
}

// Set ticks an item off at a time.
func (t *Ticks) Set(item *advice.Item, at time.Time) { t.Say(item, advice.SaidDone, at) }

// Unset takes back at a time whatever was said of an item.
func (t *Ticks) Unset(item *advice.Item, at time.Time) { t.Say(item, "", at) }

// Has reports whether anything was said of an item that leaves nothing to do.
func (t *Ticks) Has(item *advice.Item) bool { return t.Word(item) != "" }

// Word gives what was said last of an item, "" for nothing.
func (t *Ticks) Word(item *advice.Item) advice.Word {
	last, _ := t.of(item)
	return last.word
}

// of gives the last word about an item: its own, or that about its message as a whole.
func (t *Ticks) of(item *advice.Item) (tick, bool) {
	if t == nil || len(t.last) == 0 {
		return tick{}, false
	}
	own, ok := t.last[Key(item)]
	if !t.whole {
		return own, ok
	}
	if all, said := t.last[whole(item.MessageID)]; said && (!ok || all.after(own)) {
		return all, true
	}
	return own, ok
}

// Said gives what was said of items in the form in which advice takes it into account.
func (t *Ticks) Said(items []advice.Item) []advice.Said {
	if t == nil || len(t.last) == 0 {
		return nil
	}
	var list []advice.Said
	for i := range items {
		item := &items[i]
		if last, ok := t.of(item); ok && last.word != "" {
			list = append(list, advice.Said{
				MessageID: item.MessageID, SentAt: item.SentAt, Subject: item.Subject, Recipient: item.Recipient,
				Word: last.word, At: time.Unix(0, last.at).UTC(),
			})
		}
	}
	return list
}

// Say takes a person's word about an item, "" taking back what was said. It always counts: where the clock was put back, it
// is taken as just after the last one. An item with an id and no recipient stands for all recipients of its message.
func (t *Ticks) Say(item *advice.Item, word advice.Word, at time.Time) {
	key := keyOf(item)
	said := tick{word: word, at: possible(at)}
	if old, ok := t.of(item); ok && said.at <= old.at {
		if old.word == word {
			return
		}
		said.at = min(old.at+1, lastTick.UnixNano())
	}
	t.put(key, said)
}

// keyOf is the key under which something is said of an item, or of all recipients of a message.
func keyOf(item *advice.Item) string {
	if item.Recipient == "" && item.MessageID != "" {
		return whole(item.MessageID)
	}
	return Key(item)
}

// possible gives a time in nanoseconds since 1970, kept where a tick can be.
func possible(at time.Time) int64 {
	switch {
	case at.Before(firstTick):
		at = firstTick
	case at.After(lastTick):
		at = lastTick
	}
	return at.UnixNano()
}

// take keeps the later of two words.
func (t *Ticks) take(key string, word tick) {
	if old, ok := t.last[key]; !ok || word.after(old) {
		t.put(key, word)
	}
}

func (t *Ticks) put(key string, word tick) {
	if t.last == nil {
		t.last = make(map[string]tick)
	}
	t.last[key] = word
	t.whole = t.whole || strings.HasPrefix(key, "*")
}

// Clone gives a copy that does not change with t, as another goroutine needs it.
func (t *Ticks) Clone() *Ticks {
	if t == nil {
		return new(Ticks)
	}
	return &Ticks{last: maps.Clone(t.last), notes: maps.Clone(t.notes), whole: t.whole}
}

// Merge takes in what others says: for each item the later word and the later note stay. The order of merging does not
// matter, nor does merging twice.
func (t *Ticks) Merge(other *Ticks) {
	if other == nil {
		return
	}
	for key, word := range other.last {
		t.take(key, word)
	}
	for key, n := range other.notes {
		t.takeNote(key, n)
	}
}

// News counts the words and notes that merging other would bring.
func (t *Ticks) News(other *Ticks) (words, notes int) {
	if other == nil {
		return 0, 0
	}
	for key, word := range other.last {
		if old, ok := t.last[key]; !ok || word.after(old) {
			words++
		}
	}
	for key, n := range other.notes {
		if old, ok := t.notes[key]; !ok || n.after(old) {
			notes++
		}
	}
	return words, notes
}
