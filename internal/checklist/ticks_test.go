package checklist

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
)

func TestKey(t *testing.T) {
	sent := time.Date(2023, 1, 23, 9, 0, 0, 0, time.UTC)
	base := advice.Item{MessageID: "a@x.example", Recipient: "b@libero.it", Subject: "s", SentAt: bounce.Stamp{At: sent, Zoned: true}}
	bare := base
	bare.MessageID = ""
	change := func(item advice.Item, f func(*advice.Item)) *advice.Item {
		f(&item)
		return &item
	}
	for name, tc := range map[string]struct {
		a, b *advice.Item
		same bool
	}{
		"another verdict":                  {&base, change(base, func(i *advice.Item) { i.Verdict = advice.Wait }), true},
		"another subject, with an id":      {&base, change(base, func(i *advice.Item) { i.Subject = "t" }), true},
		"another recipient":                {&base, change(base, func(i *advice.Item) { i.Recipient = "c@libero.it" }), false},
		"another id":                       {&base, change(base, func(i *advice.Item) { i.MessageID = "c@x.example" }), false},
		"letters moved between the fields": {&base, change(base, func(i *advice.Item) { i.MessageID, i.Recipient = "a@x.exampleb", "@libero.it" }), false},
		"no id: another subject":           {&bare, change(bare, func(i *advice.Item) { i.Subject = "t" }), false},
		"no id: another time":              {&bare, change(bare, func(i *advice.Item) { i.SentAt.At = sent.Add(time.Minute) }), false},
		"no id: no time":                   {&bare, change(bare, func(i *advice.Item) { i.SentAt = bounce.Stamp{} }), false},
		"no id: another recipient":         {&bare, change(bare, func(i *advice.Item) { i.Recipient = "c@libero.it" }), false},
		"no id: the same time elsewhere": {
			&bare, change(bare, func(i *advice.Item) { i.SentAt.At = sent.In(time.FixedZone("", 3600)) }), true,
		},
		"an id or none": {&base, &bare, false},
	} {
		if got := Key(tc.a) == Key(tc.b); got != tc.same {
			t.Errorf("%s: same key is %v", name, got)
		}
	}
	if n := len(Key(&base)); n > maxKey {
		t.Errorf("a key of %d bytes", n)
	}
}

func TestTicks(t *testing.T) {
	item := sample(t).Items[0]
	noon := time.Date(2023, 1, 27, 12, 0, 0, 0, time.UTC)
	ticks := new(Ticks)
	steps := []struct {
		name string
		do   func()
		want bool
	}{
		{"at first", func() {}, false},
		{"ticked", func() { ticks.Set(&item, noon) }, true},
		{"taken away", func() { ticks.Unset(&item, noon.Add(time.Minute)) }, false},
		{"ticked with the clock put back", func() { ticks.Set(&item, noon.Add(-time.Hour)) }, true},
		{"taken away with a clock of 1970", func() { ticks.Unset(&item, time.Time{}) }, false},
		{"ticked with a clock of the far future", func() { ticks.Set(&item, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)) }, true},
		{"taken away with a right clock", func() { ticks.Unset(&item, noon) }, false},
	}
	for _, s := range steps {
		before := roundTrip(t, ticks)
		s.do()
		sum := merged(ticks, before)
		if ticks.last[Key(&item)].at < lastTick.UnixNano() && sum.Has(&item) != s.want {
			t.Errorf("%s: a file of before brings the old word back", s.name)
		}
		if got := ticks.Has(&item); got != s.want {
			t.Errorf("%s: ticked is %v", s.name, got)
		}
		if back := roundTrip(t, ticks); back.Has(&item) != s.want {
			t.Errorf("%s: lost in the file", s.name)
		}
	}
	if (*Ticks)(nil).Has(&item) {
		t.Error("no ticks hold a tick")
	}
}

