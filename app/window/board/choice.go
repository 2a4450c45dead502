package board

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
)

// option is one thing that can be chosen.
type option struct {
	text   string
	on     bool
	beside bool // it can be chosen beside another one
	choose func()
}

// choice is a pill that says what is chosen, and opens a menu with the rest. The arrows and Enter choose in it.
type choice struct {
	*kit.Pill
	b       *Page
	id      string
	options func() []option
}

func newChoice(b *Page, id string, options func() []option) *choice {
	c := &choice{b: b, id: id, options: options}
	c.Pill = kit.NewPill("", "down", c.open)
	return c
}

// maxChoice bounds what a pill says of the choice, in characters.
const maxChoice = 26

// show says what is chosen.
func (c *choice) show() {
	for i, o := range c.options() {
		if o.on && !o.beside {
			text := o.text
			if utf8.RuneCountInString(text) > maxChoice {
				text = string([]rune(text)[:maxChoice-1]) + "…"
			}
			c.Set(c.b.Words.T(c.id, "What", text), i > 0)
		}
	}
}

func (c *choice) open() {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(c.Pill)
	if canvas == nil {
		return
	}
	menu := fyne.NewMenu("")
	for _, o := range c.options() {
		if o.beside {
			menu.Items = append(menu.Items, fyne.NewMenuItemSeparator())
		}
		item := fyne.NewMenuItem(o.text, func() {
			o.choose()
			c.b.fill()
			c.b.focus(c.Pill)
		})
		item.Checked = o.on
		menu.Items = append(menu.Items, item)
	}
	widget.ShowPopUpMenuAtRelativePosition(menu, canvas, fyne.NewPos(0, c.Size().Height), c.Pill)
}

// idOf names a value in keys of words.
type idOf[T comparable] struct {
	value T
	id    string
}

// options are the values of one field of the filter.
func options[T comparable](b *Page, prefix string, field *T, values ...idOf[T]) []option {
	list := make([]option, len(values))
	for i, v := range values {
		list[i] = option{text: b.Words.T(prefix + v.id), on: *field == v.value, choose: func() { *field = v.value }}
	}
	return list
}
