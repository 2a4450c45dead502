//go:build darwin && !cgo

package window

import (
	"errors"
	"image"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
)

// Picture says how to get the picture: on macOS the toolkit draws nothing without a C compiler.
func Picture(p Params, _ checklist.Report, _ session.Shot) (image.Image, error) {
	return nil, errors.New(p.Words.T("window.absent"))
}
