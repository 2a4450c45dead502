//go:build cgo || !darwin

package window

import (
	"image"

	"rimbalzo/app/window/view"
	"rimbalzo/internal/checklist"
)

// Picture draws the window's main page with a report in it, size pixels large, in light colours. It needs no display. It
// must not be called in a process that also runs the window.
func Picture(p Params, r checklist.Report, size image.Point) (image.Image, error) {
	return view.Picture(p, r, size)
}
