package main

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// link is a slow line to a server: it carries what it is given with a delay and at a bounded speed, and counts it.
type link struct {
	net.Listener
	to   string
	down atomic.Int64 // bytes from the server, as they are on the wire
}

func openLink(to string) (*link, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	k := &link{Listener: l, to: to}
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go k.carry(near)
		}
	}()
	return k, nil
}

func (k *link) port() string {
	_, port, _ := net.SplitHostPort(k.Addr().String())
	return port
}

func (k *link) carry(near net.Conn) {
	defer near.Close()
	time.Sleep(roundTrip) // the handshake of TCP
	far, err := net.Dial("tcp", k.to)
	if err != nil {
		return
	}
	defer far.Close()
	var both sync.WaitGroup
	both.Go(func() { convey(far, near, nil) })
	both.Go(func() { convey(near, far, &k.down) })
	both.Wait()
}

// piece is some bytes with the moment at which they have arrived.
type piece struct {
	bytes []byte
	due   time.Time
}

// convey carries one direction.
func convey(to, from net.Conn, count *atomic.Int64) {
	under := make(chan piece, 1024)
	var done sync.WaitGroup
	done.Go(func() {
		broken := false
		for p := range under {
			if broken {
				continue
			}
			time.Sleep(time.Until(p.due))
			_, err := to.Write(p.bytes)
			broken = err != nil
		}
		if tcp, ok := to.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
	})
	free := time.Now()
	for {
		buf := make([]byte, 4096)
		n, err := from.Read(buf)
		if n > 0 {
			if count != nil {
				count.Add(int64(n))
			}
			if now := time.Now(); free.Before(now) {
				free = now
			}
			free = free.Add(time.Duration(float64(n*8) / speed * float64(time.Second)))
			under <- piece{buf[:n], free.Add(roundTrip / 2)}
		}
		if err != nil {
			break
		}
	}
	close(under)
	done.Wait()
	_, _ = io.Copy(io.Discard, from)
}
