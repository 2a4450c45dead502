package checklist

import (
	"time"

	"rimbalzo/internal/advice"
)

// maxNote bounds a person's note of an item, in characters.
const maxNote = 500

// note is what a person has written beside an item, at a time in nanoseconds since 1970.
type note struct {
	text string // "" for a note taken away
	at   int64
}

// after reports whether n outranks m: the later note wins, of two at the same time the one further on in the alphabet, so
// that two computers choose alike.
func (n note) after(m note) bool {
	if n.at != m.at {
		return n.at > m.at
	}
	return n.text > m.text
}

// WriteNote keeps a person's note of an item, "" taking it away. It is made one line of harmless text. Like a word it always
// counts, and an item with an id and no recipient stands for all recipients of its message.
func (t *Ticks) WriteNote(item *advice.Item, text string, at time.Time) {
	n := note{text: plain(text, maxNote), at: possible(at)}
	if old, ok := t.noteOf(item); ok && n.at <= old.at {
		if old.text == n.text {
			return
		}
		n.at = min(old.at+1, lastTick.UnixNano())
	}
	t.putNote(keyOf(item), n)
}

// Note gives the note of an item, "" for none.
func (t *Ticks) Note(item *advice.Item) string {
	n, _ := t.noteOf(item)
	return n.text
}

// noteOf gives the last note of an item: its own, or that of its message as a whole.
func (t *Ticks) noteOf(item *advice.Item) (note, bool) {
	if t == nil || len(t.notes) == 0 {
		return note{}, false
	}
	own, ok := t.notes[Key(item)]
	if all, written := t.notes[whole(item.MessageID)]; written && (!ok || all.after(own)) {
		return all, true
	}
	return own, ok
}

// takeNote keeps the later of two notes.
func (t *Ticks) takeNote(key string, n note) {
	if old, ok := t.notes[key]; !ok || n.after(old) {
		t.putNote(key, n)
	}
}

func (t *Ticks) putNote(key string, n note) {
	if t.notes == nil {
		t.notes = make(map[string]note)
	}
	t.notes[key] = n
}
