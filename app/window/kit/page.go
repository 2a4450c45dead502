// Package kit holds what the window's pages are drawn with: colours, symbols, small widgets and layouts. It knows
// nothing of mail.
package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// PageWidth is how wide a page of prose is: lines longer than some eighty characters are hard to follow.
const PageWidth = 680

// Page puts content in the middle of the window, on a panel, as high as it needs, scrolling where the window is too low.
func Page(width float32, content ...fyne.CanvasObject) fyne.CanvasObject {
	inner := Panel(container.New(layout.NewCustomPaddedLayout(10, 14, 16, 16), container.NewVBox(content...)))
	column := container.New(Narrow{Width: width}, container.NewVBox(inner))
	return container.NewVScroll(container.New(layout.NewCustomPaddedLayout(20, 20, 20, 20), column))
}
