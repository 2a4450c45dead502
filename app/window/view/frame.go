// Package view draws the window: the frame with its navigation, and the pages in it, over what package session decides.
package view

import (
	"cmp"
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"rimbalzo/app/settings"
	"rimbalzo/app/watcher"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
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
	reviewed bool  // there is a report
	failure  error // why there is none
	again    bool  // the report is being made anew, for another moment
	request  *review.Request
	moment   int // which of the moments is shown, -1 for none
	report   checklist.Report
	stopDemo func()
	life     context.Context // ends when the window closes
	end      context.CancelFunc

	at     string // the place in view, "" for none
	before string // the one that "back" leads to
	rail   *kit.Rail
	page   func() fyne.CanvasObject // builds the page in view, in the language of the day
	hooks  hooks                    // what the page in view can do
	drawn  int                      // how often a page was drawn, for whoever measures what else holds the window
	left   left                     // what was chosen on pages, for when they come back
	first  fyne.Focusable           // what typing goes into when the page in view opens, nil for nothing
	count  *progress                // the progress in view, nil on other pages
	files  session.Files            // what was typed, kept while going to and fro
	mail   session.Account
	asking dialog.Dialog // the dialog last shown
	lost   error         // why ticks could not be kept, nil while they can

	errands *session.Errands
	own     own
	beside  bool            // the page in view is one of the accounts'
	news    *fyne.Container // how the reading of the accounts stands, nil on pages without
	status  *watcher.Status // what the watcher said last; nil where none runs
	asked   bool            // the watcher's answer is known, or that there is none
	clock   *time.Timer     // until the watcher is asked again
	trial   *trialState
	chosen  settings.Settings
	usual   string // the language where none is chosen

	cards         []session.Card
	cardsErr      error
	cardsKnown    bool
	looking       *session.Errand
	inThunderbird []mailbox.LocalAccount
}

// hooks are what the frame asks of the page in view; each may be nil.
type hooks struct {
	refresh func()         // takes in what became known
	keep    func()         // remembers what is chosen
	close   func()         // ends what the page started
	first   fyne.Focusable // what the keys go to
	// shortcut does what a shortcut of the page's own stands for, whatever the keys go to.
	shortcut func(fyne.Shortcut) bool
}

// NewFrame fills win and starts what p.Start names. later runs a function on the toolkit's goroutine without waiting for it.
func NewFrame(p session.Params, win fyne.Window, later func(func())) *Frame {
	f := new(Frame)
	f.init(p, win, later)
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
	f.p, f.win, f.moment, f.later, f.chosen = p, win, -1, later, p.Settings
	f.reviewer = session.NewReviewer(p.Review, later)
	f.errands = session.NewErrands(later)
	f.life, f.end = context.WithCancel(context.Background())
	win.SetTitle(p.Words.T("window.title"))
	win.SetPadded(false)
	win.SetOnDropped(func(_ fyne.Position, what []fyne.URI) { f.dropped(what) })
	f.usual = cmp.Or(p.Usual, p.Words.Lang())
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
	f.leavePage()
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

// ask shows a dialog, which Escape takes away.
func (f *Frame) ask(d dialog.Dialog) {
	f.asking = d
	d.Show()
}

// show puts a page in view, which is part of the place called at.
func (f *Frame) show(at string, page func() fyne.CanvasObject) {
	f.leavePage()
	if f.at != at && f.at != atAccounts {
		f.before = f.at
	}
	f.at, f.page, f.count, f.first, f.news, f.beside = at, page, nil, nil, nil, false
	if f.rail == nil {
		f.rail = f.newRail()
	}
	f.rail.Choose(at)
	f.put(page())
}

// leavePage has the page in view remember what is chosen, and end what it started.
func (f *Frame) leavePage() {
	h := f.hooks
	f.hooks = hooks{}
	if h.keep != nil {
		h.keep()
	}
	if h.close != nil {
		h.close()
	}
}

// put makes a page the window's content, and gives it the keys.
func (f *Frame) put(page fyne.CanvasObject) {
	f.drawn++
	f.win.SetContent(f.rail.Beside(container.NewBorder(f.strip(), nil, nil, nil, page)))
	if f.hooks.first != nil {
		f.first = f.hooks.first
	}
	if f.first != nil {
		f.win.Canvas().Focus(f.first)
	}
}

// restrip builds the strip anew and leaves the page as it is.
func (f *Frame) restrip() {
	beside, ok := f.win.Content().(*fyne.Container)
	if !ok {
		return
	}
	if inner, ok := beside.Objects[1].(*fyne.Container); ok {
		f.put(inner.Objects[0])
	}
}

// fresh shows what became known, where the page in view shows such things.
func (f *Frame) fresh() {
	if f.hooks.refresh != nil {
		f.drawn++
		f.hooks.refresh()
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
	beside := f.beside
	f.rail = nil
	f.show(f.at, f.page)
	f.beside = beside
}

// explain gives an error in words.
func (f *Frame) explain(err error) string {
	if f.p.Explain != nil {
		return f.p.Explain(err, f.p.Words)
	}
	return err.Error()
}
