package board

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
)

// list shows the messages. One of them is that whose reasons are shown; several can be chosen beside it.
type list struct {
	widget.List
	b     *Page
	Rows  []session.Row
	pick  session.Pick
	shift bool          // held down
	held  bool          // the list has the keys
	down  fyne.KeyName  // the key held down; "" for none
	typed int           // how often it came since it went down
	lines map[*row]bool // those of the screen, and those that scrolled away and wait for another line
}

func newList(b *Page) *list {
	l := &list{b: b, lines: map[*row]bool{}}
	l.pick.Clear()
	l.Length = func() int { return len(l.Rows) }
	l.CreateItem = func() fyne.CanvasObject { return newRow(l) }
	l.UpdateItem = l.update
	l.ExtendBaseWidget(l)
	return l
}

// load shows other rows and chooses keep among them, or else the first message. Where the person asked for a copy of one that the
// filter leaves out now, she goes on seeing that: no row is chosen then.
func (l *list) load(rows []session.Row, keep *advice.Item) {
	l.Rows = rows
	l.pick.Clear()
	at := session.Find(rows, keep)
	if at < 0 {
		if it := l.b.copied(); it != nil {
			l.Refresh()
			l.b.pick(it)
			return
		}
		at = session.Next(rows, -1, 1)
	}
	if at < 0 {
		l.Refresh()
		l.b.pick(nil)
		return
	}
	l.choose(at)
}

// Item gives the message that the keys are on, nil for none.
func (l *list) Item() *advice.Item {
	if l.pick.At < 0 || l.pick.At >= len(l.Rows) {
		return nil
	}
	return l.Rows[l.pick.At].Item
}

// At gives its row, -1 for none.
func (l *list) At() int { return l.pick.At }

// choose chooses one row and brings it into view.
func (l *list) choose(at int) {
	l.pick.One(l.Rows, at)
	l.moved()
}

// moved shows what is chosen now.
func (l *list) moved() {
	l.bring()
	l.b.foot.refresh()
	if l.typed < 2 {
		l.explain()
	}
}

// explain shows the reasons of the message that the keys are on. While a key is held down that waits: nobody reads them then.
func (l *list) explain() {
	if it := l.Item(); it != l.b.Shown || it == nil || !l.b.Why.explains(it) {
		l.b.pick(it)
	}
}

// letGo ends what a key held down put off.
func (l *list) letGo() {
	waited := l.typed > 1
	l.down, l.typed = "", 0
	if waited {
		l.explain()
	}
}

// bring scrolls the row of the keys into view, with its header where it is the first below one.
func (l *list) bring() {
	at := l.pick.At
	if at < 0 || at >= len(l.Rows) {
		l.Refresh()
		return
	}
	if at > 0 && l.Rows[at-1].Item == nil {
		l.ScrollTo(at - 1)
	}
	l.Highlight(at)
}

// Resize keeps the chosen row in view: the texts above the list take their height only after it was filled.
func (l *list) Resize(size fyne.Size) {
	if size == l.Size() {
		return
	}
	l.List.Resize(size)
	l.bring()
}

// click chooses as the keys held down say: one, a stretch, or one more.
func (l *list) click(at int, held fyne.KeyModifier) {
	if at >= len(l.Rows) || l.Rows[at].Item == nil {
		return
	}
	l.b.focus(l)
	l.letGo()
	switch {
	case held&fyne.KeyModifierShift != 0:
		l.pick.Stretch(l.Rows, at)
	case held&fyne.KeyModifierShortcutDefault != 0:
		l.pick.Toggle(l.Rows, at)
	default:
		l.pick.One(l.Rows, at)
		l.b.both.show(true)
	}
	l.moved()
}

// all chooses every message shown.
func (l *list) all() {
	l.pick.All(l.Rows)
	l.Refresh()
	l.b.foot.refresh()
}

// none lets go of those chosen, but for the one whose reasons are shown.
func (l *list) none() {
	if l.pick.At >= 0 {
		l.choose(l.pick.At)
	}
}

func (l *list) FocusGained() { l.held = true; l.List.FocusGained(); l.Refresh() }

func (l *list) FocusLost() {
	l.held, l.shift = false, false
	l.letGo()
	l.List.FocusLost()
	l.Refresh()
}

