package watch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
)

// Account is one mailbox or provider to be watched.
type Account struct {
	ID       string // unique
	Operator string // the provider's id, or its host where nobody knows the provider; never ""
	Name     string // what a person calls the provider, such as "libero.it"
	// Targets are the endpoints. Of a KindIMAP with a Login the connection is kept, where Params.Open is given. Endpoints
	// without a Login that several accounts share are checked once.
	Targets []probe.Target
	Reads   bool // its mail is reviewed
}

// Link is a connection to a mailbox that is logged in and kept. Its functions are called by one goroutine at a time.
type Link interface {
	// Wait waits until there may be new mail (IDLE, or STATUS now and then) and then gives nil; ctx's error when ctx ends, and
	// then the connection is still good; any other error means that the connection has ended.
	Wait(ctx context.Context) error
	// Again sends a NOOP and says how that went. Only Ending, At, Took and Said are looked at.
	Again(ctx context.Context) probe.Result
	// Close ends the connection. It does not block for long.
	Close()
}

// Params is what a Watcher stands on.
type Params struct {
	Accounts []Account
	// Check makes one check; it obeys ctx.
	Check func(ctx context.Context, t probe.Target) probe.Result
	// Open checks with a login and keeps the connection; the Link is nil unless the result's Ending is EndingOK. It may be
	// nil: then Check is used, and no connection is kept.
	Open func(ctx context.Context, t probe.Target) (probe.Result, Link)
	// Review reads what is new in an account's mail and gives its whole checklist; nil where no mail is read. It is called for
	// one account once at a time, and reads over the connection that is kept, where there is one.
	Review func(ctx context.Context, account string) ([]Item, error)
	// Follow calls changed when mail of an account on this computer has changed, until ctx ends. It is called once for each
	// account that has no endpoints; nil: such mail is reviewed now and then.
	Follow func(ctx context.Context, account string, changed func()) error
	// History must not be nil.
	History History
	// Notify tells the person; called for one notice at a time, never on the watcher's own goroutine. A notice is claimed
	// before: when Notify fails, or the process dies before, the notice is not told again (see doc.go).
	Notify func(ctx context.Context, n Notice) error
	// Changed is called with every new status on the watcher's own goroutine: it must not wait. It may be nil.
	Changed func(Status)
	// Network looks at this machine's network; nil for [LocalNetwork].
	Network func() Network
	// Wall is the machine's clock, without a monotonic reading; nil for the real one.
	Wall func() time.Time
	Dice Dice // must not be nil
	// Catalogue holds the known outages, by which incidents are named. It may be nil.
	Catalogue *outage.Catalogue
	// Quiet gives what the person wants not to be told, as it is at that moment; it must not wait. nil: nothing is kept back.
	Quiet func() Quiet
	// Zone is where days and quiet hours are counted; nil for the machine's.
	Zone *time.Location
}

// Watcher checks endpoints, decides what the checks add up to, and says what is to be told. Make it with [New]; its
// methods may be called from any goroutine.
type Watcher struct {
	p      Params
	acts   chan func()
	began  chan struct{} // closed when Run takes orders
	ended  chan struct{} // closed when Run has ended
	once   sync.Once
	status atomic.Pointer[Status]

	// What follows belongs to the goroutine of Run.
	ctx       context.Context
	wg        sync.WaitGroup
	endpoints []*endpoint
	buckets   map[string]*Bucket     // by account
	refusals  map[string][]time.Time // refused logins of the last day by account, by the wall clock
	incidents []Incident             // open ones, and those that ended lately
	line      line
	clock     clock
	mail      map[string]*mailbox // by account
	voice     voice
	knocks    ledger
	judged    time.Time
	trouble   error // the last thing that went wrong here, not there
}

// errStopped means that the watcher does not run.
var errStopped = errors.New("the watcher does not run")

// New gives a watcher that [Watcher.Run] sets going.
func New(p Params) *Watcher {
	if p.Wall == nil {
		p.Wall = func() time.Time { return time.Now().Round(0) }
	}
	if p.Network == nil {
		p.Network = LocalNetwork
	}
	if p.Zone == nil {
		p.Zone = time.Local
	}
	w := &Watcher{p: p, acts: make(chan func()), began: make(chan struct{}), ended: make(chan struct{})}
	w.status.Store(&Status{State: Unknown})
	return w
}

// tickEvery is how often the clock and the line are looked at: a connection that a sleep or a change of network made
// stale is found within this time and pokeDeadline.
const (
	tickEvery    = 15 * time.Second
	pokeDeadline = 10 * time.Second
	// judgeEvery is how often is decided anew what the looks add up to, where none comes: time alone changes it too.
	judgeEvery = time.Minute
	// checkDeadline is beyond the deadline that checks keep themselves.
	checkDeadline = 30 * time.Second
)

// Run watches until ctx ends, and returns when every goroutine of its own has ended. It runs once in a Watcher's life. The
// error is that of a history that cannot be read at the beginning; later troubles are told in the status.
func (w *Watcher) Run(ctx context.Context) error {
	first := false
	w.once.Do(func() { first = true })
	if !first {
		return errStopped
	}
	defer close(w.ended)
	ctx, cancel := context.WithCancel(ctx)
	defer w.wg.Wait()
	defer cancel()
	w.ctx = ctx
	if err := w.load(); err != nil {
		return fmt.Errorf("reading what was seen before: %w", err)
	}
	w.wg.Go(func() { w.tell(ctx) })
	w.followAll(ctx)
	close(w.began)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case act := <-w.acts:
			act()
		case <-timer.C:
			w.tick()
		}
		timer.Reset(w.pause())
	}
}

// pause is how long nothing is to be done by the clock.
func (w *Watcher) pause() time.Duration {
	now := time.Now()
	next := w.clock.looked.Add(tickEvery)
	for _, e := range w.endpoints {
		if w.mayStart(e) && e.due.Before(next) {
			next = e.due
		}
	}
	for _, m := range w.mail {
		if w.mayReview(m) && m.due.Before(next) {
			next = m.due
		}
	}
	return max(next.Sub(now), 0)
}

// post hands an act to the watcher's own goroutine; false where it has ended.
func (w *Watcher) post(ctx context.Context, act func()) bool {
	select {
	case w.acts <- act:
		return true
	case <-ctx.Done():
		return false
	}
}

// ask has an act done and waits for it.
func (w *Watcher) ask(ctx context.Context, act func()) error {
	done := make(chan struct{})
	select {
	case <-w.began:
	case <-w.ended:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case w.acts <- func() { act(); close(done) }:
		<-done
		return nil
	case <-w.ended:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tick looks at the clock and the line, and starts what is due.
func (w *Watcher) tick() {
	now := time.Now()
	if now.Sub(w.clock.looked) >= tickEvery {
		w.lookAtClock(now)
		w.lookAtNetwork(now)
		if now.Sub(w.judged) >= judgeEvery || w.voice.waits {
			w.judge()
		}
	}
	w.reviewWhatIsDue(now)
	for _, e := range w.endpoints {
		if !w.mayStart(e) || e.due.After(now) {
			continue
		}
		if w.lookAtNetwork(now); w.mayStart(e) { // nobody knocks without a network
			w.start(e, e.reason)
		}
	}
}

// remember keeps an error of this machine for the status.
func (w *Watcher) remember(doing string, err error) {
	if err != nil && w.ctx.Err() == nil {
		w.trouble = fmt.Errorf("%s: %w", doing, err)
	}
}
