//go:build cgo || !darwin

package window

import (
	"image"

	"rimbalzo/app/window/session"
	"rimbalzo/app/window/view"
	"rimbalzo/internal/checklist"
)

// Picture draws one of the window's places with a report in it. It needs no display. It must not be called in a process that
// also runs the window.
func Picture(p Params, r checklist.Report, s session.Shot) (image.Image, error) {
	return view.Picture(p, r, s)
}
