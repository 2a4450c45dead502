// Package board is the page of the checklist: the messages, and why each is where it is.
package board

import (
	"context"
	"io"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/resend"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// Params is what the page needs from the frame.
type Params struct {
	Words *words.Words
	Zone  *time.Location
	Ticks *checklist.Ticks
	// Later runs a function on the toolkit's goroutine without waiting for it; nil for fyne.Do.
	Later func(func())
	// Now is the moment for which the list speaks as time goes by; nil goes on from the report's, or stands still in the demo.
	Now      func() time.Time
	OnTick   func() // after a word or a note changed
	OnExport func()
	OnNotes  func()       // shows what was set aside
	OnMerge  func()       // takes in the ticks of another computer; nil where that cannot be
	Copied   func(string) // puts text on the clipboard
	// Open opens a mailto link in the person's mail; nil where it can only be copied.
	Open func(address string)
	// Copies makes copies of a message; the page fills in For and Known. nil where there are none to be had.
	Copies func(ctx context.Context, c session.Chosen) ([]resend.Copy, error)
	// SaveAs asks where a file goes, and writes it.
	SaveAs  func(name string, write func(io.Writer) error)
	Explain func(error) string // gives an error as a sentence and a next step; nil its own words
	Ask     func(dialog.Dialog)
	Window  fyne.Window // the one that dialogs belong to
}

// State is what a person chose on the page. It outlives the page where that is built anew.
type State struct {
	Filter session.Filter
	Shown  *advice.Item
	// Client is the mail program whose steps are shown; Finding and Telling say whether where the original lies, and those steps,
	// are in view.
	Client           string
	Finding, Telling bool
	Why              bool // in a narrow window: the reasons are in view instead of the list
}

// Page is the checklist and, beside it, why. All its methods belong to the toolkit's goroutine.
type Page struct {
	Params
	Filter session.Filter
	Shown  *advice.Item
	Sheet  *session.Sheet // nil before the first report
	Report checklist.Report

	expl    session.Explainer
	loaded  time.Time // when the report came, by this computer's clock
	errands *session.Errands
	loading *session.Errand // makes an index
	sorting *session.Errand // puts rows together
	summing *session.Errand // words the headline
	typing  *time.Timer     // until what is typed is looked for
	ticking *time.Timer     // until the countdowns change
	closed  bool

	List *list
	Why  *whyPane
	Head *head
	foot *foot
	Busy *widget.ProgressBarInfinite
	root fyne.CanvasObject
	both *twoPanes
}

// New builds the page; [Page.Load] fills it.
func New(p Params) *Page {
	if p.Later == nil {
		p.Later = fyne.Do
	}
	b := &Page{Params: p, errands: session.NewErrands(p.Later)}
	b.List = newList(b)
	b.Why = newWhyPane(b)
	b.Head, b.foot = newHead(b), newFoot(b)
	b.Busy = widget.NewProgressBarInfinite()
	b.Busy.Hide()
	b.root = b.layout()
	b.countdown()
	return b
}

// Root is the page.
func (b *Page) Root() fyne.CanvasObject { return b.root }

// First is what the keys go to when the page opens.
func (b *Page) First() fyne.Focusable { return b.List }

// State gives what is chosen.
func (b *Page) State() State {
	return State{Filter: b.Filter, Shown: b.Shown, Client: b.Why.again.client, Finding: b.Why.again.finding, Telling: b.Why.again.telling, Why: b.both.why}
}

// Restore takes what was chosen on another page like this one; it shows with the next [Page.Load].
func (b *Page) Restore(s State) {
	b.Filter, b.Shown, b.both.why = s.Filter, s.Shown, s.Why
	b.Head.search.Text = s.Filter.Search
	b.Why.again.finding, b.Why.again.telling = s.Finding, s.Telling
	if slices.Contains(resend.Clients, s.Client) {
		b.Why.again.client = s.Client
	}
}

// Close ends what the page started.
func (b *Page) Close() {
	b.closed = true
	for _, t := range []*time.Timer{b.typing, b.ticking} {
		if t != nil {
			t.Stop()
		}
	}
	b.errands.Close(closePatience)
}

// closePatience is how long closing waits for the disk or a server to notice.
const closePatience = 2 * time.Second

// large is how many messages are put together, searched and counted beside the toolkit's goroutine: it is not to be held.
const large = 3000

// now is the moment for which the list speaks.
func (b *Page) now() time.Time {
	switch {
	case b.Now != nil:
		return b.Now()
	case b.Report.Demo:
		return b.Report.At
	}
	return b.Report.At.Add(time.Since(b.loaded))
}

// Load shows another report, keeping what is chosen where it can.
func (b *Page) Load(r checklist.Report, sources map[string]string) {
	b.loading.Stop()
	b.sorting.Stop()
	take := func(x *session.Index, done []bool) {
		b.Report, b.loaded = r, time.Now()
		b.expl = session.Explainer{Words: b.Words, Zone: b.Zone, Outages: r.Outages, Sources: sources}
		b.Sheet = session.NewSheet(x, b.Ticks, done, b.Sheet)
		b.Head.phases(r.Outages)
		b.foot.notes(len(r.NotYours) + len(r.Unreadable))
		b.sum()
		b.fill()
	}
	if len(r.Items) <= large {
		x := session.NewIndex(r)
		take(x, session.Dealt(x, b.Ticks))
		return
	}
	b.Busy.Show()
	ticks := b.Ticks.Clone() // the person may go on ticking
	b.loading = b.errands.Go(func(*session.Errand) func() {
		x := session.NewIndex(r)
		done := session.Dealt(x, ticks)
		return func() { take(x, done) }
	})
}

// Choose shows the messages that a filter lets pass, as when a phase is chosen on another page.
func (b *Page) Choose(f session.Filter) {
	b.Filter = f
	b.Head.search.SetText(f.Search)
	b.fill()
}

// fill shows what the filter lets pass.
func (b *Page) fill() {
	if b.Sheet == nil {
		return
	}
	b.sorting.Stop()
	x, f := b.Sheet.Index, b.Filter
	if len(x.Items) <= large {
		b.filled(x.Show(f, b.Sheet.Done()))
		return
	}
	b.Busy.Show()
	done := b.Sheet.Done()
	b.sorting = b.errands.Go(func(*session.Errand) func() {
		shown := x.Show(f, done)
		return func() { b.filled(shown) }
	})
}

func (b *Page) filled(shown session.Shown) {
	b.Busy.Hide()
	b.Head.show(shown)
	b.List.load(shown.Rows, b.Shown)
	b.foot.shown = shown.Items
	b.foot.refresh()
	b.both.Refresh() // sentences and filters may need another height now
}

// sum says in a sentence or two how things stand.
func (b *Page) sum() {
	r := b.Report
	word := func(ticks *checklist.Ticks) (headline, first string) {
		o := checklist.Options{Words: b.Words, Zone: b.Zone, Ticks: ticks}
		return checklist.Headline(r, o), checklist.FirstStep(r, o)
	}
	if len(r.Items) <= large {
		b.Head.say(word(b.Ticks))
		return
	}
	b.summing.Stop()
	ticks := b.Ticks.Clone() // the person may go on ticking
	b.summing = b.errands.Go(func(*session.Errand) func() {
		headline, first := word(ticks)
		return func() { b.Head.say(headline, first) }
	})
}

// pick shows why a message is where it is; nil for none.
func (b *Page) pick(it *advice.Item) {
	b.Shown = it
	b.Why.show(it)
}

// copied gives the message that the person has a copy made of, as it is in the report of now; nil for none.
func (b *Page) copied() *advice.Item {
	if b.Sheet == nil || b.Shown == nil || !b.Why.again.asked() || !b.Why.explains(b.Shown) {
		return nil
	}
	for _, it := range b.Sheet.Index.Same(b.Shown) {
		if sameMessage(it, b.Shown) {
			return it
		}
	}
	return nil
}

// countdown renews, once a minute, what the rows in view and the reasons say of time.
func (b *Page) countdown() {
	b.ticking = time.AfterFunc(time.Minute, func() {
		b.Later(func() {
			if b.closed {
				return
			}
			b.List.renew()
			b.Why.renew()
			b.countdown()
		})
	})
}

// failed gives an error as a sentence.
func (b *Page) failed(err error) string {
	if b.Explain != nil {
		return b.Explain(err)
	}
	return err.Error()
}

// ask shows a dialog.
func (b *Page) ask(d dialog.Dialog) {
	if b.Ask != nil {
		b.Ask(d)
		return
	}
	d.Show()
}

// focus puts the keys on something.
func (b *Page) focus(o fyne.Focusable) {
	if b.Window != nil {
		b.Window.Canvas().Focus(o)
	}
}
