package watch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
)

// world stands in for everything around a watcher: servers that behave as a script says, this machine's line and clock,
// and the person's desktop. It runs in virtual time. It also watches the watcher's manners.
type world struct {
	t       *testing.T
	begin   time.Time
	history *Memory
	dice    *rand.Rand
	quiet   Quiet

	mu       sync.Mutex
	behave   map[string]behaviour // by "anna imap"; see of
	links    map[*fakeLink]bool
	busy     map[string]int // connections open at the moment, by "anna imap"
	network  Network
	skew     time.Duration // of the machine's clock
	items    map[string][]Item
	refused  map[string][]time.Time // by account
	contacts map[string][]time.Time // by "anna imap"
	logins   map[string]int
	notices  []Notice
	trail    map[string][]State // of what: "anna receive", "anna"
}

type behaviour struct {
	ending probe.Ending
	took   time.Duration
}

// people are the accounts that scripts may name, with their provider.
var people = map[string]string{"anna": "libero.it", "bruno": "libero.it", "carla": "libero.it", "dora": "gmail.com"}

var operators = map[string]string{"libero.it": "italiaonline", "gmail.com": "google"}

func newWorld(t *testing.T, seed uint64) *world {
	return &world{
		t: t, begin: time.Now(), history: &Memory{}, dice: rand.New(rand.NewPCG(seed, 6)), behave: map[string]behaviour{},
		links: map[*fakeLink]bool{}, busy: map[string]int{}, network: Network{Up: true, Sign: "home"}, items: map[string][]Item{},
		refused: map[string][]time.Time{}, contacts: map[string][]time.Time{}, logins: map[string]int{}, trail: map[string][]State{},
	}
}

// account gives an account with IMAP and SMTP, and the doors of its provider that need no login.
func account(who string) Account {
	domain := people[who]
	login := &probe.Login{User: who + "@" + domain}
	return Account{ID: who, Operator: operators[domain], Name: domain, Reads: true, Targets: []probe.Target{
		{Kind: probe.KindIMAP, Account: who, Host: "imap." + domain, Port: 993, Login: login},
		{Kind: probe.KindSMTP, Account: who, Host: "smtp." + domain, Port: 465, Login: login},
		{Kind: probe.KindMX, Account: who, Host: domain},
		{Kind: probe.KindWeb, Account: who, Host: "https://mail." + domain + "/"},
	}}
}

// params gives a watcher's world, for the accounts of these people.
func (w *world) params(who ...string) Params {
	p := Params{
		Check: w.check, Open: w.open, History: w.history, Notify: w.notify, Changed: w.changed, Dice: w, Catalogue: outage.Builtin(),
		Quiet: func() Quiet { return w.quiet }, Zone: time.UTC,
		Network: func() Network { w.mu.Lock(); defer w.mu.Unlock(); return w.network },
		Wall:    func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return time.Now().Round(0).Add(w.skew) },
		Review: func(_ context.Context, id string) ([]Item, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return slices.Clone(w.items[id]), nil
		},
	}
	for _, name := range who {
		p.Accounts = append(p.Accounts, account(name))
	}
	return p
}

// Float64 is a die that goroutines share.
func (w *world) Float64() float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dice.Float64()
}

// of gives the behaviour that a target meets: what the script said last of it.
func (w *world) of(t probe.Target) (string, behaviour) {
	who := t.Account
	key := who + " " + string(t.Kind)
	if b, ok := w.behave[key]; ok {
		return key, b
	}
	return key, behaviour{"ok", 300 * time.Millisecond}
}

