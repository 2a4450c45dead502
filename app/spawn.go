package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
)

// environment is that of the start: the window points some variables to its own folder, which concern nobody else.
var environment = os.Environ()

// spawn starts this program once more as a process of its own, which outlives this one and has no terminal. Where it ends
// badly, that goes into the log with the last of what it said, and to failed unless that is nil: nobody else hears it.
func spawn(failed func(said string), args ...string) error {
	exe, err := itself(args...)
	if err != nil {
		return err
	}
	return launch(exe, failed, args...)
}

func launch(exe string, failed func(said string), args ...string) error {
	cmd := exec.Command(exe, args...)
	cmd.Env = environment
	detach(cmd)
	// A file and not a pipe: a pipe would kill the other process when this one ends first.
	said, err := os.CreateTemp("", "rimbalzo-*.err")
	if err == nil {
		cmd.Stderr = said
	}
	err = cmd.Start()
	if said != nil {
		_ = os.Remove(said.Name()) // the open file stays; where the system does not allow that, it goes in the end
	}
	if err != nil {
		_ = said.Close() // nothing is in it; closing nil is no harm
		return fmt.Errorf("start %s: %w", exe, err)
	}
	// Nobody else will: a child that ends while this process lives would stay as a zombie.
	go func() {
		if err := cmd.Wait(); err != nil {
			words := lastWords(said)
			slog.Warn("a part of the program ended badly", "part", args, "error", err, "said", words)
			if failed != nil {
				failed(words)
			}
		}
		if said != nil {
			_ = said.Close() // it was read
			_ = os.Remove(said.Name())
		}
	}()
	return nil
}

// mostSaid is how much of what a process said goes into the log, in bytes: a crash tells its reason first and last.
const mostSaid = 2000

// lastWords gives the first and the last of what was written to a file.
func lastWords(f *os.File) string {
	if f == nil {
		return ""
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	read := func(from, n int64) string {
		text, _ := io.ReadAll(io.NewSectionReader(f, from, n)) // what can be read is better than nothing
		return string(text)
	}
	if size <= 2*mostSaid {
		return read(0, size)
	}
	return read(0, mostSaid) + " … " + read(size-mostSaid, mostSaid)
}