func roundTrip(t *testing.T, ticks *Ticks) *Ticks {
	t.Helper()
	var file bytes.Buffer
	if err := ticks.Encode(&file); err != nil {
		t.Fatal(err)
	}
	back, err := DecodeTicks(&file)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

var someWords = []advice.Word{"", advice.SaidDone, advice.SaidArrived, advice.SaidNotNeeded}

var someNotes = []string{"", "ask Anna", "ask Bea", "<ignore>"}

// someTicks says a few words about a few items, often at the same instant.
func someTicks(rng *rand.Rand) *Ticks {
	ticks := new(Ticks)
	for range rng.IntN(12) {
		key := fmt.Sprint(rng.IntN(6))
		at := int64(rng.IntN(4)) * int64(time.Hour)
		if rng.IntN(3) == 0 {
			ticks.takeNote(key, note{text: someNotes[rng.IntN(len(someNotes))], at: at})
			continue
		}
		ticks.take(key, tick{word: someWords[rng.IntN(len(someWords))], at: at})
	}
	return ticks
}

func merged(all ...*Ticks) *Ticks {
	sum := new(Ticks)
	for _, t := range all {
		sum.Merge(t)
	}
	return sum
}

// TestMerge: two computers that exchange their files in any order, any number of times, end with the same ticks.
func TestMerge(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	same := func(a, b *Ticks) bool { return maps.Equal(a.last, b.last) && maps.Equal(a.notes, b.notes) }
	for range 5000 {
		a, b, c := someTicks(rng), someTicks(rng), someTicks(rng)
		switch {
		case !same(merged(a, b), merged(b, a)):
			t.Fatalf("the order matters: %v, %v", a.last, b.last)
		case !same(merged(a, a), a), !same(merged(a, b, b, a), merged(a, b)):
			t.Fatalf("twice is not once: %v, %v", a.last, b.last)
		case !same(merged(merged(a, b), c), merged(a, merged(b, c))):
			t.Fatalf("the pairing matters: %v, %v, %v", a.last, b.last, c.last)
		case !same(roundTrip(t, a), a):
			t.Fatalf("the file loses something: %v %v", a.last, a.notes)
		case !tellsNews(a, b):
			t.Fatalf("the news of %v %v for %v %v are counted wrong", b.last, b.notes, a.last, a.notes)
		}
	}
	one := merged(someTicks(rng), nil)
	if !same(merged(one, nil), one) {
		t.Error("merging nothing changes something")
	}
}

func TestMergeTakesTheLaterWord(t *testing.T) {
	item := sample(t).Items[0]
	noon := time.Date(2023, 1, 27, 12, 0, 0, 0, time.UTC)
	early, late := new(Ticks), new(Ticks)
	early.Set(&item, noon)
	late.Unset(&item, noon.Add(time.Second))
	if merged(late, early).Has(&item) {
		t.Error("an earlier tick outranks a later word")
	}
	late = new(Ticks)
	late.Unset(&item, noon)
	if !merged(late, early).Has(&item) || !merged(early, late).Has(&item) {
		t.Error("of two words at one instant the tick has to win")
	}
}

func TestDecodeTicks(t *testing.T) {
	line := `{"key":"k","on":true,"at":"2023-01-27T12:00:00Z"}`
	for name, tc := range map[string]struct {
		in    string
		newer bool
		ok    bool
	}{
		"empty list":        {`{"version":1,"ticks":[]}`, false, true},
		"one":               {`{"version":1,"ticks":[` + line + `]}`, false, true},
		"said twice":        {`{"version":1,"ticks":[` + line + `,` + line + `]}`, false, true},
		"unknown field":     {`{"version":1,"ticks":[],"note":"x"}`, false, true},
		"newer":             {`{"version":4,"ticks":{}}`, true, false},
		"a note alone":      {`{"version":3,"ticks":[{"key":"k","on":false,"note":"ask","noted":"2023-01-27T12:00:00Z"}]}`, false, true},
		"a note in the old": {`{"version":2,"ticks":[{"key":"k","on":false,"note":"ask","noted":"2023-01-27T12:00:00Z"}]}`, false, false},
		"a note of no time": {`{"version":3,"ticks":[{"key":"k","on":false,"note":"ask","noted":"9023-01-27T12:00:00Z"}]}`, false, false},
		"a key of signs":    {`{"version":3,"ticks":[{"key":"<k>","on":true,"at":"2023-01-27T12:00:00Z"}]}`, false, false},
		"another's words":   {`{"version":3,"made":{"at":"2023-01-27T12:00:00Z","what":"x"},"ticks":[` + line + `]}`, false, true},
		"too many notes":    {`{"version":3,"ticks":[` + manyNotes(maxNotes+1) + `]}`, false, false},
		"notes enough":      {`{"version":3,"ticks":[` + manyNotes(maxNotes) + `]}`, false, true},
		"words":             {`{"version":2,"ticks":[{"key":"k","on":true,"word":"arrived","at":"2023-01-27T12:00:00Z"}]}`, false, true},
		"an unknown word":   {`{"version":2,"ticks":[{"key":"k","on":true,"word":"perhaps","at":"2023-01-27T12:00:00Z"}]}`, false, false},
		"a word in the old": {`{"version":1,"ticks":[{"key":"k","on":true,"word":"perhaps","at":"2023-01-27T12:00:00Z"}]}`, false, true},
		"no version":        {`{"ticks":[` + line + `]}`, false, false},
		"nothing":           {``, false, false},
		"cut short":         {`{"version":1,"ticks":[` + line, false, false},
		"null":              {`null`, false, false},
		"a list":            {`[]`, false, false},
		"no key":            {`{"version":1,"ticks":[{"on":true,"at":"2023-01-27T12:00:00Z"}]}`, false, false},
		"an endless key":    {`{"version":1,"ticks":[{"key":"` + strings.Repeat("k", 100) + `","on":true,"at":"2023-01-27T12:00:00Z"}]}`, false, false},
		"no time":           {`{"version":1,"ticks":[{"key":"k","on":true}]}`, false, false},
		"before computers":  {`{"version":1,"ticks":[{"key":"k","on":true,"at":"1823-01-27T12:00:00Z"}]}`, false, false},
		"after the program": {`{"version":1,"ticks":[{"key":"k","on":true,"at":"9823-01-27T12:00:00Z"}]}`, false, false},
		"deep nesting":      {strings.Repeat(`[`, 100_000), false, false},
		"too many":          {`{"version":1,"ticks":[` + strings.Repeat(line+",", maxTicks) + line + `]}`, false, false},
	} {
		ticks, err := DecodeTicks(strings.NewReader(tc.in))
		if (err == nil) != tc.ok || (ticks != nil) != tc.ok || errors.Is(err, ErrTicksVersion) != tc.newer {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecodeTicks(f *testing.F) {
	f.Add([]byte(`{"version":1,"ticks":[{"key":"k","on":true,"at":"2023-01-27T12:00:00.000000001+01:00"},{"key":"k","on":false,"at":"1970-01-01T00:00:00Z"}]}`))
	f.Add([]byte(`{"version":4,"ticks":{}}`))
	f.Add([]byte(`{"version":3,"ticks":[{"key":"k","on":false,"note":"a\u202e\u0000\n<b>","noted":"2023-01-27T12:00:00Z"}]}`))
	f.Add([]byte(`{"version":2,"ticks":[{"key":"*k","on":true,"word":"arrived","at":"2023-01-27T12:00:00Z"}]}`))
	f.Add([]byte(`{"version":1,"ticks":[{"key":"\u0000","on":true,"at":"2200-12-31T23:59:59-23:59"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		ticks, err := DecodeTicks(bytes.NewReader(data))
		if err != nil {
			return
		}
		if back := roundTrip(t, ticks); !maps.Equal(back.last, ticks.last) || !maps.Equal(back.notes, ticks.notes) {
			t.Errorf("%v %v comes back as %v %v", ticks.last, ticks.notes, back.last, back.notes)
		}
	})
}

// TestWords: what was said outlives the file, and a file that any program can read is written as such.
func TestWords(t *testing.T) {
	items := sample(t).Items
	item, other := &items[0], &items[1]
	noon := time.Date(2023, 1, 27, 12, 0, 0, 0, time.UTC)
	all := &advice.Item{MessageID: item.MessageID}
	for name, tc := range map[string]struct {
		say          func(*Ticks)
		want, second advice.Word
		version      string
	}{
		"a tick":          {func(t *Ticks) { t.Set(item, noon) }, advice.SaidDone, "", `"version": 1`},
		"taken back":      {func(t *Ticks) { t.Set(item, noon); t.Unset(item, noon) }, "", "", `"version": 1`},
		"arrived":         {func(t *Ticks) { t.Say(item, advice.SaidArrived, noon) }, advice.SaidArrived, "", `"version": 2`},
		"better of it":    {func(t *Ticks) { t.Set(item, noon); t.Say(item, advice.SaidNotNeeded, noon) }, advice.SaidNotNeeded, "", `"version": 2`},
		"of the message":  {func(t *Ticks) { t.Say(all, advice.SaidArrived, noon) }, advice.SaidArrived, "", `"version": 2`},
		"one taken back":  {func(t *Ticks) { t.Say(all, advice.SaidArrived, noon); t.Unset(item, noon) }, "", "", `"version": 2`},
		"all taken back":  {func(t *Ticks) { t.Set(item, noon); t.Say(all, "", noon.Add(time.Second)) }, "", "", `"version": 2`},
		"all, then one":   {func(t *Ticks) { t.Say(all, advice.SaidDone, noon); t.Say(item, advice.SaidArrived, noon) }, advice.SaidArrived, "", `"version": 2`},
		"another of them": {func(t *Ticks) { t.Say(other, advice.SaidArrived, noon) }, "", advice.SaidArrived, `"version": 2`},
	} {
		ticks := new(Ticks)
		tc.say(ticks)
		back := roundTrip(t, ticks)
		if got := back.Word(item); got != tc.want || ticks.Word(item) != got || back.Has(item) != (got != "") {
			t.Errorf("%s: %q, and before it was kept %q, want %q", name, got, ticks.Word(item), tc.want)
		}
		if got := back.Word(other); got != tc.second {
			t.Errorf("%s: of the other item %q, want %q", name, got, tc.second)
		}
		var file bytes.Buffer
		if err := ticks.Encode(&file); err != nil || !strings.Contains(file.String(), tc.version) {
			t.Errorf("%s: not %s: %s", name, tc.version, file.String())
		}
		said := back.Said(items)
		if tc.want == "" && tc.second == "" && len(said) > 0 {
			t.Errorf("%s: advice hears %v", name, said)
		}
		for _, s := range said {
			if s.Recipient == item.Recipient && s.MessageID == item.MessageID && s.Word != tc.want {
				t.Errorf("%s: advice hears %q, want %q", name, s.Word, tc.want)
			}
		}
	}
}

// TestReopened: what a later notice opened is open until it is ticked once more, wherever the list is worked.
func TestReopened(t *testing.T) {
	r := sample(t)
	item := &r.Items[0]
	o := italian(t)
	o.Ticks = new(Ticks)
	o.Ticks.Set(item, r.At)
	if !o.Ticked(item) {
		t.Error("not ticked")
	}
	item.Reasons = append(item.Reasons, advice.Reason{Rule: "said-before", Args: map[string]any{"Time": r.At}})
	if o.Ticked(item) {
		t.Error("a later notice does not open it")
	}
	var list strings.Builder
	if err := Write(&list, JSON, r, o); err != nil {
		t.Fatal(err)
	}
	back, err := ReadJSON(strings.NewReader(list.String()))
	if err != nil {
		t.Fatal(err)
	}
	helper := o
	helper.Ticks = new(Ticks)
	helper.Ticks.Merge(o.Ticks)
	if helper.Ticked(&back.Items[0]) {
		t.Error("it is ticked on another computer")
	}
	helper.Ticks.Set(&back.Items[0], r.At.Add(time.Hour))
	if o.Ticks.Merge(helper.Ticks); !helper.Ticked(&back.Items[0]) || !o.Ticked(item) {
		t.Error("ticked once more it stays open")
	}
	if o.Ticks.Unset(item, r.At.Add(2*time.Hour)); o.Ticked(item) {
		t.Error("taken back it stays ticked")
	}
}