// reach takes the time that a contact takes, and gives how it ends. Whoever is offline or behind a portal meets that.
func (w *world) reach(ctx context.Context, t probe.Target) probe.Result {
	w.mu.Lock()
	key, b := w.of(t)
	if !w.network.Up {
		w.t.Errorf("%v: %s is contacted without a network", w.clock(), key)
	}
	if w.busy[key]++; w.busy[key] > 1 {
		w.t.Errorf("%v: %d connections at once to %s", w.clock(), w.busy[key], key)
	}
	w.contacts[key] = append(w.contacts[key], time.Now())
	w.mu.Unlock()
	select {
	case <-time.After(b.took):
	case <-ctx.Done():
		b.ending = probe.EndingCancelled
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy[key]--
	bare := t.Login == nil
	if bare && t.Kind != probe.KindMX && t.Kind != probe.KindWeb && refusesLogin(b.ending) {
		b.ending = probe.EndingOK // it stands, as far as one sees without a login
	}
	if !bare && b.ending != probe.EndingCancelled {
		w.logins[t.Account]++
	}
	if refusesLogin(b.ending) {
		w.countRefusal(t.Account)
	}
	return probe.Result{Target: t, At: time.Now(), Took: b.took, Ending: b.ending}
}

func refusesLogin(e probe.Ending) bool {
	return Seen{Ending: e, Look: LookLogin}.class() == ClassRefusal
}

// countRefusal holds the watcher to 3 refused logins in any hour and 6 in any day, by real time.
func (w *world) countRefusal(who string) {
	now := time.Now()
	w.refused[who] = append(w.refused[who], now)
	hour, day := 0, 0
	for _, t := range w.refused[who] {
		if now.Sub(t) < time.Hour {
			hour++
		}
		if now.Sub(t) < 24*time.Hour {
			day++
		}
	}
	if hour > 3 || day > 6 {
		w.t.Errorf("%v: %d refused logins of %s in an hour, %d in a day", w.clock(), hour, who, day)
	}
}

func (w *world) clock() time.Duration { return time.Since(w.begin).Round(time.Second) }

func (w *world) check(ctx context.Context, t probe.Target) probe.Result { return w.reach(ctx, t) }

func (w *world) open(ctx context.Context, t probe.Target) (probe.Result, Link) {
	res := w.reach(ctx, t)
	if res.Ending != probe.EndingOK {
		return res, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	l := &fakeLink{w: w, target: t, ended: make(chan struct{}), mail: make(chan struct{}, 1)}
	l.key, _ = w.of(t)
	w.links[l] = true
	w.busy[l.key]++
	return res, l
}

// fakeLink is a kept connection.
type fakeLink struct {
	w      *world
	target probe.Target
	key    string
	ended  chan struct{}
	mail   chan struct{}
	once   sync.Once
}

func (l *fakeLink) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-l.ended:
		return errors.New("connection reset by peer")
	case <-l.mail:
		return nil
	}
}

func (l *fakeLink) Again(ctx context.Context) probe.Result {
	l.w.mu.Lock()
	_, b := l.w.of(l.target)
	hangs := hangs(b.ending) || !l.w.network.Up
	l.w.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return probe.Result{Ending: probe.EndingStalled}
	}
	select {
	case <-l.ended:
		return probe.Result{Ending: probe.EndingCut}
	case <-time.After(min(b.took, 5*time.Second)):
		return probe.Result{Ending: probe.EndingOK, Took: b.took}
	}
}

func (l *fakeLink) Close() {
	l.once.Do(func() {
		l.w.mu.Lock()
		defer l.w.mu.Unlock()
		delete(l.w.links, l)
		l.w.busy[l.key]--
	})
}

// hangs reports whether a server of that behaviour leaves old connections without a word.
func hangs(e probe.Ending) bool {
	return slices.Contains([]probe.Ending{"silent", "timeout", "dns", "dns-timeout", "dns-unknown", "unreachable", "stalled"}, e)
}

func (w *world) notify(_ context.Context, n Notice) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notices = append(w.notices, n)
	day := 0
	for _, other := range w.notices {
		if n.At.Sub(other.At) < 24*time.Hour {
			day++
		}
		if other.ID == n.ID && other.At.Before(n.At) {
			w.t.Errorf("%v: %s is told twice", w.clock(), n.ID)
		}
	}
	if day > 6 {
		w.t.Errorf("%v: %d notices in a day", w.clock(), day)
	}
	return nil
}

// changed keeps the states that accounts and their directions pass through.
func (w *world) changed(s Status) {
	w.mu.Lock()
	defer w.mu.Unlock()
	pass := func(what string, state State) {
		if list := w.trail[what]; len(list) == 0 || list[len(list)-1] != state {
			w.trail[what] = append(list, state)
		}
	}
	for _, a := range s.Accounts {
		pass(a.ID, a.State)
		for _, d := range a.Directions {
			pass(a.ID+" "+string(d.Direction), d.State)
		}
	}
}

