package ipc

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// Handler answers one question; the answer goes out as JSON. Its error reaches the asker as text.
type Handler func(ctx context.Context, verb string, data json.RawMessage) (any, error)

// Server answers on a line. Make it with [Listen]; end it by ending the context of [Server.Serve].
type Server struct {
	version string
	ln      net.Listener
	release func()

	mu    sync.Mutex
	peers map[*peer]bool
}

// peer is one who asks.
type peer struct {
	conn net.Conn
	role string
	mu   sync.Mutex // one line at a time
}

func (p *peer) write(f frame) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	return write(p.conn, f)
}

// Listen takes the line of a data folder. Its errors are [ErrRunning] when a watcher has it, [ErrStranger], and those of
// the system. What a watcher that died has left is cleared away.
func Listen(data, version string) (*Server, error) {
	ln, release, err := listen(data)
	if err != nil {
		return nil, err
	}
	return &Server{version: version, ln: ln, release: release, peers: map[*peer]bool{}}, nil
}

// Serve answers until ctx ends, and returns when every conversation is over.
func (s *Server) Serve(ctx context.Context, answer Handler) error {
	defer s.release()
	defer context.AfterFunc(ctx, s.hangUp)()
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		conn, err := s.ln.Accept()
		if err != nil {
			s.hangUp()
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		p := &peer{conn: conn}
		if !s.admit(p) {
			_ = conn.Close() // too many at once: it will ask again
			continue
		}
		wg.Go(func() {
			defer s.dismiss(p)
			s.converse(ctx, p, answer)
		})
	}
}

// Tell sends an event to every window, and gives how many there are.
func (s *Server) Tell(e Event) int {
	told := 0
	for _, p := range s.windows() {
		if p.write(frame{Event: e}) == nil {
			told++
		} else {
			_ = p.conn.Close() // it hangs, or is gone
		}
	}
	return told
}

// Windows gives how many windows are on the line.
func (s *Server) Windows() int { return len(s.windows()) }

func (s *Server) windows() (list []*peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.peers {
		if p.role == RoleWindow {
			list = append(list, p)
		}
	}
	return list
}

func (s *Server) admit(p *peer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.peers) >= maxPeers {
		return false
	}
	s.peers[p] = true
	return true
}

func (s *Server) dismiss(p *peer) {
	_ = p.conn.Close() // nothing is left to say
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.peers, p)
}

func (s *Server) hangUp() {
	_ = s.ln.Close() // closing twice is no harm
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.peers {
		_ = p.conn.Close() // ends its reading
	}
}

// converse holds one conversation, to its end.
func (s *Server) converse(ctx context.Context, p *peer, answer Handler) {
	in := &frames{in: p.conn}
	if p.conn.SetReadDeadline(time.Now().Add(helloLimit)) != nil {
		return
	}
	first, err := in.next()
	if err != nil || first.Hello == nil {
		return
	}
	if p.write(frame{Hello: &hello{Version: s.version, PID: os.Getpid()}}) != nil {
		return
	}
	s.mu.Lock()
	p.role = first.Hello.Role
	s.mu.Unlock()
	if p.conn.SetReadDeadline(time.Time{}) != nil { // a window may be silent for hours
		return
	}
	for ctx.Err() == nil {
		f, err := in.next()
		if err != nil || p.write(reply(ctx, f, answer)) != nil {
			return
		}
	}
}

func reply(ctx context.Context, f frame, answer Handler) frame {
	value, err := answer(ctx, f.Verb, f.Data)
	if err != nil {
		return frame{Verb: f.Verb, Error: err.Error()}
	}
	data, err := json.Marshal(value)
	if err != nil {
		return frame{Verb: f.Verb, Error: err.Error()}
	}
	return frame{Verb: f.Verb, Data: data}
}
