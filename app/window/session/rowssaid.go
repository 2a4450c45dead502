package session

import (
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// maxUndo is how many steps can be taken back.
const maxUndo = 100

// Sheet is the list with what the person said of it. It belongs to the window's goroutine.
type Sheet struct {
	Index *Index
	Ticks *checklist.Ticks
	done  []bool // of each item of the index
	acts  []act
}

// act is something that the person said, and what stood before.
type act struct {
	word   advice.Word
	note   bool // it was a note, and no word
	before []before
}

type before struct {
	item *advice.Item
	word advice.Word
	note string
}

// NewSheet puts an index beside what was said of its items; done is what [Dealt] gave. What was said in another sheet of the same
// ticks can be taken back in this one: the items are known by message and recipient.
func NewSheet(x *Index, ticks *checklist.Ticks, done []bool, old *Sheet) *Sheet {
	s := &Sheet{Index: x, Ticks: ticks, done: done}
	if old != nil {
		s.acts = old.acts
	}
	return s
}

// Dealt says of each item whether it is dealt with. For 100,000 items it takes a tenth of a second.
func Dealt(x *Index, ticks *checklist.Ticks) []bool {
	list := make([]bool, len(x.Items))
	for i, it := range x.Items {
		list[i] = dealt(it, ticks)
	}
	return list
}

// Done says of each item whether it is dealt with. The list stays as it is when more is said.
func (s *Sheet) Done() []bool { return append([]bool(nil), s.done...) }

// IsDone reports whether an item is dealt with.
func (s *Sheet) IsDone(it *advice.Item) bool { return dealt(it, s.Ticks) }

// dealt asks what the headline and the exports ask, so that a row never shows another thing than they count.
func dealt(it *advice.Item, ticks *checklist.Ticks) bool {
	return checklist.Options{Ticks: ticks}.Ticked(it)
}

// Reopened reports whether a notice came after the person said that nothing was left to do, and nothing was said since.
func Reopened(it *advice.Item, ticks *checklist.Ticks) bool {
	for i := range it.Reasons {
		if it.Reasons[i].Rule == "said-before" {
			return !dealt(it, ticks)
		}
	}
	return false
}

// Saying notes a word about items, "" taking it back, n of them with each call of step, and remembers what stood before. Step
// reports whether there are more. Between two calls the window can draw.
func (s *Sheet) Saying(items []*advice.Item, word advice.Word, at time.Time) (step func(n int) (more bool)) {
	a := act{word: word}
	return func(n int) bool {
		n = min(n, len(items))
		for _, it := range items[:n] {
			old := s.Ticks.Word(it)
			if old == word && !Reopened(it, s.Ticks) {
				continue
			}
			a.before = append(a.before, before{item: it, word: old})
			if old == word { // the same word again, after a notice: it must be later than the last one to count
				s.Ticks.Say(it, "", at.Add(-time.Nanosecond))
			}
			s.Ticks.Say(it, word, at)
			s.mark(it)
		}
		if items = items[n:]; len(items) > 0 {
			return true
		}
		s.keep(a)
		return false
	}
}

// Write notes a text beside items, "" taking it away. It gives how many it changed.
func (s *Sheet) Write(items []*advice.Item, text string, at time.Time) int {
	a := act{note: true}
	for _, it := range items {
		old := s.Ticks.Note(it)
		if old == text {
			continue
		}
		s.Ticks.WriteNote(it, text, at)
		a.before = append(a.before, before{item: it, note: old})
	}
	s.keep(a)
	return len(a.before)
}

func (s *Sheet) keep(a act) {
	if len(a.before) == 0 {
		return
	}
	if s.acts = append(s.acts, a); len(s.acts) > maxUndo {
		s.acts = s.acts[1:]
	}
}

// mark looks at an item anew. An item of an earlier review stands for that of this one.
func (s *Sheet) mark(it *advice.Item) {
	if at, ok := s.Index.find(it); ok {
		s.done[at] = s.IsDone(s.Index.Items[at])
	}
}

// Last tells what would be taken back: the word, or that it was a note, and of how many messages; n is 0 for nothing.
func (s *Sheet) Last() (word advice.Word, note bool, n int) {
	if len(s.acts) == 0 {
		return "", false, 0
	}
	a := s.acts[len(s.acts)-1]
	return a.word, a.note, len(a.before)
}

// Undoing takes the last thing said back, n messages with each call of step, which reports whether there are more.
func (s *Sheet) Undoing(at time.Time) (step func(n int) (more bool)) {
	if len(s.acts) == 0 {
		return func(int) bool { return false }
	}
	a := s.acts[len(s.acts)-1]
	s.acts = s.acts[:len(s.acts)-1]
	return func(n int) bool {
		n = min(n, len(a.before))
		for _, b := range a.before[:n] {
			if a.note {
				s.Ticks.WriteNote(b.item, b.note, at)
			} else {
				s.Ticks.Say(b.item, b.word, at)
			}
			s.mark(b.item)
		}
		a.before = a.before[n:]
		return len(a.before) > 0
	}
}