// play does what the lines of a script say, at their times, and ends with the last of them. A line is "HOURS:MINUTES
// WHAT BEHAVIOUR [SECONDS]"; see do.
func (w *world) play(script string) {
	for line := range strings.Lines(script) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		var h, m int
		if _, err := fmt.Sscanf(f[0], "%d:%d", &h, &m); err != nil {
			w.t.Fatalf("script: %q: %v", line, err)
		}
		time.Sleep(time.Until(w.begin.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute)))
		synctest.Wait()
		w.mu.Lock()
		w.do(f[1:])
		w.mu.Unlock()
	}
	synctest.Wait()
}

func (w *world) do(f []string) {
	switch f[0] {
	case "end":
	case "network":
		w.network = Network{Up: f[1] != "none", Sign: f[1]}
	case "clock":
		d, err := time.ParseDuration(f[1])
		if err != nil {
			w.t.Fatalf("script: %v", err)
		}
		w.skew += d
	case "drop":
		for l := range w.links {
			if matches(f[1], l.key) {
				w.end(l)
			}
		}
	default:
		b := behaviour{probe.Ending(f[1]), 300 * time.Millisecond}
		if len(f) > 2 {
			d, err := time.ParseDuration(f[2])
			if err != nil {
				w.t.Fatalf("script: %v", err)
			}
			b.took = d
		}
		w.set(f[0], b)
	}
}

// set makes endpoints behave in a way. Connections that are kept end where the behaviour ends them.
func (w *world) set(what string, b behaviour) {
	for who := range people {
		for _, kind := range []probe.Kind{probe.KindIMAP, probe.KindSMTP, probe.KindMX, probe.KindWeb} {
			if key := who + " " + string(kind); matches(what, key) {
				w.behave[key] = b
			}
		}
	}
	if b.ending == probe.EndingOK || hangs(b.ending) || refusesLogin(b.ending) || b.ending == probe.EndingLimit || strings.HasPrefix(string(b.ending), "tls-") {
		return
	}
	for l := range w.links {
		if matches(what, l.key) {
			w.end(l)
		}
	}
}

func (w *world) end(l *fakeLink) {
	select {
	case <-l.ended:
	default:
		close(l.ended)
	}
}

// matches reports whether "libero", "all", "imap", "anna", or "anna.imap" means an endpoint such as "anna imap".
func matches(what, key string) bool {
	who, kind, _ := strings.Cut(key, " ")
	a, b, both := strings.Cut(what, ".")
	switch {
	case both:
		return a == who && b == kind || a == "libero" && people[who] == "libero.it" && b == kind
	case what == "all":
		return true
	case what == "libero":
		return people[who] == "libero.it"
	}
	return what == who || what == kind
}

// run plays a script with a watcher, and gives the watcher's last status.
func (w *world) run(p Params, script string) Status {
	watcher := New(p)
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- watcher.Run(ctx) }()
	w.play(script)
	status := watcher.Status()
	cancel()
	if err := <-done; err != nil {
		w.t.Errorf("Run: %v", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, n := range w.busy {
		if n != 0 {
			w.t.Errorf("%d connections to %s are left", n, key)
		}
	}
	return status
}

// told lists the kinds of the notices.
func (w *world) told() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []string
	for _, n := range w.notices {
		list = append(list, string(n.Kind))
	}
	return strings.Join(list, " ")
}

// passed lists the states that something passed through.
func (w *world) passed(what string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []string
	for _, s := range w.trail[what] {
		list = append(list, string(s))
	}
	return strings.Join(list, " ")
}

// manners checks what holds in every story: nobody's MX is asked more than twice an hour.
func (w *world) manners() {
	for key, list := range w.contacts {
		if !strings.HasSuffix(key, " mx") {
			continue
		}
		for i := 2; i < len(list); i++ {
			if list[i].Sub(list[i-2]) < time.Hour {
				w.t.Errorf("%s was asked three times within %v", key, list[i].Sub(list[i-2]))
			}
		}
	}
}
