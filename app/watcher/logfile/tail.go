package logfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// MaxLines is how many lines of the log are shown at most.
const MaxLines = 10_000

// Tail gives the last lines of a data folder's log, the oldest first, made harmless once more: somebody else may have
// written into the files. Where there is no log the error is [fs.ErrNotExist].
func Tail(data string, lines int) ([]string, error) {
	var last []string
	found := false
	for _, path := range Paths(data) {
		text, err := readEnd(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		found = true
		last = slices.Concat(split(text), last)
		if len(last) >= lines {
			break
		}
	}
	if !found {
		return nil, fmt.Errorf("read the log: %w", &fs.PathError{Op: "open", Path: Paths(data)[0], Err: fs.ErrNotExist})
	}
	last = last[max(0, len(last)-lines):]
	for i, line := range last {
		last[i] = Redact(line)
	}
	return last, nil
}

// readEnd reads a file as far as a log may be long, from its end.
func readEnd(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("not a regular file")} // a pipe would wait for ever
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.NewSectionReader(f, max(0, info.Size()-maxSize), maxSize))
}

func split(text []byte) []string {
	text = bytes.TrimRight(text, "\n")
	if len(text) == 0 {
		return nil
	}
	return strings.Split(string(text), "\n")
}

// lookEvery is how often a log that is followed is looked at.
const lookEvery = 500 * time.Millisecond

// Follow calls show with each line that is written to a data folder's log from now on, also after it was set aside for a new
// file, until ctx ends or show fails. There may be no log yet.
func Follow(ctx context.Context, data string, show func(line string) error) error {
	path := Paths(data)[0]
	t := &trail{}
	if info, err := os.Stat(path); err == nil {
		t.file, t.at = info, info.Size()
	}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		lines, err := t.next(path)
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		for _, line := range lines {
			if err := show(Redact(line)); err != nil {
				return err
			}
		}
	}
}

// trail is how far a log was followed.
type trail struct {
	file os.FileInfo // the file that is followed; nil before there is one
	at   int64
	rest []byte // of a line that is being written
}

// next gives the lines that were written since.
func (t *trail) next(path string) ([]string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // it is being set aside, or does not exist yet
	}
	if err != nil {
		return nil, err
	}
	var lines []string
	if t.file != nil && !os.SameFile(t.file, info) {
		// What came before it was set aside lies in the file before.
		if old, err := os.Stat(numbered(path, 1)); err == nil && os.SameFile(t.file, old) {
			if lines, err = t.read(numbered(path, 1)); err != nil {
				return nil, err
			}
		}
		t.at, t.rest = 0, nil
	}
	if t.file = info; info.Size() < t.at {
		t.at, t.rest = 0, nil // it was emptied
	}
	more, err := t.read(path)
	return append(lines, more...), err
}

// read gives the whole lines from where the trail ends.
func (t *trail) read(path string) ([]string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.NewSectionReader(f, t.at, maxSize))
	t.at += int64(len(text))
	text = append(t.rest, text...)
	end := bytes.LastIndexByte(text, '\n') + 1
	t.rest = slices.Clone(text[end:])
	return split(text[:end]), err
}
