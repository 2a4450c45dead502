package ipc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Client asks the watcher of a data folder. It is safe for use by several goroutines; questions go one at a time.
type Client struct {
	// Version is that of the watcher's program.
	Version string
	// Events are what the watcher tells a window unasked; the channel is closed when the line is.
	Events <-chan Event

	conn    net.Conn
	mu      sync.Mutex
	answers chan frame
	done    chan struct{}
}

// Dial calls the watcher of a data folder as a role. Its errors are [ErrAbsent], [ErrStranger], and those of the system.
func Dial(ctx context.Context, data, version, role string) (*Client, error) {
	conn, err := dial(ctx, data)
	if err != nil {
		return nil, err
	}
	in := &frames{in: conn}
	first, err := greet(conn, in, version, role)
	if err != nil {
		_ = conn.Close() // the first error is the one to tell
		return nil, fmt.Errorf("call the watcher: %w", err)
	}
	events := make(chan Event, 16)
	c := &Client{Version: first.Version, Events: events, conn: conn, answers: make(chan frame, 1), done: make(chan struct{})}
	go c.listen(in, events)
	return c, nil
}

func greet(conn net.Conn, in *frames, version, role string) (*hello, error) {
	if err := conn.SetDeadline(time.Now().Add(helloLimit)); err != nil {
		return nil, err
	}
	if err := write(conn, frame{Hello: &hello{Version: version, Role: role, PID: os.Getpid()}}); err != nil {
		return nil, err
	}
	first, err := in.next()
	if err != nil {
		return nil, err
	}
	if first.Hello == nil {
		return nil, errors.New("it does not say hello")
	}
	return first.Hello, conn.SetDeadline(time.Time{})
}

// listen sorts what comes into answers and events.
func (c *Client) listen(in *frames, events chan<- Event) {
	defer close(c.done)
	defer close(events)
	for {
		f, err := in.next()
		if err != nil {
			return
		}
		if f.Event != "" {
			select {
			case events <- f.Event:
			default: // nobody looks, and an event more would say nothing new
			}
			continue
		}
		select {
		case c.answers <- f:
		default:
			return // an answer that nobody asked for
		}
	}
}

// Ask asks a question and decodes the answer into answer unless that is nil. A no is a [*Refused]; after any other error
// the line is dead.
func (c *Client) Ask(ctx context.Context, verb string, arg, answer any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	data, err := json.Marshal(arg)
	if err != nil {
		return fmt.Errorf("ask the watcher %s: %w", verb, err)
	}
	if err := c.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return fmt.Errorf("ask the watcher %s: %w", verb, err)
	}
	if err := write(c.conn, frame{Verb: verb, Data: data}); err != nil {
		return fmt.Errorf("ask the watcher %s: %w", verb, err)
	}
	select {
	case f := <-c.answers:
		return take(f, verb, answer)
	case <-ctx.Done():
		_ = c.conn.Close() // a late answer would be taken for that to the next question
		return ctx.Err()
	case <-c.done:
		return fmt.Errorf("ask the watcher %s: %w", verb, io.ErrUnexpectedEOF)
	}
}

func take(f frame, verb string, answer any) error {
	if f.Error != "" {
		return &Refused{f.Error}
	}
	if answer == nil || f.Data == nil {
		return nil
	}
	if err := json.Unmarshal(f.Data, answer); err != nil {
		return fmt.Errorf("understand the watcher's answer to %s: %w", verb, err)
	}
	return nil
}

// Close hangs up and waits until nothing of the line is left.
func (c *Client) Close() {
	_ = c.conn.Close() // nothing is left to say
	<-c.done
}
