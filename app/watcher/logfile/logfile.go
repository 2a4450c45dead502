// Package logfile keeps the watcher's log: one line for each event, in a file of bounded size in the data folder, without
// anything secret and without anybody's whole address, so that it can be shown to somebody who helps.
package logfile

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// Bounds of the log: the present file and the ones before it.
const (
	maxSize = 1 << 20
	kept    = 3
	name    = "watcher.log"
)

// Paths gives the log's files in a data folder, the present one first, whether they exist or not.
func Paths(data string) (list []string) {
	for i := range kept + 1 {
		list = append(list, numbered(filepath.Join(data, name), i))
	}
	return list
}

func numbered(path string, i int) string {
	if i == 0 {
		return path
	}
	return fmt.Sprintf("%s.%d", path, i)
}

// Open gives a logger that writes to the data folder's log from a level on, and what closes it. Times are in UTC.
func Open(data string, level slog.Level) (*slog.Logger, io.Closer, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, nil, fmt.Errorf("open the log: %w", err)
	}
	f := &file{path: filepath.Join(data, name)}
	if err := f.open(); err != nil {
		return nil, nil, fmt.Errorf("open the log: %w", err)
	}
	return slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: level, ReplaceAttr: utc})), f, nil
}

func utc(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey && a.Value.Kind() == slog.KindTime {
		a.Value = slog.TimeValue(a.Value.Time().UTC())
	}
	return a
}

// file is a log that is set aside when it is full. Each line is made harmless before it is written.
type file struct {
	path string
	mu   sync.Mutex
	f    *os.File
	size int64
}

func (l *file) open() error {
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close() // the first error is the one to tell
		return err
	}
	l.f, l.size = f, info.Size()
	return nil
}

// Write takes one line. It always takes it whole: a log that cannot be written must not stop the watcher.
func (l *file) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := Redact(string(line))
	if l.f != nil && l.size+int64(len(text)) > maxSize {
		l.rotate()
	}
	if l.f != nil {
		n, err := io.WriteString(l.f, text)
		l.size += int64(n)
		if err != nil {
			l.full()
		}
	}
	return len(line), nil
}

// rotate sets the files aside, the oldest going.
func (l *file) rotate() {
	_ = l.f.Close() // a line that is lost with a full disk is lost
	for i := kept; i > 0; i-- {
		_ = os.Rename(numbered(l.path, i-1), numbered(l.path, i)) // one that is missing leaves its place empty
	}
	if l.open() != nil {
		l.f = nil
	}
}

// full gives up on a disk that takes no more; the next start tries again.
func (l *file) full() {
	_ = l.f.Close() // it is broken already
	l.f = nil
}

// Close implements io.Closer.
func (l *file) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f == nil {
		return nil
	}
	err := l.f.Close()
	l.f = nil
	return err
}
