package watch

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"rimbalzo/internal/probe"
)

var noon = time.Date(2023, 1, 23, 12, 0, 0, 0, time.UTC)

// look is a look at an IMAP endpoint some minutes after noon.
func look(minute float64, l Look, ending probe.Ending) Seen {
	return Seen{
		At: noon.Add(time.Duration(minute * float64(time.Minute))), Operator: "italiaonline", Account: "anna@libero.it",
		Endpoint: "imap imapmail.libero.it:993", Direction: probe.Receive, Look: l, Ending: ending, Took: time.Second,
	}
}

func (s Seen) took(d time.Duration) Seen { s.Took = d; return s }
func (s Seen) line(l Line) Seen          { s.Line = l; return s }
func (s Seen) by(account string) Seen    { s.Account = account; return s }
func (s Seen) to(d probe.Direction) Seen { s.Direction, s.Endpoint = d, "other "+string(d); return s }
func minutes(n float64) time.Duration    { return time.Duration(n * float64(time.Minute)) }
func at(minute float64) time.Time        { return noon.Add(minutes(minute)) }
func up(minute float64) []Seen {
	return []Seen{look(minute, LookLogin, "ok"), look(minute+1, LookAgain, "ok")}
}
func join(lists ...[]Seen) []Seen { return slices.Concat(lists...) }
func row(l Look, e probe.Ending, ms ...float64) []Seen {
	var list []Seen
	for _, m := range ms {
		list = append(list, look(m, l, e))
	}
	return list
}

