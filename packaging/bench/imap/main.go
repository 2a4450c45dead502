// Command imap measures how mail is read over IMAP: from a real Dovecot with many messages, over a link as slow and as far as a home's,
// beside what else reads mail. It prints the table that README.md keeps.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 && args[0] == "read" {
		return readOnce(ctx, args[1:], out)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	messages := flags.Int("messages", 100_000, "messages in the inbox")
	bounces := flags.Int("bounces", 3_000, "bounces among them")
	only := flags.String("only", "", "measure only the ways that have this in their name")
	dir := flags.String("dir", "", "where the mailbox is made and kept; a folder of the system's when empty, removed afterwards")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *dir == "" {
		made, err := os.MkdirTemp("", "bench") // a short path: sockets' names have a limit
		if err != nil {
			return err
		}
		defer os.RemoveAll(made)
		*dir = made
	}
	b, err := newBench(*dir, *messages, *bounces, out)
	if err != nil {
		return err
	}
	b.only = *only
	return b.run(ctx)
}

// The link of a home: the time to the server and back, and the speed down.
const (
	roundTrip = 40 * time.Millisecond
	speed     = 10e6 // bit/s
)

// bench is one run.
type bench struct {
	dir  string
	out  io.Writer
	list []letter
	exe  string
	only string
}

func newBench(dir string, messages, bounces int, out io.Writer) (*bench, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, out: out, exe: exe, list: letters(messages, bounces)}
	start := time.Now()
	if err := b.fill(filepath.Join(dir, "mail")); err != nil {
		return nil, fmt.Errorf("make the mailbox: %w", err)
	}
	fmt.Fprintf(out, "%d messages, %d of them bounces, made in %.0f s\n", messages, bounces, time.Since(start).Seconds())
	return b, nil
}

// run measures one way after the other and prints a row for each.
func (b *bench) run(ctx context.Context) error {
	fmt.Fprintf(b.out, "\n| way | MB down | seconds | bounces | peak MB |\n|---|---|---|---|---|\n")
	for _, compressed := range []bool{false, true} {
		if err := b.runServer(ctx, compressed); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) runServer(ctx context.Context, compressed bool) error {
	s, err := b.startServer(ctx, compressed)
	if err != nil {
		return err
	}
	defer s.stop()
	for _, w := range ways {
		if w.compressed != compressed || !strings.Contains(w.name, b.only) {
			continue
		}
		r, err := w.measure(ctx, b, s)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		peak := "–"
		if r.peak > 0 {
			peak = fmt.Sprintf("%.0f", float64(r.peak)/1024)
		}
		fmt.Fprintf(b.out, "| %s | %.3f | %.1f | %d%s | %s |\n", w.name, float64(r.down)/1e6, r.took.Seconds(), r.found, r.note, peak)
	}
	return nil
}
