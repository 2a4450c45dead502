package session

import (
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

func sheetOf(r checklist.Report, ticks *checklist.Ticks, old *Sheet) *Sheet {
	x := NewIndex(r)
	return NewSheet(x, ticks, Dealt(x, ticks), old)
}

// say says a word of items two at a time, and gives of how many it was news.
func say(s *Sheet, items []*advice.Item, word advice.Word, at time.Time) int {
	acts := len(s.acts)
	for step := s.Saying(items, word, at); step(2); {
	}
	if len(s.acts) == acts && acts < maxUndo {
		return 0
	}
	_, _, n := s.Last()
	return n
}

// undo takes the last thing back, and gives of how many messages.
func undo(s *Sheet, at time.Time) int {
	_, _, n := s.Last()
	for step := s.Undoing(at); step(1); {
	}
	return n
}

// TestSayAndUndo: what is said of several messages is taken back with one step, each to what stood before.
func TestSayAndUndo(t *testing.T) {
	r := small()
	now := stamp(28, 9).At
	clock := func() time.Time { now = now.Add(time.Second); return now }
	s := sheetOf(r, new(checklist.Ticks), nil)
	a, b, c := &r.Items[0], &r.Items[1], &r.Items[2]
	words := func() [3]advice.Word { return [3]advice.Word{s.Ticks.Word(a), s.Ticks.Word(b), s.Ticks.Word(c)} }
	say(s, []*advice.Item{b}, advice.SaidArrived, clock())
	if n := say(s, []*advice.Item{a, b, c}, advice.SaidDone, clock()); n != 3 {
		t.Errorf("%d were ticked", n)
	}
	if n := say(s, []*advice.Item{a, b}, advice.SaidDone, clock()); n != 0 {
		t.Errorf("%d changed by saying the same again", n)
	}
	s.Write([]*advice.Item{a, c}, "telefonato", clock())
	if word, note, n := s.Last(); word != "" || !note || n != 2 {
		t.Errorf("last was %q, a note: %v, of %d", word, note, n)
	}
	dealt := 0
	for _, d := range s.Done() {
		if d {
			dealt++
		}
	}
	if dealt != 3 {
		t.Errorf("%d are dealt with", dealt)
	}
	if got := undo(s, clock()); got != 2 || s.Ticks.Note(a) != "" || words() != [3]advice.Word{"done", "done", "done"} {
		t.Errorf("after undoing the note of %d: %q, %v", got, s.Ticks.Note(a), words())
	}
	if undo(s, clock()); words() != [3]advice.Word{"", "arrived", ""} || s.IsDone(a) || !s.IsDone(b) {
		t.Errorf("after undoing the ticks: %v", words())
	}
	// Another review of the same mail: the items are others, and undoing still reaches them.
	again := small()
	s = sheetOf(again, s.Ticks, s)
	if undo(s, clock()); s.Ticks.Has(&again.Items[1]) {
		t.Error("what was said before a new review cannot be taken back")
	}
	for i, d := range s.Done() {
		if d {
			t.Errorf("item %d is still counted as dealt with", i)
		}
	}
	if _, _, n := s.Last(); n != 0 || undo(s, clock()) != 0 {
		t.Error("there is more to undo than was said")
	}
}

// TestReopened: a notice that came after the tick opens it; the person can tick it again.
func TestReopened(t *testing.T) {
	r := small()
	it := &r.Items[3]
	ticks := new(checklist.Ticks)
	ticks.Set(it, stamp(26, 9).At)
	it.Reasons = []advice.Reason{{Rule: "bounce", Args: map[string]any{"Time": stamp(27, 1)}}, {Rule: "said-before", Args: map[string]any{"Time": stamp(26, 9).At}}}
	s := sheetOf(r, ticks, nil)
	o := checklist.Options{Words: words.New("en"), Ticks: ticks}
	if !Reopened(it, ticks) || s.IsDone(it) || o.Ticked(it) {
		t.Error("the later notice does not open it")
	}
	before := checklist.Headline(r, o)
	if n := say(s, []*advice.Item{it}, advice.SaidDone, stamp(28, 9).At); n != 1 || !s.IsDone(it) || Reopened(it, ticks) {
		t.Errorf("ticked again, %d changed; dealt with: %v", n, s.IsDone(it))
	}
	if after := checklist.Headline(r, o); after == before {
		t.Errorf("ticked again, the headline still says %q", after)
	}
	undo(s, stamp(28, 10).At)
	if Reopened(&r.Items[0], ticks) {
		t.Error("a message without such a notice is said to be open again")
	}
}

func TestUndoIsBounded(t *testing.T) {
	r := small()
	s := sheetOf(r, new(checklist.Ticks), nil)
	for i := range maxUndo + 50 {
		word := advice.SaidDone
		if i%2 == 1 {
			word = ""
		}
		say(s, []*advice.Item{&r.Items[0]}, word, stamp(28, 9).At.Add(time.Duration(i)*time.Minute))
	}
	n := 0
	for undo(s, stamp(30, 9).At) != 0 {
		n++
	}
	if n != maxUndo {
		t.Errorf("%d steps are kept, want %d", n, maxUndo)
	}
}