func TestWhatLooksAddUpTo(t *testing.T) {
	day := 24 * 60.0
	for name, c := range map[string]struct {
		own, around []Seen
		now         float64
		want        State
		why         Why
		since       float64 // minutes after noon; not looked at with Unknown
	}{
		"nothing":                           {now: 0, want: Unknown},
		"one pass":                          {own: row(LookLogin, "ok", 0), now: 1, want: Unknown},
		"a pass and a NOOP":                 {own: up(0), now: 2, want: Up},
		"a NOOP alone":                      {own: row(LookAgain, "ok", 0, 1, 2), now: 3, want: Up}, // it never logs in, as far as these looks tell
		"bare looks do not prove logins":    {own: join(up(0), row(LookLogin, "refused", 10, 12, 14), row(LookBare, "ok", 20, 21)), now: 22, want: Down, since: 10},
		"two failures are not down":         {own: join(up(0), row(LookLogin, "refused", 10, 14)), now: 15, want: Up},
		"three within a minute are not":     {own: join(up(0), row(LookLogin, "refused", 10, 10.4, 11)), now: 15, want: Up},
		"three over two minutes are":        {own: join(up(0), row(LookLogin, "refused", 10, 11, 12)), now: 15, want: Down, since: 10},
		"three failures from nothing":       {own: row(LookLogin, "timeout", 10, 11, 12), now: 15, want: Down, since: 10},
		"a pass between failures":           {own: join(up(0), row(LookLogin, "refused", 10, 11), row(LookLogin, "ok", 11.5), row(LookLogin, "refused", 12)), now: 15, want: Up},
		"one pass after down":               {own: join(up(0), row(LookLogin, "refused", 10, 11, 12), row(LookLogin, "ok", 20)), now: 21, want: Recovering, since: 20},
		"two passes after down":             {own: join(row(LookLogin, "refused", 10, 11, 12), up(20)), now: 22, want: Up, since: 20},
		"a failure while recovering":        {own: join(row(LookLogin, "refused", 10, 11, 12), row(LookLogin, "ok", 20), row(LookAgain, "cut", 21)), now: 22, want: Down, since: 21},
		"refused login":                     {own: join(up(0), row(LookLogin, "auth-failed", 20)), now: 21, want: Suspect, why: WhyRefused, since: 20},
		"refused login, later a pass":       {own: join(row(LookLogin, "auth-failed", 20), up(30)), now: 32, want: Up, since: 30},
		"slow twice":                        {own: []Seen{look(0, LookLogin, "ok").took(12 * time.Second), look(1, LookAgain, "ok").took(9 * time.Second)}, now: 2, want: Degraded, why: WhySlow},
		"busy":                              {own: join(up(0), row(LookLogin, "limit", 20)), now: 21, want: Degraded, why: WhyBusy, since: 20},
		"an expired certificate":            {own: join(up(0), row(LookLogin, "tls-expired", 10, 11, 12)), now: 15, want: Down, why: WhyTLS, since: 10},
		"too long ago":                      {own: up(0), now: 200, want: Unknown},
		"of the future":                     {own: up(10), now: 5, want: Unknown},
		"the line is gone":                  {own: join(up(0), []Seen{look(10, LookLine, "").line(LineGone)}), now: 15, want: Offline, why: WhyLine, since: 10},
		"failures without a line":           {own: join(up(0), []Seen{look(10, LookLogin, "timeout").line(LineSilent), look(12, LookLogin, "timeout").line(LineSilent), look(15, LookLogin, "timeout").line(LineSilent)}), now: 16, want: Offline, why: WhyNobody, since: 10},
		"the line is back":                  {own: join(up(0), []Seen{look(10, LookLogin, "timeout").line(LineSilent), look(12, LookLogin, "timeout").line(LineSilent), look(15, LookLogin, "timeout").line(LineSilent), look(16, LookLine, "")}), now: 17, want: Up},
		"comes and goes":                    {own: join(up(0), row(LookLogin, "refused", 10), up(15), row(LookLogin, "refused", 20), up(25)), now: 27, want: Flapping, since: 10},
		"came and went, long ago":           {own: join(up(0), row(LookLogin, "refused", 10), up(15), row(LookLogin, "refused", 20), up(25), row(LookAgain, "ok", 40, 56)), now: 57, want: Up},
		"a keyring that is locked":          {own: row(LookLogin, "no-secret", 0, 10), now: 11, want: Unknown, why: WhyNoSecret},
		"an old connection ended":           {own: join(up(0), row(LookDrop, "cut", 20)), now: 25, want: Up},
		"this program does not know ending": {own: row(LookLogin, "something-new", 0, 1, 2, 3), now: 5, want: Unknown},

		"refused, and others are clean, but once only": {
			own: join(up(0), row(LookLogin, "auth-failed", 20)), around: []Seen{look(21, LookLogin, "ok").by("bruno@libero.it")},
			now: 22, want: Suspect, why: WhyRefused, since: 20,
		},
		"refused for hours, another account gets in": {
			own: join(up(0), row(LookLogin, "auth-failed", 20, 60, 150)), around: []Seen{look(140, LookAgain, "ok").by("bruno@libero.it")},
			now: 151, want: Suspect, why: WhyPassword, since: 20,
		},
		"refused for hours, nobody to compare with": {
			own: join(up(0), row(LookLogin, "auth-failed", 20, 60, 150, 400, 900, 1500)), now: 1501, want: Suspect, why: WhyRefused, since: 20,
		},
		"a bare NO is never a wrong password": {
			own: join(up(0), row(LookLogin, "refused-login", 20, 60, 150)), around: []Seen{look(140, LookAgain, "ok").by("bruno@libero.it")},
			now: 151, want: Suspect, why: WhyRefused, since: 20,
		},
		"refused for hours, while the provider fails": {
			own: join(up(0), row(LookLogin, "auth-failed", 20, 60, 150)),
			around: []Seen{
				look(10, LookLogin, "refused").to(probe.Send), look(30, LookLogin, "refused").to(probe.Send),
				look(100, LookLogin, "timeout").to(probe.Send), look(140, LookAgain, "ok").by("bruno@libero.it"),
			},
			now: 151, want: Suspect, why: WhyRefused, since: 20,
		},
		"refused for a day, the other doors are open": {
			own:    join(row(LookLogin, "auth-failed", 20, 300, 600, 900, 20+day)),
			around: []Seen{look(10+day, LookBare, "ok").by("").to(probe.Web)}, now: 21 + day, want: Suspect, why: WhyPassword, since: 20,
		},
		"everybody is refused": {
			own:    join(up(0), row(LookLogin, "refused-login", 20, 40)),
			around: []Seen{look(21, LookLogin, "refused-login").by("bruno@libero.it"), look(41, LookLogin, "auth-failed").by("carla@libero.it")},
			now:    42, want: Down, why: WhyAll, since: 20,
		},
		"two are refused, one gets in": {
			own: join(up(0), row(LookLogin, "refused-login", 20, 40)),
			around: []Seen{
				look(21, LookLogin, "refused-login").by("bruno@libero.it"), look(30, LookAgain, "ok").by("carla@libero.it"),
			},
			now: 42, want: Suspect, why: WhyRefused, since: 20,
		},
	} {
		got := Decide(c.own, append(c.around, c.own...), at(c.now))
		if got.State != c.want || got.Why != c.why {
			t.Errorf("%s: %s (%s), want %s (%s)", name, got.State, got.Why, c.want, c.why)
		}
		if c.since != 0 && !got.Since.Equal(at(c.since)) {
			t.Errorf("%s: since %s, want %s", name, got.Since.Format("15:04:05"), at(c.since).Format("15:04:05"))
		}
	}
}

