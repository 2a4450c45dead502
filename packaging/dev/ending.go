package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	// endings is how often the demonstration is started and ended: what the toolkit still does meanwhile goes wrong now and then.
	endings = 5
	// endWait is how long the program may take to end when the system asks it to.
	endWait = 20 * time.Second
)

// endOften starts the demonstration and ends it, at other moments of its start each time, and holds it to ending by itself,
// with nothing to complain about, and with nothing left behind.
func endOften(w *workshop, exe, display string) error {
	for i := range endings {
		if err := endOnce(w, exe, display, time.Duration(i%5)*200*time.Millisecond); err != nil {
			return fmt.Errorf("ending %d of %d: %w", i+1, endings, err)
		}
	}
	return nil
}

func endOnce(w *workshop, exe, display string, after time.Duration) (err error) {
	home, err := os.MkdirTemp("", "rimbalzo-ending-")
	if err != nil {
		return fmt.Errorf("making a home for the window: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(home)) }()
	var logged bytes.Buffer
	c := w.command(windowEnv(display, home), exe, "demo")
	c.Stderr = &logged
	if err := c.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", exe, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	if err := awaitSettled(display, ended, after); err != nil {
		_ = c.Process.Kill()
		return err
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("asking the program to end: %w", err)
	}
	select {
	case err = <-ended:
	case <-time.After(endWait):
		_ = c.Process.Kill()
		return errors.Join(errors.New("the program does not end"), <-ended)
	}
	left, _ := filepath.Glob(filepath.Join(home, "rimbalzo-demo-*"))
	if len(left) > 0 {
		err = errors.Join(err, fmt.Errorf("%s is left behind", left[0]))
	}
	if err = errors.Join(err, faults(logged.String(), w.root)); err != nil {
		fmt.Fprint(w.err, logged.String())
	}
	return err
}

// windowEnv is the environment of a window on a display in memory: nothing of the person who runs the suite is read or kept.
func windowEnv(display, home string) []string {
	return []string{
		"DISPLAY=" + display, "WAYLAND_DISPLAY=", "HOME=" + home, "TMPDIR=" + home, "XDG_CONFIG_HOME=", "XDG_CACHE_HOME=", "XDG_DATA_HOME=",
		"LANG=en_US.UTF-8",
	}
}
