package mailbox

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds on what a server may send. What is asked for stays far below them: pieces of 64 KB, no nested data.
const (
	maxLiteral    = 8 << 20   // one literal
	maxLiterals   = 16 << 20  // the literals of one response
	maxLine       = 64 << 10  // a response without its literals
	maxSearchLine = 4 << 20   // the answer to a search: numbers only
	maxAnswer     = 128 << 20 // all that comes while one command runs
	maxConnection = 4 << 30   // all that comes over one connection: 60,000 messages of the largest size read
	maxNesting    = 50        // parentheses
)

// maxAge is how long one connection is used; who needs more takes a new one.
const maxAge = 24 * time.Hour

// errHostile is an answer beyond the bounds.
var errHostile = errors.New("answer beyond all bounds")

// guard stands between an IMAP server and the library that parses its answers. The library trusts lengths (a literal
// announced with 256 MB is held in memory) and recurses with the nesting of parentheses; the guard counts both on the way
// and closes the connection when an answer goes beyond every bound. It also keeps the text of a BYE, which the library
// drops, and says afterwards how the connection ended.
type guard struct {
	net.Conn
	raw   net.Conn // the connection below TLS: closing it ends everything at once
	scan  scanner
	timer *time.Timer
	// secrets are what the server was told over this connection.
	secrets secrets
	idle    atomic.Int64 // how long the server may be silent now, 0 when nothing is awaited

	mu      sync.Mutex
	read    int   // bytes since the command began
	all     int64 // bytes over this connection
	born    time.Time
	broke   error  // errHostile with the reason, once
	ended   error  // what reading said first
	stalled bool   // closed by the watchdog
	ahead   []byte // what the parser shall read first
}

// newGuard guards conn, which runs over raw.
func newGuard(conn, raw net.Conn) *guard {
	g := &guard{Conn: conn, raw: raw, born: time.Now()}
	g.timer = time.AfterFunc(time.Hour, g.onSilence)
	g.timer.Stop()
	return g
}

// Read implements [net.Conn].
func (g *guard) Read(p []byte) (int, error) {
	if len(g.ahead) > 0 {
		n := copy(p, g.ahead)
		g.ahead = g.ahead[n:]
		return n, nil
	}
	n, err := g.Conn.Read(p)
	if idle := g.idle.Load(); idle > 0 {
		g.timer.Reset(time.Duration(idle))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.measure(p[:n]); err != nil {
		g.raw.Close()
		return 0, err
	}
	if err != nil && g.ended == nil {
		g.ended = err
	}
	return n, err
}

// measure holds what came to the bounds.
func (g *guard) measure(p []byte) error {
	g.read += len(p)
	g.all += int64(len(p))
	if g.broke != nil {
		return g.broke
	}
	g.broke = g.scan.take(p)
	switch {
	case g.broke != nil:
	case g.read > maxAnswer:
		g.broke = fmt.Errorf("%w: more than %d bytes for one command", errHostile, maxAnswer)
	case g.all > maxConnection:
		g.broke = fmt.Errorf("%w: more than %d bytes over one connection", errHostile, int64(maxConnection))
	case time.Since(g.born) > maxAge:
		g.stalled = true
		return errSilence
	}
	return g.broke
}

// SetDeadline, SetReadDeadline and SetWriteDeadline do nothing: the library clears deadlines as it pleases, and its own are
// too short for some servers and absent where they matter. The watchdog closes the connection instead.
func (g *guard) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing, see SetDeadline.
func (g *guard) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing, see SetDeadline.
func (g *guard) SetWriteDeadline(time.Time) error { return nil }

// renew has the bounds of the whole connection begin anew: one that is kept for days is used a little at a time.
func (g *guard) renew() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.born, g.all = time.Now(), 0
}

// Close closes the connection below TLS: TLS would wait up to 5 s to say goodbye to a server that hangs.
func (g *guard) Close() error { return g.raw.Close() }

// abort ends the conversation from outside.
func (g *guard) abort() { g.raw.Close() }

// await arms the watchdog for one command; the function it gives disarms it.
func (g *guard) await(idle time.Duration) (done func()) {
	g.mu.Lock()
	g.read = 0
	g.mu.Unlock()
	g.idle.Store(int64(idle))
	g.timer.Reset(idle)
	return func() {
		g.idle.Store(0)
		g.timer.Stop()
	}
}

func (g *guard) onSilence() {
	if g.idle.Load() == 0 {
		return // the answer came in the same moment
	}
	g.mu.Lock()
	g.stalled = true
	g.mu.Unlock()
	g.raw.Close()
}

// verdict says how the conversation ended: the kind of error, the server's last words, the cause.
func (g *guard) verdict() (kind, bye string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	bye = string(g.scan.bye)
	switch {
	case g.broke != nil:
		return KindHostile, bye, g.broke
	case bye != "":
		return KindBye, bye, nil
	case g.stalled:
		return KindStalled, "", nil
	case g.ended != nil && !errors.Is(g.ended, net.ErrClosed):
		if errors.Is(g.ended, io.EOF) {
			return KindDropped, "", io.ErrUnexpectedEOF
		}
		return KindDropped, "", g.ended
	}
	return KindBroken, "", nil
}
