package main

import (
	"errors"
	"fmt"
)

// errDemo marks an ending of the demonstration itself, whose exit status is passed on.
var errDemo = errors.New("the demonstration ended with an error")

// demo builds the program and shows its demonstration: with the window where there is a display.
func demo(w *workshop, args []string) error {
	window := w.host.display()
	if window {
		if err := w.ensure(windowNeeds(w.host.goos)); err != nil {
			fmt.Fprintf(w.err, "%v\nGoing on without the window.\n\n", err)
			window = false
		}
	} else {
		fmt.Fprintln(w.err, "There is no display here: the window is left out, the result is printed.")
	}
	fmt.Fprintln(w.err, "Building Rimbalzo; the first build takes some minutes, later ones seconds ...")
	exe, err := w.build(window)
	if err != nil && window {
		fmt.Fprintln(w.err, "The window could not be built; building without it ...")
		window = false
		exe, err = w.build(window)
	}
	if err != nil {
		return fmt.Errorf("building Rimbalzo: %w", err)
	}
	line := []string{"demo"}
	if w.host.display() && !window {
		line = append(line, "--no-window")
	}
	if err := w.run(nil, exe, append(line, args...)...); err != nil {
		return fmt.Errorf("%w: %w", errDemo, err)
	}
	return nil
}
