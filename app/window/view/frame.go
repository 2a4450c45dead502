// Package view draws the window: Fyne widgets over what package session decides.
package view

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"

	"rimbalzo/app/watcher"
	"rimbalzo/app/window/board"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/discovery"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

// closePatience is how long closing the window waits for a review to notice that nobody wants it any more.
const closePatience = 3 * time.Second

// Frame is the window's content: the rail at the left, a page beside it. All its methods belong to the toolkit's goroutine.
type Frame struct {
	p        session.Params
	win      fyne.Window
	later    func(func())
	reviewer *session.Reviewer
	reviewed bool // a board is there to go back to
	request  *review.Request
	moment   int // which of the moments is shown, -1 for none
	report   checklist.Report
	stopDemo func()
	life     context.Context // ends when the window closes
	end      context.CancelFunc

	at     string // the place in view, "" for none
	rail   *kit.Rail
	page   func() fyne.CanvasObject // builds the page in view, in the language of the day
	board  *board.Board             // the board in view, nil on other pages
	first  fyne.Focusable           // what typing goes into when the page in view opens, nil for nothing
	count  *progress                // the progress in view, nil on other pages
	files  session.Files            // what was typed, kept while going to and fro
	mail   session.Account
	asking dialog.Dialog // the dialog last shown
	lost   error         // why ticks could not be kept, nil while they can

	errands *session.Errands
	own     own
	beside  bool            // the page in view is not where a review's results go
	pulse   *fyne.Container // how the services are, nil on pages without
	news    *fyne.Container // how the reading of the accounts stands, nil on pages without
	status  *watcher.Status // what the watcher said last; nil where none runs
	clock   *time.Timer     // until the pulse changes by itself
	trial   *trialState

	cards         []session.Card
	cardsErr      error
	cardsKnown    bool
	looking       *session.Errand
	inThunderbird []mailbox.LocalAccount
}

// NewFrame fills win and starts what p.Start names.
func NewFrame(p session.Params, win fyne.Window) *Frame {
	f := new(Frame)
	f.init(p, win, fyne.Do)
	f.open()
	return f
}

func (f *Frame) open() {
	if f.p.Start == nil {
		f.start()
		return
	}
	f.begin(*f.p.Start)
}

// init makes an empty frame; later runs a function on the toolkit's goroutine without waiting for it.
func (f *Frame) init(p session.Params, win fyne.Window, later func(func())) {
	if p.Ticks == nil {
		p.Ticks = new(checklist.Ticks)
	}
	f.p, f.win, f.moment, f.later = p, win, -1, later
	f.reviewer = session.NewReviewer(p.Review, later)
	f.errands = session.NewErrands(later)
	f.life, f.end = context.WithCancel(context.Background())
	win.SetTitle(p.Words.T("window.title"))
	win.SetPadded(false)
	teach(p.Words)
	f.shortcuts()
	fyne.CurrentApp().Settings().AddListener(func(fyne.Settings) {
		later(func() {
			// The toolkit still tells of settings when the window is gone, and drawing on it then would end in a panic.
			if f.life.Err() == nil {
				f.rebuild()
			}
		})
	})
}

// Close ends everything that the window started.
func (f *Frame) Close() {
	f.end()
	if f.clock != nil {
		f.clock.Stop()
	}
	f.errands.Close(closePatience)
	f.reviewer.Close(closePatience)
	f.dropDemo()
}

func (f *Frame) dropDemo() {
	if f.stopDemo != nil {
		f.stopDemo()
		f.stopDemo = nil
	}
}

func (f *Frame) shortcuts() {
	c := f.win.Canvas()
	add := func(key fyne.KeyName, do func()) {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) {
			if c.Overlays().Top() == nil { // a question in view comes first
				do()
			}
		})
	}
	add(fyne.KeyE, f.export)
	add(fyne.KeyO, f.openMail)
	for _, p := range f.places() {
		if p.digit != "" {
			add(fyne.KeyName(p.digit), func() { f.visit(p.id) })
		}
	}
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape && f.asking != nil {
			f.asking.Hide()
		}
	})
}

// ask shows a dialog, which Escape takes away.
func (f *Frame) ask(d dialog.Dialog) {
	f.asking = d
	d.Show()
}

// show puts a page in view, which is part of the place called at.
func (f *Frame) show(at string, page func() fyne.CanvasObject) {
	f.at, f.page, f.board, f.count, f.first = at, page, nil, nil, nil
	f.pulse, f.news, f.beside = nil, nil, false
	if f.rail == nil {
		f.rail = f.newRail()
	}
	f.rail.Choose(at)
	f.win.SetContent(f.rail.Beside(container.NewBorder(f.strip(), nil, nil, nil, page())))
	switch {
	case f.board != nil:
		f.win.Canvas().Focus(f.board.List)
	case f.first != nil:
		f.win.Canvas().Focus(f.first)
	}
}