// KeyDown and KeyUp follow the Shift key, as arrows come without word of it, and whether a key is held down.
func (l *list) KeyDown(e *fyne.KeyEvent) {
	if isShift(e) {
		l.shift = true
		return
	}
	l.letGo()
	l.down = e.Name
}

// KeyUp is the other half of KeyDown.
func (l *list) KeyUp(e *fyne.KeyEvent) {
	switch {
	case isShift(e):
		l.shift = false
	case e.Name == l.down:
		l.letGo()
	}
}

func isShift(e *fyne.KeyEvent) bool {
	return e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight
}

func (l *list) TypedKey(e *fyne.KeyEvent) {
	if e.Name == l.down {
		l.typed++
	}
	switch e.Name {
	case fyne.KeySpace:
		l.b.Say(advice.SaidDone)
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		l.read()
		return
	case desktop.KeyMenu:
		l.menu(fyne.CurrentApp().Driver().AbsolutePositionForObject(l).AddXY(rowText, rowHeight))
		return
	case fyne.KeyEscape:
		l.none()
		return
	case fyne.KeyF1:
		kit.PassOn(l, e)
		return
	}
	if to := session.Next(l.Rows, l.pick.At, l.steps(e.Name)); to >= 0 && to != l.pick.At {
		if l.shift {
			l.pick.Stretch(l.Rows, to)
		} else {
			l.pick.One(l.Rows, to)
		}
		l.moved()
	}
}

// steps gives how many messages further down a key goes.
func (l *list) steps(key fyne.KeyName) int {
	page := max(1, int(l.Size().Height/rowHeight)-1)
	return map[fyne.KeyName]int{
		fyne.KeyUp: -1, fyne.KeyDown: 1, fyne.KeyPageUp: -page, fyne.KeyPageDown: page,
		fyne.KeyHome: -len(l.Rows), fyne.KeyEnd: len(l.Rows),
	}[key]
}

// TypedRune takes the letters that say something of those chosen.
func (l *list) TypedRune(r rune) {
	switch r {
	case 'a', 'A':
		l.b.Say(advice.SaidArrived)
	case 'x', 'X':
		l.b.Say(advice.SaidNotNeeded)
	case 'n', 'N':
		l.b.note()
	}
}

// TypedShortcut takes the page's shortcuts and those that choose several rows; the rest goes to the window.
func (l *list) TypedShortcut(s fyne.Shortcut) {
	switch s.ShortcutName() {
	case command(fyne.KeySpace).ShortcutName():
		if l.Item() != nil {
			l.pick.Toggle(l.Rows, l.pick.At)
			l.moved()
		}
		return
	case command(fyne.KeyDown).ShortcutName():
		l.walk(1)
		return
	case command(fyne.KeyUp).ShortcutName():
		l.walk(-1)
		return
	}
	if copying, ok := s.(*fyne.ShortcutCopy); ok && l.Item() != nil {
		copying.Clipboard.SetContent(l.line())
		return
	}
	if l.b.Do(s) || l.b.Window == nil {
		return
	}
	if c, ok := l.b.Window.Canvas().(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// walk moves without choosing anew, so that single rows can be added with the space bar.
func (l *list) walk(delta int) {
	if to := session.Next(l.Rows, l.pick.At, delta); to >= 0 && to != l.pick.At {
		l.pick.Go(to)
		l.moved()
	}
}

// update makes a row of the screen show a line of the list.
func (l *list) update(id widget.ListItemID, o fyne.CanvasObject) {
	r, ok := o.(*row)
	if !ok || id >= len(l.Rows) {
		return
	}
	l.lines[r], r.at = true, id
	r.show(l.entry(id, l.b.now()))
}

// entry is what a line of the list shows.
func (l *list) entry(id int, now time.Time) entry {
	line := l.Rows[id]
	if line.Item == nil {
		return l.header(line.Head)
	}
	return l.b.entry(line.Item, now, l.pick.Has(line.Item), l.held && id == l.pick.At)
}

func (l *list) header(h *session.Head) entry {
	title, dates := l.b.headed(h)
	return entry{header: true, title: title, dates: dates}
}

// renew words anew, in the rows of the screen, what changes as time goes by.
func (l *list) renew() {
	now := l.b.now()
	for r := range l.lines {
		if r.Visible() && r.at < len(l.Rows) && l.Rows[r.at].Item != nil {
			r.retime(l.entry(r.at, now))
		}
	}
}
