package logfile

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTail(t *testing.T) {
	data := t.TempDir()
	if _, err := Tail(data, 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a log: %v", err)
	}
	write := func(i int, text string) {
		if err := os.WriteFile(Paths(data)[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(2, "oldest\n")
	write(1, "older of anna@libero.it\nold\n")
	write(0, "new\nnewest, half a line")
	for n, want := range map[int][]string{
		1: {"newest, half a line"}, 2: {"new", "newest, half a line"}, 4: {"older of a…@libero.it", "old", "new", "newest, half a line"},
		10: {"oldest", "older of a…@libero.it", "old", "new", "newest, half a line"},
	} {
		if got, err := Tail(data, n); err != nil || !slices.Equal(got, want) {
			t.Errorf("the last %d: %q, %v", n, got, err)
		}
	}
	write(0, strings.Repeat("x", 3*maxSize))
	if got, err := Tail(data, 1); err != nil || len(got) != 1 || len(got[0]) > maxSize {
		t.Errorf("a line without an end: %d lines, %v", len(got), err)
	}
	if err := errors.Join(os.Remove(Paths(data)[0]), os.Mkdir(Paths(data)[0], 0o700)); err != nil {
		t.Fatal(err)
	}
	if _, err := Tail(data, 1); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder in its place: %v", err)
	}
}

// TestFollow loses no line and shows none twice while the log is made, written to, and set aside.
func TestFollow(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	shown := make(chan string, 20_000)
	ended := make(chan error, 1)
	go func() {
		ended <- Follow(ctx, data, func(line string) error {
			shown <- line
			return nil
		})
	}()
	log, closer, err := Open(data, slog.LevelInfo)
	if err != nil {
		t.Fatal(err)
	}
	defer closer.Close()
	const lines = 2200 // more than one file holds
	filler := strings.Repeat("words ", 100)
	for i := range lines {
		log.Info(filler, "i", i)
		if i%500 == 0 {
			time.Sleep(lookEvery)
		}
	}
	for i := range lines {
		select {
		case line := <-shown:
			if !strings.HasSuffix(line, " i="+strconv.Itoa(i)) {
				t.Fatalf("line %d ends in %q", i, line[max(0, len(line)-20):])
			}
		case <-ctx.Done():
			t.Fatalf("line %d does not come", i)
		}
	}
	if _, err := os.Stat(Paths(data)[1]); err != nil {
		t.Errorf("the log was not set aside, so this shows nothing: %v", err)
	}
	cancel()
	if err := <-ended; err != nil || len(shown) > 0 {
		t.Errorf("%d lines too many, %v", len(shown), err)
	}
}
