package watch

import (
	"cmp"
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

var million = flag.Bool("million", false, "simulate a million copies, as the table in the package's documentation does")

// The story: all sessions are dropped at once, the service is away for six hours, then it is a server of some logins a second.
const (
	storyDown  = 6 * time.Hour
	storyAfter = time.Hour
	storyLong  = storyDown + storyAfter
)

// crowd is many copies of one program, each with one connection.
type crowd struct {
	copies   int
	capacity int     // logins a second after the reopening
	hands    float64 // which part of the people presses "check now" once a minute, from the drop on
	knocks   []int   // logins tried, by second
	back     []int   // first logins that succeeded, by second
	wheel    [][]int32
	due      []int32 // by copy: the second of its next knock, -1 when it is connected
	press    []int32
	manner   manner
}

// manner is how a copy behaves: when it knocks after the drop and after each failure, and when a person's hand may knock.
type manner interface {
	dropped(who int, now time.Time) time.Duration
	failed(who int, now time.Time) time.Duration
	leave(who int, now time.Time) (bool, time.Time)
	// back is how long after its first success a copy logs in again to read its mail; negative for on the same connection.
	back(who int) time.Duration
}

var storyBegin = time.Date(2023, 1, 23, 1, 0, 0, 0, time.UTC)

func instant(second int) time.Time { return storyBegin.Add(time.Duration(second) * time.Second) }

// run plays the story once. Knocks are counted by whole seconds.
func (c *crowd) run(dice *rand.Rand) {
	seconds := int(storyLong / time.Second)
	c.knocks, c.back = make([]int, seconds), make([]int, seconds)
	c.wheel, c.due, c.press = make([][]int32, seconds), make([]int32, c.copies), make([]int32, c.copies)
	for who := range c.copies {
		c.plan(who, 0, c.manner.dropped(who, instant(0)))
		c.press[who] = -1
		if dice.Float64() < c.hands {
			c.press[who] = int32(dice.IntN(60))
			c.plan(-1-who, int(c.press[who]), 0)
		}
	}
	for now := range seconds {
		room := 0
		if now >= int(storyDown/time.Second) {
			room = c.capacity
		}
		// The wheel's slot may grow while it is gone through: a hand that presses in the same second.
		for i := 0; i < len(c.wheel[now]); i++ {
			c.event(int(c.wheel[now][i]), now, &room)
		}
		c.wheel[now] = nil
	}
}

// plan puts an event on the wheel: a copy's own knock, a hand's press as -1-copy, or a reading as copies+copy.
func (c *crowd) plan(who, now int, pause time.Duration) {
	at := now + int(pause/time.Second)
	if who >= 0 && who < c.copies {
		c.due[who] = int32(at)
	}
	if at < len(c.wheel) {
		c.wheel[at] = append(c.wheel[at], int32(who))
	}
}

func (c *crowd) event(who, now int, room *int) {
	if who < 0 {
		c.hand(-1-who, now, room)
		return
	}
	switch {
	case who >= c.copies:
		c.knocks[now]++
		*room--
	case int(c.due[who]) == now:
		c.knock(who, now, room)
	}
}

// hand presses the button: it knocks, or looks when it may, and presses again in the first of its minutes from then on.
func (c *crowd) hand(who, now int, room *int) {
	if c.due[who] < 0 {
		return
	}
	ok, next := c.manner.leave(who, instant(now))
	if ok {
		c.knock(who, now, room)
	}
	wait := max(60, int(next.Sub(instant(now))/time.Second))
	c.plan(-1-who, now, time.Duration((wait+59)/60*60)*time.Second)
}

func (c *crowd) knock(who, now int, room *int) {
	c.knocks[now]++
	if *room > 0 {
		*room--
		c.back[now]++
		c.due[who] = -1
		if wait := c.manner.back(who); wait >= 0 {
			c.plan(c.copies+who, now, max(time.Second, wait))
		}
		return
	}
	// A pause of less than a second would be a second knock in the same second: it counts in the next.
	c.plan(who, now, max(time.Second, c.manner.failed(who, instant(now))))
}

// figures are what a story came to.
type figures struct {
	drop, reopened  int           // the most logins in a second before and after the reopening
	half, nearlyAll time.Duration // after the reopening: 50 % and 99 % had a first successful login; zero: not in the story
}

func (c *crowd) figures(width int) figures {
	reopening := int(storyDown / time.Second)
	f := figures{drop: peak(c.knocks[:reopening], width), reopened: peak(c.knocks[reopening:], width)}
	sum := 0
	for i, n := range c.back[reopening:] {
		sum += n
		if f.half == 0 && sum*2 >= c.copies {
			f.half = time.Duration(i+1) * time.Second
		}
		if f.nearlyAll == 0 && sum*100 >= c.copies*99 {
			f.nearlyAll = time.Duration(i+1) * time.Second
		}
	}
	return f
}

// peak is the most knocks in a second, as a mean over width seconds.
func peak(knocks []int, width int) int {
	most, sum := 0, 0
	for i, n := range knocks {
		sum += n
		if i >= width {
			sum -= knocks[i-width]
		}
		most = max(most, sum)
	}
	return most / width
}

// ours is the product's own scheduler: the same Pace and Bucket that the watcher uses.
type ours struct {
	pace   []Pace
	bucket []Bucket
	dice   Dice
}

func newOurs(copies int, dice Dice) *ours {
	return &ours{pace: make([]Pace, copies), bucket: make([]Bucket, copies), dice: dice}
}

func (o *ours) dropped(who int, now time.Time) time.Duration {
	o.bucket[who].Dropped(now, o.dice)
	return o.pace[who].Dropped(now, o.dice)
}

func (o *ours) failed(who int, now time.Time) time.Duration {
	return o.pace[who].Failed(now, false, o.dice)
}

func (o *ours) leave(who int, now time.Time) (bool, time.Time) {
	return o.bucket[who].Take(now, o.pace[who].Troubled())
}

func (o *ours) back(who int) time.Duration { return o.pace[who].Passed(o.dice) }

// fixed knocks at an even pace, as many mail programs do; its button is always honoured.
type fixed struct {
	every, jitter time.Duration
	dice          Dice
}

func (f fixed) dropped(int, time.Time) time.Duration { return within(0, f.every, f.dice) }

func (f fixed) failed(int, time.Time) time.Duration {
	return within(f.every-f.jitter, f.every+f.jitter, f.dice)
}

func (f fixed) back(int) time.Duration { return -1 }

func (f fixed) leave(_ int, now time.Time) (bool, time.Time) { return true, now }

// play gives the median of several seeds, figure by figure.
func play(copies, seeds, width int, hands float64, make func(int, Dice) manner) figures {
	var all []figures
	for seed := range seeds {
		dice := rand.New(rand.NewPCG(uint64(seed), 20230123))
		c := &crowd{copies: copies, capacity: max(1, copies/500), hands: hands, manner: make(copies, dice)}
		c.run(dice)
		all = append(all, c.figures(width))
	}
	return figures{
		drop: median(all, func(f figures) int { return f.drop }), reopened: median(all, func(f figures) int { return f.reopened }),
		half: median(all, func(f figures) time.Duration { return f.half }), nearlyAll: median(all, func(f figures) time.Duration { return f.nearlyAll }),
	}
}

func median[T cmp.Ordered](all []figures, of func(figures) T) T {
	var list []T
	for _, f := range all {
		list = append(list, of(f))
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// TestAMillionCopies plays the story with the product's own scheduler. IMAP and SMTP keep a Pace each, so that the story
// of the one is that of the other, with other dice. Without -million a twentieth of the copies is enough to see a change
// of the figures; the peaks are then taken over more seconds, or chance would outgrow them.
func TestAMillionCopies(t *testing.T) {
	copies, seeds, width := 50_000, 1, 20
	if *million {
		copies, seeds, width = 1_000_000, 5, 1
	}
	begin := time.Now()
	f := play(copies, seeds, width, 0.05, func(n int, dice Dice) manner { return newOurs(n, dice) })
	t.Logf("%d copies: %+v, in %v", copies, f, time.Since(begin))
	scale := func(perMillion int) int { return perMillion * copies / 1_000_000 }
	if f.drop > scale(3900) {
		t.Errorf("%d logins/s at the drop, at most %d are owed", f.drop, scale(3900))
	}
	if f.reopened > scale(900) {
		t.Errorf("%d logins/s after the reopening, at most %d are owed", f.reopened, scale(900))
	}
	if f.nearlyAll == 0 || f.nearlyAll > 30*time.Minute {
		t.Errorf("99 %% are back after %v, 30 minutes are owed", f.nearlyAll)
	}
}

// TestOthersAreWorse: the pauses that mail programs use would break the limits; a simulation in which they did not could
// not tell anything.
func TestOthersAreWorse(t *testing.T) {
	copies, width := 50_000, 20
	if *million {
		copies, width = 1_000_000, 1
	}
	for _, other := range []struct {
		name          string
		every, jitter time.Duration
		least         int // peak after the reopening, per million
	}{
		{"every 60 s", time.Minute, 0, 16_000},
		{"every 300 s", 5 * time.Minute, 0, 3_000},
		{"every 600 s ± 30 s", 10 * time.Minute, 30 * time.Second, 1_500},
	} {
		f := play(copies, 1, width, 0.05, func(_ int, dice Dice) manner { return fixed{other.every, other.jitter, dice} })
		t.Logf("%s: %+v", other.name, f)
		if f.reopened*(1_000_000/copies) < other.least {
			t.Errorf("%s: %d logins/s after the reopening, expected at least %d per million", other.name, f.reopened, other.least)
		}
	}
}
