package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/board"
	"rimbalzo/app/window/kit"
)

// command is what a key does together with the system's key for commands; "window.keys." + id says what.
type command struct {
	id  string
	key fyne.KeyName
	do  func()
}

// commands are those beside the places'.
func (f *Frame) commands() []command {
	return []command{
		{"export", fyne.KeyE, f.export},
		{"open", fyne.KeyO, f.openMail},
		{"refresh", fyne.KeyR, f.refreshAll},
		{"keys", fyne.KeyK, f.showKeys}, // not a slash: other keyboards have it only with Shift,
	}
}

// chords are what the keys do together with the system's key for commands, and alone what F1 and its like do.
func (f *Frame) chords() (chords, alone map[fyne.KeyName]func()) {
	chords, alone = map[fyne.KeyName]func(){}, map[fyne.KeyName]func(){}
	for _, k := range f.commands() {
		chords[k.key] = k.do
	}
	for _, p := range f.places() {
		if p.key != "" {
			alone[p.key] = p.open
		}
		chords[fyne.KeyName(p.digit)] = p.open
	}
	return chords, alone
}

func (f *Frame) shortcuts() {
	c := f.win.Canvas()
	free := func() bool { return c.Overlays().Top() == nil } // a question in view comes first
	chords, alone := f.chords()
	for key, do := range chords {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) {
			if free() {
				do()
			}
		})
	}
	for _, s := range board.Shortcuts() {
		c.AddShortcut(s, func(s fyne.Shortcut) {
			if f.hooks.shortcut != nil && free() {
				f.hooks.shortcut(s)
			}
		})
	}
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape && f.asking != nil {
			f.asking.Hide()
		}
		if do, ok := alone[e.Name]; ok && free() {
			do()
		}
	})
}

// refreshAll asks the watcher how things are, and reads new mail.
func (f *Frame) refreshAll() {
	f.askStatus()
	if f.own.shown && !f.own.busy {
		f.readNew()
	}
}

// keyLines are the keys of the pages, which "window.keys." + id words: an id and the keys as they are shown.
var keyLines = [][2]string{
	{"next", "Tab"}, {"press", "Enter, Space"}, {"choose", "Up, Down"}, {"far", "PgUp, PgDn, Home, End"}, {"escape", "Esc"},
}

// showKeys lists all shortcuts.
func (f *Frame) showKeys() {
	w := f.p.Words
	grid := container.New(&keyGrid{})
	add := func(keys, what string) {
		k := widget.NewLabel(keys)
		k.TextStyle.Bold = true
		grid.Add(k)
		grid.Add(kit.Text(what))
	}
	for _, p := range f.places() {
		add(p.allKeys(), w.T("window.place."+p.id))
	}
	for _, k := range f.commands() {
		add(kit.Chord(string(k.key)), w.T("window.keys."+k.id))
	}
	for _, l := range keyLines {
		add(l[1], w.T("window.keys."+l[0]))
	}
	d := dialog.NewCustom(w.T("window.keys"), w.T("window.close"), container.NewVScroll(grid), f.win)
	size := f.win.Canvas().Size()
	d.Resize(fyne.NewSize(min(560, size.Width-40), min(620, size.Height-40)))
	f.ask(d)
}

// keyGrid lays out pairs: the keys at the left, what they do at the right.
type keyGrid struct{ width float32 }

const keyColumn = 190

func (g *keyGrid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	g.width = size.Width
	y := float32(0)
	for i := 0; i+1 < len(objects); i += 2 {
		what := objects[i+1]
		what.Resize(fyne.NewSize(max(0, size.Width-keyColumn), what.MinSize().Height))
		height := what.MinSize().Height
		objects[i].Move(fyne.NewPos(0, y))
		objects[i].Resize(fyne.NewSize(keyColumn, height))
		what.Move(fyne.NewPos(keyColumn, y))
		what.Resize(fyne.NewSize(max(0, size.Width-keyColumn), height))
		y += height - theme.Padding()
	}
}

func (g *keyGrid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := float32(0)
	for i := 1; i < len(objects); i += 2 {
		height += objects[i].MinSize().Height - theme.Padding()
	}
	return fyne.NewSize(keyColumn+120, height)
}