// speak changes the language and builds the page anew.
func (f *Frame) speak(lang string) {
	if f.p.Words.Lang() == lang {
		return
	}
	f.p.Words = words.New(lang)
	teach(f.p.Words)
	if f.p.LanguageChosen != nil {
		f.p.LanguageChosen(lang)
	}
	if f.request != nil && f.request.Demo && f.p.Localize != nil {
		f.p.Moments, f.p.Banner = f.p.Localize(f.p.Words)
	}
	f.win.SetTitle(f.p.Words.T("window.title"))
	f.rebuild()
}

// rebuild builds the page in view anew, in the language and the colours of the moment, keeping what is chosen.
func (f *Frame) rebuild() {
	if f.page == nil {
		return
	}
	old, beside := f.board, f.beside
	f.rail = nil
	f.show(f.at, f.page)
	f.beside = beside
	if f.board != nil && old != nil {
		f.board.Filter, f.board.Shown = old.Filter, old.Shown
		f.load()
	}
}

// begin reviews a request from the start.
func (f *Frame) begin(req review.Request) {
	f.present(req)
	f.show(atChecklist, f.readingPage)
	f.review()
}

// present makes req the request whose results are shown.
func (f *Frame) present(req review.Request) {
	if req.At.IsZero() {
		req.At = time.Now()
	}
	f.request, f.reviewed, f.moment = &req, false, -1
	for i, m := range f.p.Moments {
		if m.At.Equal(req.At) {
			f.moment = i
		}
	}
}

// move reviews the same mail for another moment, the board staying in view.
func (f *Frame) move(moment int) {
	if f.request == nil || moment == f.moment {
		return
	}
	f.moment = moment
	f.request.At = f.p.Moments[moment].At
	if f.board != nil {
		f.board.Busy.Show()
		f.win.Content().Refresh()
	}
	f.restrip()
	f.review()
}

// restrip builds the strip anew and leaves the page as it is.
func (f *Frame) restrip() {
	if c, ok := f.win.Content().(*fyne.Container); ok {
		if inner, ok := c.Objects[1].(*fyne.Container); ok {
			f.win.SetContent(f.rail.Beside(container.NewBorder(f.strip(), nil, nil, nil, inner.Objects[0])))
		}
	}
	if f.board != nil {
		f.win.Canvas().Focus(f.board.List)
	}
}

func (f *Frame) review() {
	req := *f.request
	// A copy: the person may go on ticking while the review runs.
	req.Ticks = new(checklist.Ticks)
	req.Ticks.Merge(f.p.Ticks)
	f.reviewer.Start(req, func(n int) {
		if f.count != nil {
			f.count.set(n)
		}
	}, f.finished)
}

func (f *Frame) finished(r checklist.Report, err error) {
	if err != nil {
		f.fail(err)
		return
	}
	f.report, f.reviewed = r, true
	if f.board == nil {
		f.show(atChecklist, f.boardPage)
	}
	f.load()
}

func (f *Frame) load() {
	if f.board == nil { // nothing to show, and the page says so
		return
	}
	f.board.Busy.Hide()
	var sources map[string]string
	if f.request != nil && f.request.Catalogue != nil {
		sources = f.request.Catalogue.Merge(discovery.Catalogue(f.report.Found)).Sources
	}
	f.board.Load(f.report, sources)
}

func (f *Frame) fail(err error) {
	f.show(atChecklist, func() fyne.CanvasObject { return f.failurePage(err) })
}

// boardPage shows the report, or says that there is nothing in it.
func (f *Frame) boardPage() fyne.CanvasObject {
	if len(f.report.Items) == 0 && len(f.p.Moments) == 0 {
		return f.topped(f.nothingPage())
	}
	f.board = board.New(board.Params{
		Words: f.p.Words, Zone: f.p.Zone, Ticks: f.p.Ticks, OnTick: f.keepTicks, OnExport: f.export, OnNotes: f.notes,
		Copied: fyne.CurrentApp().Clipboard().SetContent,
	})
	return f.topped(f.board.Root)
}

// keepTicks hands the ticks on, and says once when they can't be kept.
func (f *Frame) keepTicks() {
	if f.p.SaveTicks == nil {
		return
	}
	err := f.p.SaveTicks(f.p.Ticks)
	if err != nil && f.lost == nil {
		f.tell("window.ticks-lost", f.explain(err))
	}
	f.lost = err
}

// explain gives an error in words.
func (f *Frame) explain(err error) string {
	if f.p.Explain != nil {
		return f.p.Explain(err, f.p.Words)
	}
	return err.Error()
}
