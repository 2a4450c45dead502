package watch

import (
	"cmp"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"rimbalzo/internal/probe"
)

// million asks for the whole of it, as the table in the package's documentation shows it: packaging/dev's suite does.
var million = os.Getenv("RIMBALZO_SLOW") != ""

// The story: all sessions are dropped at once, the service is away for six hours, then it is a server of some logins a second.
const (
	storyDown  = 6 * time.Hour
	storyAfter = time.Hour
	storyLong  = storyDown + storyAfter
)

// The lines of a copy: each is a connection with a pace of its own, to servers of its own.
const (
	lineIMAP = iota
	lineSMTP
	lines
)

// crowd is many copies of one program.
type crowd struct {
	copies   int
	capacity int          // logins a second after the reopening, of each line's servers
	hands    float64      // which part of the people presses "check now" once a minute, from the drop on
	knocks   [lines][]int // logins tried, by second
	back     [lines][]int // first logins that succeeded, by second
	wheel    [][]int32
	due      []int32 // by copy and line: the second of its next knock, never where it keeps its connection
	was      []bool  // by copy and line: it was back
	manner   manner
	room     [lines]int
}

const never = -1

// manner is how a copy behaves. A line is counted as copy*lines+line.
type manner interface {
	dropped(line int, now time.Time) time.Duration  // the first knock after the drop; negative where it has no such line
	failed(line int, now time.Time) time.Duration   // the next knock
	leave(who int, now time.Time) (bool, time.Time) // whether a person's hand may knock, and from when on the next time
	passed(line int, now time.Time) time.Duration   // the next login after one that passed; negative while the connection is kept
}

var storyBegin = time.Date(2023, 1, 23, 1, 0, 0, 0, time.UTC)

func instant(second int) time.Time { return storyBegin.Add(time.Duration(second) * time.Second) }

// run plays the story once. Knocks are counted by whole seconds.
func (c *crowd) run(dice *rand.Rand) {
	seconds := int(storyLong / time.Second)
	for l := range lines {
		c.knocks[l], c.back[l] = make([]int, seconds), make([]int, seconds)
	}
	c.wheel, c.due, c.was = make([][]int32, seconds), make([]int32, c.copies*lines), make([]bool, c.copies*lines)
	for line := range c.due {
		c.plan(line, 0, c.manner.dropped(line, instant(0)))
	}
	for who := range c.copies {
		if dice.Float64() < c.hands {
			at := dice.IntN(60)
			c.wheel[at] = append(c.wheel[at], int32(-1-who))
		}
	}
	for now := range seconds {
		c.room = [lines]int{}
		if now >= int(storyDown/time.Second) {
			c.room = [lines]int{c.capacity, c.capacity}
		}
		// The wheel's slot may grow while it is gone through: a hand that presses in the same second.
		for i := 0; i < len(c.wheel[now]); i++ {
			switch event := int(c.wheel[now][i]); {
			case event < 0:
				c.hand(-1-event, now)
			case int(c.due[event]) == now:
				c.knock(event, now)
			}
		}
		c.wheel[now] = nil
	}
}

// plan puts the next knock of a line on the wheel.
func (c *crowd) plan(line, now int, pause time.Duration) {
	c.due[line] = never
	if pause < 0 {
		return
	}
	at := now + int(pause/time.Second)
	c.due[line] = int32(at)
	if at < len(c.wheel) {
		c.wheel[at] = append(c.wheel[at], int32(line))
	}
}

// hand presses the button: both lines knock, or the person looks when it may, and presses again in the first of his minutes
// from then on, until he can read.
func (c *crowd) hand(who, now int) {
	if c.due[who*lines+lineIMAP] == never {
		return
	}
	ok, next := c.manner.leave(who, instant(now))
	for line := who * lines; ok && line < (who+1)*lines; line++ {
		if c.due[line] != never {
			c.knock(line, now)
		}
	}
	wait := (max(60, int(next.Sub(instant(now))/time.Second)) + 59) / 60 * 60
	if at := now + wait; at < len(c.wheel) {
		c.wheel[at] = append(c.wheel[at], int32(-1-who))
	}
}

func (c *crowd) knock(line, now int) {
	l := line % lines
	c.knocks[l][now]++
	// A pause of less than a second would be a second knock in the same second: it counts in the next.
	if c.room[l] == 0 {
		c.plan(line, now, max(time.Second, c.manner.failed(line, instant(now))))
		return
	}
	c.room[l]--
	if !c.was[line] {
		c.was[line] = true
		c.back[l][now]++
	}
	pause := c.manner.passed(line, instant(now))
	if pause >= 0 {
		pause = max(time.Second, pause)
	}
	c.plan(line, now, pause)
}

// figures are what a story came to.
type figures struct {
	drop, reopened  int           // the most logins in a second before and after the reopening
	half, nearlyAll time.Duration // after the reopening: 50 % and 99 % had a first successful login; zero: not in the story
}

