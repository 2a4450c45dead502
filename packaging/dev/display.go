package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	// windowTitle is in the title of the program's window in either language.
	windowTitle = "Rimbalzo"
	// windowWait is how long the window may take to show: software drawing on a busy machine.
	windowWait = 60 * time.Second
	// settling is how long the window is left alone once it is there, so that it reads its mail.
	settling = 5 * time.Second
	// wrongThread is what the toolkit logs when a widget is touched from the wrong goroutine.
	wrongThread = "Error in Fyne call thread"
)

// display starts the demonstration on a display of its own, in memory, and waits until its window is there; then it starts and
// ends it often.
func display(w *workshop) error {
	exe, err := w.build(true)
	if err != nil {
		return err
	}
	name, stopDisplay, err := startXvfb(w)
	if err != nil {
		return err
	}
	defer stopDisplay()
	home, err := os.MkdirTemp("", "rimbalzo-display-")
	if err != nil {
		return fmt.Errorf("making a home for the window: %w", err)
	}
	defer os.RemoveAll(home)
	c := w.command(windowEnv(name, home), exe, "demo")
	var logged bytes.Buffer
	c.Stderr = io.MultiWriter(w.err, &logged)
	stop, ended, err := start(c)
	if err != nil {
		return err
	}
	err = awaitWindow(name, ended)
	stop()
	if err = errors.Join(err, faults(logged.String(), w.root)); err == nil {
		err = endOften(w, exe, name)
	}
	return w.close("display", err)
}

// faults gives what the window's log shows to be wrong, nil for nothing: a crash, also while it closes, or a widget touched
// from the wrong goroutine by the program's own code. The toolkit complains about itself as well.
func faults(log, root string) error {
	if strings.Contains(log, "\npanic: ") || strings.HasPrefix(log, "panic: ") {
		return errors.New("the window crashed: see above")
	}
	for _, complaint := range strings.Split(log, wrongThread)[1:] {
		if _, from, ok := strings.Cut(complaint, "From: "); ok && strings.HasPrefix(from, root) {
			return errors.New("a widget was touched from the wrong goroutine: see above")
		}
	}
	return nil
}

// awaitWindow looks at the display's windows until the program's is among them and has had the time to read its mail.
func awaitWindow(display string, ended <-chan error) error {
	return awaitSettled(display, ended, settling)
}

// awaitSettled looks at the display's windows until the program's is among them and visible, and has been for a while.
func awaitSettled(display string, ended <-chan error, settling time.Duration) error {
	deadline := time.After(windowWait)
	for {
		out, err := exec.Command("xwininfo", "-display", display, "-name", windowTitle).Output()
		var look <-chan time.Time
		seen := err == nil && strings.Contains(string(out), "Map State: IsViewable")
		if look = time.After(200 * time.Millisecond); seen {
			look = time.After(settling)
		}
		select {
		case err := <-ended:
			return fmt.Errorf("the program ended by itself: %w", errors.Join(err, errNoWindow))
		case <-deadline:
			return fmt.Errorf("%w after %s", errNoWindow, windowWait)
		case <-look:
			if seen {
				return nil
			}
		}
	}
}

var errNoWindow = errors.New("there is no window")

// startXvfb starts an X server in memory and gives the name of its display.
func startXvfb(w *workshop) (string, func(), error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return "", nil, fmt.Errorf("making a pipe for the display's number: %w", err)
	}
	defer reader.Close()
	c := w.command(nil, "Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp")
	c.ExtraFiles = []*os.File{writer}
	stop, _, err := start(c)
	_ = writer.Close() // the server has its own
	if err != nil {
		return "", nil, err
	}
	var number int
	if _, err := fmt.Fscan(reader, &number); err != nil {
		stop()
		return "", nil, fmt.Errorf("waiting for Xvfb to say its display: %w", err)
	}
	return fmt.Sprintf(":%d", number), stop, nil
}

// start starts a command; stop asks it to end, and makes it after a while, and waits for it.
func start(c *exec.Cmd) (stop func(), ended <-chan error, err error) {
	if err := c.Start(); err != nil {
		return nil, nil, fmt.Errorf("starting %s: %w", c.Path, err)
	}
	done, gone := make(chan error, 1), make(chan struct{})
	go func() {
		done <- c.Wait()
		close(gone)
	}()
	return func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		select {
		case <-gone:
		case <-time.After(5 * time.Second):
			_ = c.Process.Kill()
			<-gone
		}
	}, done, nil
}
