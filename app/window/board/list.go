package board

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// list shows the messages. The arrows choose one, Space ticks it.
type list struct {
	widget.List
	words   *words.Words
	explain session.Explainer
	said    func(*advice.Item) advice.Word
	onTick  func(*advice.Item)
	onPick  func(*advice.Item)

	Rows []session.Row
	At   int // the chosen row, -1 for none
}

func newList(w *words.Words, said func(*advice.Item) advice.Word, onTick, onPick func(*advice.Item)) *list {
	l := &list{words: w, said: said, onTick: onTick, onPick: onPick, At: -1}
	l.Length = func() int { return len(l.Rows) }
	l.CreateItem = func() fyne.CanvasObject { return newRow() }
	l.UpdateItem = l.update
	l.OnSelected = l.selected
	l.ExtendBaseWidget(l)
	return l
}

// load shows other rows and chooses keep among them, or else the first message.
func (l *list) load(rows []session.Row, explain session.Explainer, keep *advice.Item) {
	l.Rows, l.explain = rows, explain
	l.UnselectAll()
	l.At = -1
	l.Refresh()
	at := session.Find(rows, keep)
	if at < 0 {
		at = session.Next(rows, -1, 1)
	}
	if at < 0 {
		l.onPick(nil)
		return
	}
	l.pickRow(at)
}

// Resize keeps the chosen row in view: the texts above the list take their height only after it was filled.
func (l *list) Resize(size fyne.Size) {
	if size == l.Size() {
		return
	}
	l.List.Resize(size)
	if l.At >= 0 && l.At < len(l.Rows) {
		l.bring(l.At)
	}
}

// bring scrolls a row into view, with its header where it is the first below one.
func (l *list) bring(at int) {
	l.ScrollTo(at)
	if at > 0 && l.Rows[at-1].Item == nil {
		l.ScrollTo(at - 1)
	}
}

// pickRow chooses a row and brings it into view.
func (l *list) pickRow(at int) {
	l.Select(at)
	l.bring(at)
}

// Item gives the chosen message, nil for none.
func (l *list) Item() *advice.Item {
	if l.At < 0 || l.At >= len(l.Rows) {
		return nil
	}
	return l.Rows[l.At].Item
}

func (l *list) selected(id widget.ListItemID) {
	if id < 0 || id >= len(l.Rows) {
		return
	}
	if l.Rows[id].Item == nil { // a header cannot be chosen
		l.Unselect(id)
		if l.At >= 0 {
			l.Select(l.At)
		}
		return
	}
	l.At = id
	l.onPick(l.Rows[id].Item)
}

func (l *list) TypedKey(e *fyne.KeyEvent) {
	const page = 8
	steps := map[fyne.KeyName]int{
		fyne.KeyUp: -1, fyne.KeyDown: 1, fyne.KeyPageUp: -page, fyne.KeyPageDown: page,
		fyne.KeyHome: -len(l.Rows), fyne.KeyEnd: len(l.Rows),
	}
	if e.Name == fyne.KeySpace {
		if it := l.Item(); it != nil {
			l.Tick(it, l.At)
		}
		return
	}
	if delta, ok := steps[e.Name]; ok {
		if to := session.Next(l.Rows, l.At, delta); to >= 0 && to != l.At {
			l.pickRow(to)
		}
	}
}

func (l *list) Tick(it *advice.Item, id int) {
	l.onTick(it)
	l.RefreshItem(id)
}

func (l *list) update(id widget.ListItemID, o fyne.CanvasObject) {
	r, ok := o.(*row)
	if !ok || id >= len(l.Rows) {
		return
	}
	line := l.Rows[id]
	if line.Item == nil {
		r.tick.onTapped = func() {}
		r.show(l.header(line))
		return
	}
	it := line.Item
	r.tick.onTapped = func() { l.Tick(it, id) }
	e := entry{
		verdict: it.Verdict, word: checklist.Verdict(it, l.words), brief: l.explain.Brief(it),
		subject: l.explain.Subject(it), recipient: session.Line(it.Recipient, session.MaxAddress),
	}
	if said := l.said(it); said != "" {
		e.ticked, e.brief = true, l.words.T("board.word."+string(said))
	}
	e.sent, e.sentDay = l.explain.SentBrief(it)
	r.show(e)
}

func (l *list) header(line session.Row) entry {
	return entry{header: true, title: l.words.T("verdict." + string(line.Head.Step.Verdict())), dates: l.words.N("window.messages", line.Head.Count)}
}
