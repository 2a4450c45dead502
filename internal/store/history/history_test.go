package history

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rimbalzo/internal/probe"
	"rimbalzo/internal/store"
	"rimbalzo/internal/watch"
)

func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var start = time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)

// some gives a random choice.
func some[T any](rng *rand.Rand, list ...T) T { return list[rng.IntN(len(list))] }

func seen(rng *rand.Rand, at time.Time) watch.Seen {
	return watch.Seen{
		At: at, Operator: some(rng, "libero", "tim"), Account: some(rng, "", "elena@libero.it"), Endpoint: some(rng, "imap a:993", "smtp b:465"), Direction: probe.Receive,
		Look: some(rng, watch.LookLogin, watch.LookBare, watch.LookDrop), Ending: some(rng, probe.EndingOK, probe.EndingOK, probe.EndingRefused, probe.EndingAuthFailed, probe.EndingLimit),
		Took: time.Duration(rng.Int64N(1e9)), Line: some(rng, watch.LineUp, watch.LineUp, watch.LineGone),
	}
}

// step does one thing to a history, and gives what it said.
func step(t *testing.T, rng *rand.Rand, at time.Time, h watch.History) any {
	ctx := t.Context()
	var said any
	var err error
	switch rng.IntN(6) {
	case 0, 1:
		err = h.Note(ctx, seen(rng, at), seen(rng, at.Add(time.Second)))
	case 2:
		i := watch.Incident{
			ID: fmt.Sprint("i", rng.IntN(9)), Operator: "libero", Name: "libero.it", Begin: at.Add(-time.Hour), Directions: []probe.Direction{probe.Send},
			Accounts: []string{"a"}, Endings: map[probe.Ending]int{probe.EndingTimeout: rng.IntN(5) + 1}, Passes: rng.IntN(3),
		}
		if rng.IntN(2) == 0 {
			i.End = at
		}
		err = h.PutIncident(ctx, i)
	case 3:
		err = h.Knock(ctx, watch.Knock{Day: at.Format("2006-01-02"), Host: some(rng, "a:993", "b:465"), Why: some(rng, watch.ForCheck, watch.ForHand), Times: 1, Last: at})
	case 4:
		said, err = h.Claim(ctx, watch.Told{
			ID: fmt.Sprint(rng.IntN(40)), Kind: some(rng, watch.KindDown, watch.KindSeen, watch.KindBounces), At: at, Keys: []string{fmt.Sprint("k", rng.IntN(60)), fmt.Sprint("l", rng.IntN(60))},
		})
		if err == nil && rng.IntN(2) == 0 {
			err = h.Shown(ctx, fmt.Sprint(rng.IntN(40)))
		}
	case 5:
		err = h.Set(ctx, fmt.Sprint("v", rng.IntN(4)), some(rng, "", "x", "y"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// all is what a history says of everything, whatever zone it tells times in.
func all(t *testing.T, h watch.History, since, now time.Time) (list []string) {
	ctx := t.Context()
	say := func(err error, args ...any) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprint(args...))
	}
	looks, err := h.Looks(ctx, since)
	for _, l := range looks {
		l.At = l.At.UTC()
		say(err, "look ", l)
	}
	say(err, len(looks))
	sums, err := h.Sums(ctx, since)
	for _, s := range sums {
		s.Hour = s.Hour.UTC()
		say(err, "sum ", s)
	}
	say(err, len(sums))
	incidents, err := h.Incidents(ctx, since)
	for _, i := range incidents {
		i.Begin, i.End = i.Begin.UTC(), i.End.UTC()
		say(err, "incident ", i)
	}
	say(err, len(incidents))
	told, err := h.Told(ctx, since)
	for _, n := range told {
		n.At = n.At.UTC()
		say(err, "told ", n)
	}
	say(err, len(told))
	knocks, err := h.Knocks(ctx, now.Format("2006-01-02"))
	for _, k := range knocks {
		k.Last = k.Last.UTC()
		say(err, "knock ", k)
	}
	say(err, len(knocks))
	var keys []string
	for i := range 60 {
		keys = append(keys, fmt.Sprint("k", i))
	}
	claimed, err := h.Claimed(ctx, keys)
	say(err, claimed)
	for i := range 4 {
		value, err := h.Get(ctx, fmt.Sprint("v", i))
		say(err, value)
	}
	slices.Sort(list)
	return list
}

// TestLikeMemory: whatever happens, the history in the store says what the one in memory says, in two processes, and after a restart.
func TestLikeMemory(t *testing.T) {
	dir := t.TempDir()
	s, other := open(t, dir), open(t, dir)
	memory := &watch.Memory{}
	rng := rand.New(rand.NewPCG(3, 4))
	at := start
	for i := range 400 {
		at = at.Add(time.Duration(1+rng.Int64N(30)) * time.Minute)
		seed := rng.Uint64()
		h := History{s}
		if i%2 == 0 {
			h = History{other}
		}
		want := step(t, rand.New(rand.NewPCG(seed, 1)), at, memory)
		if got := step(t, rand.New(rand.NewPCG(seed, 1)), at, h); got != want {
			t.Fatalf("step %d says %v, in memory %v", i, got, want)
		}
		if i == 200 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open(t, dir)
		}
	}
	for _, since := range []time.Time{{}, start.Add(24 * time.Hour), at} {
		if since.IsZero() {
			since = start.AddDate(-1, 0, 0)
		}
		got, want := all(t, In(s), since, at), all(t, memory, since, at)
		if !slices.Equal(got, want) {
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Errorf("since %v: %s, in memory %s", since, got[i], want[i])
					break
				}
			}
			t.Fatalf("since %v: %d lines, in memory %d", since, len(got), len(want))
		}
	}
}