func (c *crowd) figures(line, width int) figures {
	reopening := int(storyDown / time.Second)
	f := figures{drop: peak(c.knocks[line][:reopening], width), reopened: peak(c.knocks[line][reopening:], width)}
	sum := 0
	for i, n := range c.back[line][reopening:] {
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

// ours is the product's own scheduler: the same Pace and Bucket that the watcher uses, a Pace for each line.
type ours struct {
	pace   []Pace
	bucket []Bucket
	dice   Dice
}

func newOurs(copies int, dice Dice) *ours {
	return &ours{pace: make([]Pace, copies*lines), bucket: make([]Bucket, copies), dice: dice}
}

func (o *ours) dropped(line int, now time.Time) time.Duration {
	if line%lines == lineIMAP {
		o.bucket[line/lines].Dropped(now, o.dice)
	}
	return o.pace[line].Dropped(now, o.dice)
}

func (o *ours) failed(line int, now time.Time) time.Duration {
	o.bucket[line/lines].Troubled(now)
	return o.pace[line].Failed(now, false, o.dice)
}

func (o *ours) leave(who int, now time.Time) (bool, time.Time) {
	return o.bucket[who].Take(now, o.pace[who*lines+lineIMAP].Troubled() || o.pace[who*lines+lineSMTP].Troubled())
}

func (o *ours) passed(line int, _ time.Time) time.Duration {
	o.pace[line].Passed(o.dice)
	if line%lines == lineIMAP {
		return -1
	}
	return within(every[probe.KindSMTP][0], every[probe.KindSMTP][1], o.dice)
}

// fixed reads mail at an even pace, as many mail programs do; its button is always honoured. It sends when there is something.
type fixed struct {
	every, jitter time.Duration
	dice          Dice
}

func (f fixed) dropped(line int, _ time.Time) time.Duration {
	if line%lines != lineIMAP {
		return -1
	}
	return within(0, f.every, f.dice)
}

func (f fixed) failed(int, time.Time) time.Duration {
	return within(f.every-f.jitter, f.every+f.jitter, f.dice)
}

func (f fixed) passed(int, time.Time) time.Duration { return -1 }

func (f fixed) leave(_ int, now time.Time) (bool, time.Time) { return true, now }

// play gives the median of several seeds, figure by figure, of each line.
func play(copies, seeds, width int, hands float64, make func(int, Dice) manner) (result [lines]figures) {
	var all [lines][]figures
	for seed := range seeds {
		dice := rand.New(rand.NewPCG(uint64(seed), 20230123))
		c := &crowd{copies: copies, capacity: max(1, copies/500), hands: hands, manner: make(copies, dice)}
		c.run(dice)
		for l := range lines {
			all[l] = append(all[l], c.figures(l, width))
		}
	}
	for l := range lines {
		result[l] = figures{
			drop: median(all[l], func(f figures) int { return f.drop }), reopened: median(all[l], func(f figures) int { return f.reopened }),
			half:      median(all[l], func(f figures) time.Duration { return f.half }),
			nearlyAll: median(all[l], func(f figures) time.Duration { return f.nearlyAll }),
		}
	}
	return result
}

func median[T cmp.Ordered](all []figures, of func(figures) T) T {
	var list []T
	for _, f := range all {
		list = append(list, of(f))
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// TestAMillionCopies plays the story with the product's own scheduler, of the IMAP and the SMTP servers each. Unless a suite asks for more
// a twentieth of the copies is enough to see a change of the figures; the peaks are then taken over more seconds, or chance
// would outgrow them.
func TestAMillionCopies(t *testing.T) {
	copies, seeds, width := 50_000, 1, 20
	if million {
		copies, seeds, width = 1_000_000, 5, 1
	}
	begin := time.Now()
	both := play(copies, seeds, width, 0.05, func(n int, dice Dice) manner { return newOurs(n, dice) })
	t.Logf("%d copies, %d seeds, in %v", copies, seeds, time.Since(begin).Round(time.Second))
	scale := func(perMillion int) int { return perMillion * copies / 1_000_000 }
	for l, name := range []string{"IMAP", "SMTP"} {
		f := both[l]
		t.Logf("%s: %+v", name, f)
		if f.drop > scale(3900) {
			t.Errorf("%s: %d logins/s at the drop, at most %d are owed", name, f.drop, scale(3900))
		}
		if f.reopened > scale(900) {
			t.Errorf("%s: %d logins/s after the reopening, at most %d are owed", name, f.reopened, scale(900))
		}
		if f.nearlyAll == 0 || f.nearlyAll > 30*time.Minute {
			t.Errorf("%s: 99 %% are back after %v, 30 minutes are owed", name, f.nearlyAll)
		}
	}
}

// TestOthersAreWorse: the pauses that mail programs use would break the limits; a simulation in which they did not could
// not tell anything.
func TestOthersAreWorse(t *testing.T) {
	copies, width := 50_000, 20
	if million {
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
		f := play(copies, 1, width, 0.05, func(_ int, dice Dice) manner { return fixed{other.every, other.jitter, dice} })[lineIMAP]
		t.Logf("%s: %+v", other.name, f)
		if f.reopened*(1_000_000/copies) < other.least {
			t.Errorf("%s: %d logins/s after the reopening, expected at least %d per million", other.name, f.reopened, other.least)
		}
	}
}
