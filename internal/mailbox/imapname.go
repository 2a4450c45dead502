package mailbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// lookup finds the addresses of a name; network is "ip4" or "ip6", as for [net.Resolver.LookupNetIP].
type lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

// Delays of RFC 8305: how long the other family's addresses are waited for (section 3, which says 50 ms; slow lines answer
// later), and how long one attempt has before the next begins beside it (section 5).
const (
	resolutionDelay = 300 * time.Millisecond
	attemptDelay    = 250 * time.Millisecond
)

// maxAddresses bounds how many of a name's addresses are tried.
const maxAddresses = 16

// addresses finds where a name leads, IPv6 and IPv4 asked for apart and at once. One family that does not answer holds up
// the other for [resolutionDelay] only. The order is that of RFC 8305 section 4: the families take turns, IPv6 first.
func (c *course) addresses(ctx context.Context) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(c.host); err == nil {
		return []netip.Addr{ip}, nil
	}
	asked, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	var (
		mu    sync.Mutex // of tell, and of timer
		timer *time.Timer
		wg    sync.WaitGroup
		found [2][]netip.Addr
		errs  [2]error
	)
	tell := c.tell
	apart := *c
	apart.tell = func(r StageResult) { mu.Lock(); defer mu.Unlock(); tell(r) }
	for i, family := range []struct {
		stage   Stage
		network string
	}{{StageAAAA, "ip6"}, {StageA, "ip4"}} {
		wg.Go(func() {
			errs[i] = apart.step(asked, family.stage, func(ctx context.Context, result *StageResult) (err error) {
				found[i], err = c.lookup(ctx, family.network, c.host)
				if ctx.Err() != nil && errors.Is(context.Cause(ctx), errSilence) {
					err = errSilence
				}
				result.Detail = addressNames(found[i])
				if noSuchAddress(err) {
					return nil
				}
				return err
			})
			if len(found[i]) > 0 {
				mu.Lock()
				defer mu.Unlock()
				timer = time.AfterFunc(resolutionDelay, func() { giveUp(errSilence) })
			}
		})
	}
	wg.Wait()
	if timer != nil {
		timer.Stop()
	}
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errSilence) {
		return nil, ctx.Err()
	}
	return c.inTurns(found, errors.Join(errs[0], errs[1]))
}

// inTurns mixes the families' addresses; none at all is an error.
func (c *course) inTurns(found [2][]netip.Addr, err error) (mixed []netip.Addr, _ error) {
	for i := range max(len(found[0]), len(found[1])) {
		for _, family := range found {
			if i < len(family) && len(mixed) < maxAddresses {
				mixed = append(mixed, family[i].Unmap())
			}
		}
	}
	if len(mixed) > 0 {
		return mixed, nil
	}
	if err == nil {
		err = fmt.Errorf("%s has no address", c.host)
	}
	return nil, &Error{Stage: StageA, Kind: KindDNS, Host: c.address(), User: c.user, Err: err}
}

// noSuchAddress is the answer that a name has no address of the family asked for, which is no failure.
func noSuchAddress(err error) bool {
	var dns *net.DNSError
	var addr *net.AddrError // "no suitable address found"
	return errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &addr)
}

// addressNames lists addresses in a stage's detail.
func addressNames(addresses []netip.Addr) string {
	var names []string
	for _, a := range addresses[:min(len(addresses), 4)] {
		names = append(names, a.Unmap().String())
	}
	return strings.Join(names, " ")
}

// attempt is one try to connect.
type attempt struct {
	conn net.Conn
	err  error
}

// connect makes the connection: each address has [attemptDelay] of its own, then the next is tried beside it, and the first
// to answer is taken (RFC 8305 section 5). All attempts have ended when it returns.
func (c *course) connect(ctx context.Context) (conn net.Conn, err error) {
	addresses, err := c.addresses(ctx)
	if err != nil {
		return nil, err
	}
	err = c.step(ctx, StageConnect, func(ctx context.Context, result *StageResult) error {
		if conn, err = race(ctx, addresses, c.port); err == nil {
			result.Detail = conn.RemoteAddr().String()
		}
		return err
	})
	return conn, err
}

// race tries the addresses as [course.connect] says.
func race(ctx context.Context, addresses []netip.Addr, port string) (conn net.Conn, err error) {
	ctx, cancel := context.WithCancel(ctx)
	results := make(chan attempt)
	begun, ended := 0, 0
	begin := func() {
		address := net.JoinHostPort(addresses[begun].String(), port)
		begun++
		go func() {
			var d net.Dialer
			conn, err := d.DialContext(ctx, "tcp", address)
			results <- attempt{conn, err}
		}()
	}
	begin()
	next := time.NewTicker(attemptDelay)
	defer next.Stop()
	for ended < begun {
		select {
		case <-next.C:
			if conn == nil && begun < len(addresses) && ctx.Err() == nil {
				begin()
			}
		case r := <-results:
			ended++
			switch {
			case r.err == nil && conn == nil:
				conn = r.conn
				cancel()
			case r.err == nil:
				r.conn.Close()
			case conn == nil:
				err = plainer(err, r.err)
				if begun < len(addresses) && ctx.Err() == nil {
					begin()
				}
			}
		}
	}
	cancel()
	if conn != nil {
		return conn, nil
	}
	return nil, err
}

// plainer chooses the error that says more about the server: a refusal came from it, a missing route did not.
func plainer(a, b error) error {
	rank := func(err error) int {
		switch dialKind(err, isTimeout(err)) {
		case KindRefused:
			return 3
		case KindTimeout:
			return 2
		case KindUnreachable:
			return 1
		}
		return 0
	}
	if a != nil && rank(a) >= rank(b) {
		return a
	}
	return b
}
