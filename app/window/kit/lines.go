package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Lines is a field for several lines. Tab leaves it, as it leaves every other field: the toolkit's own would take the key as
// text and hold whoever has no mouse.
type Lines struct{ widget.Entry }

// NewLines gives an empty field.
func NewLines() *Lines {
	l := &Lines{}
	l.MultiLine, l.Wrapping = true, fyne.TextWrap(fyne.TextTruncateClip)
	l.ExtendBaseWidget(l)
	return l
}

// AcceptsTab says that Tab is no text.
func (l *Lines) AcceptsTab() bool { return false }
