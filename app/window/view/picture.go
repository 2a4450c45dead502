package view

import (
	"errors"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/review"
)

// largestPicture is the largest side of a picture, in pixels: beyond it only memory is used.
const largestPicture = 8192

// Picture draws one of the window's places with a report in it, without a display. It sets the toolkit's current app to one that
// draws into memory. What a page would only find out later is not in it.
func Picture(p session.Params, r checklist.Report, s session.Shot) (image.Image, error) {
	if s.Size.X < 1 || s.Size.Y < 1 || s.Size.X > largestPicture || s.Size.Y > largestPicture {
		return nil, errors.New(p.Words.T("window.picture-size", "Largest", largestPicture))
	}
	look := theme.VariantLight
	if s.Dark {
		look = theme.VariantDark
	}
	test.NewApp().Settings().SetTheme(kit.NewLookIn(look))
	f, win := still(p, r)
	defer f.Close()
	win.Resize(fyne.NewSize(float32(s.Size.X), float32(s.Size.Y)))
	f.visit(s.Place)
	// Lines that break are as high as the width that they were last given: the second pass knows it.
	win.Content().Refresh()
	return win.Canvas().Capture(), nil
}

// still gives a frame in the state in which a review has just ended.
func still(p session.Params, r checklist.Report) (*Frame, fyne.Window) {
	if p.Start == nil {
		p.Start = &review.Request{At: r.At, Demo: r.Demo}
	}
	win := test.NewWindow(nil)
	f := &Frame{}
	// What comes later would be drawn on another goroutine meanwhile: the toolkit that draws into memory has none of its own.
	f.init(p, win, func(func()) {})
	f.present(*p.Start)
	f.finished(r, nil)
	f.visit(atChecklist)
	return f, win
}