// anyLooks gives looks by chance: of any ending, at any time, of this account and of others.
func anyLooks(dice *rand.Rand) []Seen {
	endings := []probe.Ending{"ok", "ok", "ok", "refused", "timeout", "auth-failed", "refused-login", "limit", "unavailable", "cut", "no-secret", "dns-timeout", "tls-expired", "", "new"}
	looks := []Look{LookLogin, LookAgain, LookBare, LookDrop, LookLine, ""}
	lines := []Line{LineUp, LineUp, LineUp, LineUp, LineGone, LinePortal, LineSilent, "new"}
	list := make([]Seen, dice.IntN(40))
	for i := range list {
		list[i] = look(float64(dice.IntN(120)), looks[dice.IntN(len(looks))], endings[dice.IntN(len(endings))]).line(lines[dice.IntN(len(lines))])
		list[i].Took = time.Duration(dice.IntN(20)) * time.Second
		list[i].Account = fmt.Sprint(dice.IntN(3))
	}
	return list
}

var states = []State{Unknown, Offline, Up, Degraded, Suspect, Down, Flapping, Recovering}

// TestDecideIsAFunctionOfTheLooks: whatever the looks, there is one of the eight states; order and duplicates do not
// matter; neither do looks of the future; and nothing comes from nothing.
func TestDecideIsAFunctionOfTheLooks(t *testing.T) {
	seen := map[State]int{}
	for seed := range 20_000 {
		dice := rand.New(rand.NewPCG(uint64(seed), 1))
		own, around := anyLooks(dice), anyLooks(dice)
		now := at(float64(dice.IntN(150)))
		want := Decide(own, around, now)
		seen[want.State]++
		if !slices.Contains(states, want.State) {
			t.Fatalf("seed %d: no such state: %q", seed, want.State)
		}
		if want.State != Unknown && (want.Since.IsZero() || want.Since.After(now.Add(clockSlack))) {
			t.Fatalf("seed %d: %s since %v, and it is %v", seed, want.State, want.Since, now)
		}
		mixed, mixedAround := slices.Clone(own), slices.Clone(around)
		for range dice.IntN(5) {
			if len(mixed) > 0 {
				mixed = append(mixed, mixed[dice.IntN(len(mixed))])
			}
		}
		mixed = append(mixed, look(500, LookLogin, "refused"), look(501, LookLine, "").line(LineGone))
		dice.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		dice.Shuffle(len(mixedAround), func(i, j int) { mixedAround[i], mixedAround[j] = mixedAround[j], mixedAround[i] })
		if got := Decide(mixed, mixedAround, now); got != want {
			t.Fatalf("seed %d: %+v in another order, %+v before", seed, got, want)
		}
		if got := Decide(nil, around, now); got.State != Unknown {
			t.Fatalf("seed %d: %s from the looks of others alone", seed, got.State)
		}
		told := slices.ContainsFunc(own, func(s Seen) bool {
			return !s.At.After(now.Add(clockSlack)) && (s.class() != ClassNothing || s.Line != LineUp)
		})
		if !told && want.State != Unknown {
			t.Fatalf("seed %d: %s from looks that say nothing", seed, want.State)
		}
	}
	for _, s := range states {
		if seen[s] == 0 {
			t.Errorf("chance never made %s: this test says nothing of it", s)
		}
	}
}

// TestWithoutALineNothingCounts: looks made while the machine had no line never change what is known of a provider.
func TestWithoutALineNothingCounts(t *testing.T) {
	for seed := range 5_000 {
		dice := rand.New(rand.NewPCG(uint64(seed), 2))
		own := anyLooks(dice)
		back := look(121, LookLine, "")
		var counted []Seen
		for _, s := range own {
			if s.Line == LineUp {
				counted = append(counted, s)
			}
		}
		got, want := Decide(append(own, back), nil, at(121)), Decide(append(counted, back), nil, at(121))
		if got != want {
			t.Fatalf("seed %d: %+v with what was seen without a line, %+v without", seed, got, want)
		}
	}
}

func TestCombine(t *testing.T) {
	for _, c := range []struct {
		states []State
		want   State
	}{
		{nil, Unknown},
		{[]State{Unknown, Unknown}, Unknown},
		{[]State{Up, Unknown}, Up},
		{[]State{Offline, Offline}, Offline},
		{[]State{Offline, Unknown}, Offline},
		{[]State{Down, Down}, Down},
		{[]State{Down, Up}, Degraded},
		{[]State{Down, Suspect}, Down},
		{[]State{Suspect, Suspect}, Suspect},
		{[]State{Suspect, Up}, Degraded},
		{[]State{Recovering, Up}, Recovering},
		{[]State{Flapping, Down}, Flapping},
		{[]State{Degraded, Up}, Degraded},
	} {
		slices.Sort(c.states)
		if got := Combine(c.states...); got != c.want {
			t.Errorf("%v: %s, want %s", c.states, got, c.want)
		}
		slices.Reverse(c.states)
		if got := Combine(c.states...); got != c.want {
			t.Errorf("%v the other way round: %s, want %s", c.states, got, c.want)
		}
	}
}
