//go:build cgo

package window

import (
	"bytes"
	"errors"
	"io"
	"log"
	"strings"

	"fyne.io/fyne/v2"
)

// show puts a window on the screen, and gives the toolkit's reason where it cannot: no driver for OpenGL, mostly. The toolkit
// then logs that, ends a loop that has not begun yet, and would wait for ever in it; nothing but its log tells.
func show(win fyne.Window) error {
	var said bytes.Buffer
	before := log.Writer()
	log.SetOutput(io.MultiWriter(before, &said))
	win.Show()
	log.SetOutput(before)
	return failure(said.String())
}

// failure gives the cause that the toolkit logged for a window that it could not make, nil where it logged none.
func failure(logged string) error {
	_, rest, failed := strings.Cut(logged, "window creation error")
	if !failed {
		return nil
	}
	_, cause, _ := strings.Cut(rest, "Cause: ")
	cause, _, _ = strings.Cut(cause, "\n")
	if cause == "" {
		cause = "OpenGL"
	}
	return errors.New(cause)
}
