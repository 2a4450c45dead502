package watch

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rimbalzo/internal/probe"
)

// Port25 is what is known of port 25 on this machine's line: many providers of internet access block it, and then nobody
// can say from here whether a mail provider takes in mail.
type Port25 struct {
	At   time.Time // when it was found out, by the machine's clock; zero for not at all
	Sign string    // of the network, see [Network]
	Open bool      // a mail server answered; else several operators' servers did not
}

const (
	knownPort25 = 7 * 24 * time.Hour // how long that counts
	valuePort25 = "port-25"          // where it is kept
)

// LoadPort25 gives what a watcher has found out. The error is that of the history.
func LoadPort25(ctx context.Context, h History) (Port25, error) {
	value, err := h.Get(ctx, valuePort25)
	if err != nil {
		return Port25{}, fmt.Errorf("reading what is known of port 25: %w", err)
	}
	f := strings.Fields(value)
	if len(f) < 2 {
		return Port25{}, nil
	}
	at, err := time.Parse(time.RFC3339, f[1])
	if err != nil {
		return Port25{}, nil // of another version of this program
	}
	return Port25{at, f[0], len(f) == 2}, nil
}

// Apply has a check know it, where it was found out on this same network and lately.
func (p Port25) Apply(t *probe.Target, n Network, now time.Time) {
	age := now.Sub(p.At)
	if t.Kind == probe.KindMX && !p.At.IsZero() && p.Sign == n.Sign && age >= 0 && age <= knownPort25 {
		t.LineOpen, t.LineBlocked = p.Open, !p.Open
	}
}

// keep gives what is written down: sign and time, and a third word where the port is blocked.
func (p Port25) keep() string {
	value := p.Sign + " " + p.At.UTC().Format(time.RFC3339)
	if !p.Open {
		value += " blocked"
	}
	return value
}

// learnPort25 keeps what a check of a provider's MX showed of this line.
func (w *Watcher) learnPort25(e *endpoint, s Seen) {
	open, blocked := s.class() == ClassPass, s.Ending == probe.EndingUnseen && len(e.target.Others) > 0 && !e.target.LineBlocked
	if e.direction != probe.Accept || e.local || s.Line != LineUp || !open && !blocked {
		return
	}
	w.line.port25 = Port25{s.At, w.line.sign, open}
	w.remember("keeping what is known of port 25", w.p.History.Set(w.ctx, valuePort25, w.line.port25.keep()))
}
