// Package ipc is the private line between the parts of the program that one person has running: the watcher answers, the
// window and the command line ask. It is a Unix socket in a folder that only the person can enter, on Windows a named pipe
// for the person's SID (AF_UNIX is not everywhere there).
//
// On the line go lines of JSON. The asker says hello first with the version of its program and what it is; after an
// upgrade the new program thus finds the old watcher and can ask it to end. The line carries no secret.
package ipc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Roles of those who ask.
const (
	RoleCommand = "command"
	RoleWindow  = "window"
)

// Event is something that the watcher tells a window unasked.
type Event string

// The events.
const (
	EventRaise   Event = "raise"   // come to the front
	EventChanged Event = "changed" // the state or the mail changed: look again
)

var (
	// ErrRunning means that a watcher of this data folder answers already.
	ErrRunning = errors.New("another watcher is running")
	// ErrAbsent means that no watcher of this data folder answers.
	ErrAbsent = errors.New("no watcher is running")
	// ErrStranger means that somebody else's program sits where the person's own watcher should.
	ErrStranger = errors.New("the line belongs to somebody else")
)

// Refused is an answer that says no; its text is for logs.
type Refused struct{ Text string }

// Error gives the watcher's own words.
func (e *Refused) Error() string { return e.Text }

// Bounds of the line. A status of a hundred accounts takes some 50 KB.
const (
	maxLine    = 4 << 20
	maxPeers   = 32
	helloLimit = 5 * time.Second
	writeLimit = 5 * time.Second
)

// frame is one line, in either direction.
type frame struct {
	Hello *hello          `json:"hello,omitempty"`
	Verb  string          `json:"verb,omitempty"`
	Data  json.RawMessage `json:"data,omitempty"`
	Error string          `json:"error,omitempty"`
	Event Event           `json:"event,omitempty"`
}

// hello opens a conversation; the answer has no role.
type hello struct {
	Version string `json:"version"`
	Role    string `json:"role,omitempty"`
	PID     int    `json:"pid"`
}

var errTooLong = fmt.Errorf("a line of more than %d bytes", maxLine)

// frames reads lines, each bounded.
type frames struct {
	in  io.Reader
	buf []byte
}

func (r *frames) next() (frame, error) {
	var f frame
	for start := 0; ; {
		for i := start; i < len(r.buf); i++ {
			if r.buf[i] == '\n' {
				err := json.Unmarshal(r.buf[:i], &f)
				r.buf = append(r.buf[:0], r.buf[i+1:]...)
				if err != nil {
					return f, fmt.Errorf("read a line: %w", err)
				}
				return f, nil
			}
		}
		start = len(r.buf)
		if start > maxLine {
			return f, errTooLong
		}
		chunk := make([]byte, 4096)
		n, err := r.in.Read(chunk)
		r.buf = append(r.buf, chunk[:n]...)
		if n == 0 && err != nil {
			return f, err
		}
	}
}

func write(w io.Writer, f frame) error {
	line, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("write a line: %w", err)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
