package checklist

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
)

// tellsNews compares what merging was said to bring with what it changed.
func tellsNews(a, b *Ticks) bool {
	words, notes := a.News(b)
	sum := merged(a, b)
	for key, word := range sum.last {
		if old, ok := a.last[key]; !ok || old != word {
			words--
		}
	}
	for key, n := range sum.notes {
		if old, ok := a.notes[key]; !ok || old != n {
			notes--
		}
	}
	return words == 0 && notes == 0
}

func manyNotes(n int) string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf(`{"key":"k%d","on":false,"note":"x","noted":"2023-01-27T12:00:00Z"}`, i)
	}
	return strings.Join(lines, ",")
}

// TestNotes: a note outlives the file, says nothing of the tick, and can be taken away.
func TestNotes(t *testing.T) {
	items := sample(t).Items
	item, other := &items[0], &items[1]
	all := &advice.Item{MessageID: item.MessageID}
	noon := time.Date(2023, 1, 27, 12, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		say    func(*Ticks)
		want   string
		ticked bool
	}{
		"a note":             {func(t *Ticks) { t.WriteNote(item, "ask Anna", noon) }, "ask Anna", false},
		"and a tick":         {func(t *Ticks) { t.WriteNote(item, "ask Anna", noon); t.Set(item, noon) }, "ask Anna", true},
		"the tick undone":    {func(t *Ticks) { t.Set(item, noon); t.WriteNote(item, "x", noon); t.Unset(item, noon) }, "x", false},
		"another":            {func(t *Ticks) { t.WriteNote(item, "ask Anna", noon); t.WriteNote(item, "ask Bea", noon) }, "ask Bea", false},
		"the clock put back": {func(t *Ticks) { t.WriteNote(item, "b", noon); t.WriteNote(item, "a", noon.Add(-time.Hour)) }, "a", false},
		"taken away":         {func(t *Ticks) { t.WriteNote(item, "ask Anna", noon); t.WriteNote(item, " ", noon) }, "", false},
		"of the message":     {func(t *Ticks) { t.WriteNote(all, "ask Anna", noon) }, "ask Anna", false},
		"of another":         {func(t *Ticks) { t.WriteNote(other, "ask Anna", noon) }, "", false},
		"of two lines":       {func(t *Ticks) { t.WriteNote(item, "ask\r\n\x1b[2JAnna\u202e", noon) }, "ask [2JAnna", false},
		"too long":           {func(t *Ticks) { t.WriteNote(item, strings.Repeat("x", 600), noon) }, strings.Repeat("x", 499) + "…", false},
	} {
		ticks := new(Ticks)
		tc.say(ticks)
		back := roundTrip(t, ticks)
		if got := back.Note(item); got != tc.want || ticks.Note(item) != got {
			t.Errorf("%s: %q, and before it was kept %q, want %q", name, got, ticks.Note(item), tc.want)
		}
		if back.Has(item) != tc.ticked {
			t.Errorf("%s: ticked is %v", name, back.Has(item))
		}
	}
	if (*Ticks)(nil).Note(item) != "" {
		t.Error("no ticks hold a note")
	}
}

// TestTooManyNotesAreNotWritten: what could not be read again is refused while it can still be told.
func TestTooManyNotesAreNotWritten(t *testing.T) {
	ticks := new(Ticks)
	for i := range maxNotes {
		ticks.WriteNote(&advice.Item{MessageID: fmt.Sprint(i), Recipient: "a@b.example"}, strings.Repeat("<", maxNote), time.Unix(1, 1))
	}
	var full bytes.Buffer
	if err := ticks.Encode(&full); err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeTicks(&full); err != nil {
		t.Error(err)
	}
	ticks.WriteNote(&advice.Item{MessageID: "one more"}, "x", time.Unix(1, 0))
	if err := ticks.Encode(&full); !errors.Is(err, ErrTooMany) {
		t.Errorf("one note more: %v", err)
	}
}

// TestTheLargestFileIsReadAgain: the bounds of words and notes keep a file within the bound of its size.
func TestTheLargestFileIsReadAgain(t *testing.T) {
	ticks := new(Ticks)
	at := time.Date(2023, 1, 27, 12, 0, 0, 123456789, time.UTC).UnixNano()
	for i := range maxTicks - maxNotes {
		key := fmt.Sprintf("%0*d", maxKey, i)
		ticks.take(key, tick{word: advice.SaidNotNeeded, at: at})
		if i < maxNotes {
			ticks.takeNote(key, note{text: strings.Repeat("<", maxNote), at: at})
		}
	}
	back := roundTrip(t, ticks)
	if !maps.Equal(back.last, ticks.last) || !maps.Equal(back.notes, ticks.notes) {
		t.Error("the file loses something")
	}
}

// TestALaterNoticeOpensATickAgain in every form, since a tick is no more than what was known when it was made.
func TestALaterNoticeOpensATickAgain(t *testing.T) {
	r := sample(t)
	o := italian(t)
	o.Ticks = new(Ticks)
	o.Ticks.Set(&r.Items[0], r.At)
	if closed := string(written(t, Markdown, r, o)); !strings.Contains(closed, "- [x] ") {
		t.Fatal("the tick is not shown")
	}
	r.Items[0].Reasons = append(r.Items[0].Reasons, advice.Reason{Rule: "said-before", Args: map[string]any{"Time": r.At}})
	if open := string(written(t, Markdown, r, o)); strings.Contains(open, "- [x] ") {
		t.Error("a tick that a later notice contradicts is still shown")
	}
}
