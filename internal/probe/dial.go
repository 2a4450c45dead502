package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// stagger is how long one address has before the next is tried beside it (RFC 8305 section 5 recommends 250 ms).
const stagger = 250 * time.Millisecond

// maxBytes bounds all that a server may send in one check, below TLS: certificates take some 10 KB, greetings 1 KB.
const maxBytes = 1 << 20

// errFlood is more than any server has to say.
var errFlood = errors.New("more than any server has to say")

// wire is a connection that counts what came and stops at maxBytes.
type wire struct {
	net.Conn
	read atomic.Int64
}

// Read implements [net.Conn].
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if w.read.Add(int64(n)) > maxBytes {
		return 0, errFlood
	}
	return n, err
}

// connect makes a connection to one of a host's addresses, with the stages on the way.
func (r *run) connect(ctx context.Context, host string, port int) (*wire, error) {
	addrs, err := r.addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	var w *wire
	err = r.stage(StageTCP, func() (string, error) {
		timed, cancel := context.WithTimeout(ctx, r.limits.TCP)
		defer cancel()
		conn, err := r.race(timed, addrs, port)
		if err != nil {
			return "", err
		}
		w = &wire{Conn: conn}
		if peer, err := netip.ParseAddrPort(conn.RemoteAddr().String()); err == nil {
			r.result.Peer = peer
		}
		return conn.RemoteAddr().String(), nil
	})
	return w, err
}

// race tries the addresses one after the other, each beside those that have not answered yet, and keeps the first
// connection. All tries have ended when it returns.
func (r *run) race(ctx context.Context, addrs []netip.Addr, port int) (net.Conn, error) {
	type try struct {
		conn net.Conn
		err  error
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tries := make(chan try, len(addrs))
	start := func(addr netip.Addr) {
		conn, err := r.deps.Dial(ctx, "tcp", netip.AddrPortFrom(addr, uint16(port)).String())
		tries <- try{conn, err}
	}
	var (
		won     net.Conn
		worst   *failure
		open    int
		next    = time.NewTimer(0)
		pending = addrs
	)
	defer next.Stop()
	for open > 0 || (len(pending) > 0 && won == nil) {
		select {
		case <-next.C:
			if len(pending) > 0 && won == nil {
				go start(pending[0])
				open, pending = open+1, pending[1:]
				next.Reset(stagger)
			}
		case t := <-tries:
			open--
			switch {
			case t.err == nil && won == nil:
				won = t.conn
				cancel()
			case t.err == nil:
				t.conn.Close()
			default:
				worst = clearer(worst, fail(dialEnding(t.err), t.err))
				next.Reset(0)
			}
		}
	}
	if won != nil {
		return won, nil
	}
	if worst == nil {
		return nil, fail(EndingDNSUnknown, errors.New("no address to connect to"))
	}
	return nil, worst
}

// clearer keeps of two failures to connect the one that says more about the server: a closed port was answered, a
// missing way is often only this side's lack of IPv6.
func clearer(a, b *failure) *failure {
	rank := map[Ending]int{EndingRefused: 3, EndingTimeout: 2, EndingConnect: 1, EndingUnreachable: 0}
	if a == nil || rank[b.ending] > rank[a.ending] {
		return b
	}
	return a
}

// Windows names these errors differently (winsock2.h); the numbers mean nothing elsewhere.
const (
	wsaNetDown     = syscall.Errno(10050)
	wsaNetUnreach  = syscall.Errno(10051)
	wsaTimedOut    = syscall.Errno(10060)
	wsaRefused     = syscall.Errno(10061)
	wsaHostUnreach = syscall.Errno(10065)
)

// dialEnding says why a connection was not made.
func dialEnding(err error) Ending {
	is := func(targets ...error) bool {
		for _, target := range targets {
			if errors.Is(err, target) {
				return true
			}
		}
		return false
	}
	switch {
	case is(syscall.ECONNREFUSED, wsaRefused):
		return EndingRefused
	case is(syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.EHOSTDOWN, syscall.EADDRNOTAVAIL,
		wsaNetUnreach, wsaHostUnreach, wsaNetDown):
		return EndingUnreachable
	case isTimeout(err), is(syscall.ETIMEDOUT, wsaTimedOut):
		return EndingTimeout
	}
	return EndingConnect
}

// isTimeout reports whether err is a deadline of any kind. A connection that was closed from here is one too: that is done
// when the whole check's time is over, in the same moment in which the connection's own deadline comes.
func isTimeout(err error) bool {
	var ne net.Error
	return errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &ne) && ne.Timeout())
}

// soon gives the deadline of a step: within limit, and within the whole check.
func soon(ctx context.Context, limit time.Duration) time.Time {
	deadline := time.Now().Add(limit)
	if end, ok := ctx.Deadline(); ok && end.Before(deadline) {
		return end
	}
	return deadline
}

// joinHost writes host and port as one.
func joinHost(host string, port int) string { return net.JoinHostPort(host, fmt.Sprint(port)) }