// liveAYear notes what a year brings, and gives its end.
func liveAYear(t *testing.T, h History) time.Time {
	rng := rand.New(rand.NewPCG(5, 6))
	end := start.AddDate(1, 0, 7)
	var looks []watch.Seen // of a day, in one piece: half a million transactions would prove nothing more
	for at := start; at.Before(end); at = at.Add(time.Hour) {
		// Of what goes again before the year is over, one look an hour is enough: the sums are the same in number.
		every := time.Hour
		if end.Sub(at) < 31*24*time.Hour {
			every = 5 * time.Minute
		}
		for d := time.Duration(0); d < time.Hour; d += every {
			for i := range 4 {
				l := seen(rng, at.Add(d))
				l.Endpoint = fmt.Sprintf("imap imapmail%d.libero.it:993", i)
				looks = append(looks, l)
			}
		}
		if at.Hour() == 7 {
			if err := h.Note(t.Context(), looks...); err != nil {
				t.Fatal(err)
			}
			looks = nil
		}
		if at.Hour() == 9 {
			var keys []string
			for i := range 12 {
				keys = append(keys, fmt.Sprint("bounce/elena@libero.it/", at, i))
			}
			if ok, err := h.Claim(t.Context(), watch.Told{ID: at.String(), Kind: watch.KindBounces, At: at, Keys: keys}); !ok || err != nil {
				t.Fatal(ok, err)
			}
		}
		if at.Hour() == 12 {
			if err := h.Knock(t.Context(), watch.Knock{Day: at.Format("2006-01-02"), Host: "imapmail.libero.it:993", Why: watch.ForCheck, Times: 288, Last: at}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range 50 {
		if err := h.PutIncident(t.Context(), watch.Incident{ID: fmt.Sprint(i), Begin: start.Add(time.Duration(i) * time.Hour), End: start.Add(time.Duration(i+1) * time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	return end
}

// TestAYear of four endpoints that are looked at every five minutes, with 50 incidents and 6 notices a day, stays under 50 MB.
func TestAYear(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	h := In(s)
	end := liveAYear(t, h)
	oldest := func(at time.Time, keep time.Duration) bool {
		return at.Before(end.Add(-keep-time.Hour)) || at.After(end.Add(-keep+2*time.Hour))
	}
	single, err := h.Looks(t.Context(), start)
	if err != nil || len(single) < 30_000 || oldest(single[0].At, watch.KeepLooks) {
		t.Errorf("%d looks, the oldest of %v, %v", len(single), single[0].At, err)
	}
	sums, err := h.Sums(t.Context(), start)
	if err != nil || len(sums) < 365*24*4 || oldest(sums[0].Hour, watch.KeepSums) {
		t.Errorf("%d sums, the oldest of %v, %v", len(sums), sums[0].Hour, err)
	}
	if incidents, err := h.Incidents(t.Context(), start); err != nil || len(incidents) != 50 {
		t.Errorf("%d incidents of 50, %v", len(incidents), err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "person.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("a year takes %d KB", info.Size()>>10)
	if info.Size() > 20<<20 {
		t.Error("ten endpoints are allowed 50 MB, so four 20 MB")
	}
}
