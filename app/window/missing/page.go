// Package missing is the page of mail that probably never arrived: who wrote in vain, what shows it, and the text to send them.
package missing

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/app/window/split"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/missing"
	"rimbalzo/internal/words"
)

// Params is what the page needs from the frame.
type Params struct {
	Words   *words.Words
	Zone    *time.Location
	Now     func() time.Time
	Errands *session.Errands
	// Find looks for what is missing, off the toolkit's goroutine; known is false where no mail was read yet. nil where nobody
	// can look.
	Find    func(ctx context.Context) (r missing.Result, known bool, err error)
	Ticks   *checklist.Ticks
	OnTick  func() // after the person said something
	Copied  func(string)
	Explain func(error) string
}

// State is what the page was left in.
type State struct {
	Who    string // the correspondent in view, "" for the overview
	Speaks string // the language of the texts to send; "" for that of the window
}

// Page is the missing mail.
type Page struct {
	Params
	lacking session.Lacking
	known   bool
	wanted  string // who is to be shown when the findings come
	at      int    // the lack in view, -1 for the overview
	speaks  string // the language of the texts to send

	looking *session.Errand
	found   *widget.Label
	busy    *widget.ProgressBarInfinite
	copyAll *kit.Pill
	bcc     *widget.Label
	list    *widget.List
	detail  *fyne.Container
	scroll  *container.Scroll
	body    *fyne.Container
	root    fyne.CanvasObject
}

// New gives the page; it looks for what is missing by itself.
func New(p Params) *Page {
	w := p.Words
	g := &Page{Params: p, at: -1, speaks: w.Lang(), found: kit.Text(""), busy: widget.NewProgressBarInfinite(), bcc: kit.Quiet(w.T("missingpage.bcc")), detail: container.NewVBox()}
	g.copyAll = kit.NewPill("", "copy", g.copyAddresses)
	g.list = widget.NewList(func() int { return len(g.lacking.Lacks) + 1 }, newRow, g.fill)
	g.list.OnSelected = func(i widget.ListItemID) { g.show(i - 1) }
	g.scroll = container.NewVScroll(container.New(kit.Narrow{Width: kit.PageWidth}, container.New(layout.NewCustomPaddedLayout(4, 16, 8, 16), g.detail)))
	g.body = container.New(split.Layout{Side: 330, Top: 170, Break: 800}, g.list, kit.Panel(g.scroll))
	head := container.NewVBox(
		kit.Tight(kit.Heading(w.T("missingpage.title"), theme.SizeNameHeadingText), g.found), container.New(kit.Strip{Height: 3}, g.busy),
		kit.Inset(container.NewHBox(g.copyAll, layout.NewSpacer())), g.bcc,
	)
	page := container.New(split.Headed{Least: 300}, head, g.body)
	g.root = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(10, 10, 10, 10), kit.Panel(page)))
	g.busy.Hide()
	g.tell()
	g.Load()
	return g
}

// Root is what is drawn.
func (g *Page) Root() fyne.CanvasObject { return g.root }

// First is where the keys go.
func (g *Page) First() fyne.Focusable { return g.list }

// Load looks anew for what is missing; what is in view stays until that is known.
func (g *Page) Load() {
	if g.Find == nil {
		return
	}
	g.looking.Stop()
	g.busy.Show()
	g.found.SetText(g.Words.T("missingpage.looking"))
	g.looking = g.Errands.Go(func(r *session.Errand) func() {
		result, known, err := g.Find(r.Context())
		lacking := session.Explainer{Words: g.Words, Zone: g.Zone}.Lacking(result)
		return func() { g.take(lacking, known, err) }
	})
}

// Close ends the looking.
func (g *Page) Close() { g.looking.Stop() }

// State gives what is chosen.
func (g *Page) State() State { return State{g.who(), g.speaks} }

// Restore chooses it again, once it is there.
func (g *Page) Restore(s State) {
	g.wanted = s.Who
	if s.Speaks != "" {
		g.speaks = s.Speaks
	}
	g.choose()
}

// who names the lack in view.
func (g *Page) who() string {
	if g.at < 0 || g.at >= len(g.lacking.Lacks) {
		return ""
	}
	return g.lacking.Lacks[g.at].Who
}

func (g *Page) take(l session.Lacking, known bool, err error) {
	g.busy.Hide()
	if err != nil {
		g.found.SetText(session.Lines(g.Explain(err), 800))
		return
	}
	if who := g.who(); who != "" {
		g.wanted = who
	}
	g.lacking, g.known = l, known
	g.tell()
	g.choose()
}

// choose shows what is wanted, or the overview.
func (g *Page) choose() {
	at := -1
	for i := range g.lacking.Lacks {
		if g.wanted != "" && g.lacking.Lacks[i].Who == g.wanted {
			at = i
			break
		}
	}
	g.list.UnselectAll()
	g.list.Refresh()
	g.list.Select(at + 1)
}

// tell says how much was found, and what can be done with all of it.
func (g *Page) tell() {
	w := g.Words
	switch {
	case g.Find == nil || !g.known:
		g.found.SetText(w.T("missingpage.not-read"))
	case len(g.lacking.Lacks) == 0:
		g.found.SetText(g.lacking.Found)
	default:
		g.found.SetText(g.lacking.Found + " " + w.T("missing.ask"))
	}
	_, n := g.lacking.Addresses(g.Ticks)
	kit.SetVisible(g.copyAll, n > 0)
	kit.SetVisible(g.bcc, n > 1)
	if n > 0 {
		g.copyAll.Set(w.N("missingpage.copy-all", n), false)
	}
	kit.SetVisible(g.body, g.known)
}

func (g *Page) copyAddresses() {
	list, _ := g.lacking.Addresses(g.Ticks)
	g.Copied(list)
	g.copyAll.Set(g.Words.T("missingpage.copied"), false)
}

// say keeps a person's word about what is in view; the same word a second time takes it back.
func (g *Page) say(word advice.Word) {
	lack := &g.lacking.Lacks[g.at]
	if lack.Said(g.Ticks) == word {
		word = ""
	}
	lack.Say(g.Ticks, word, g.Now())
	g.OnTick()
	g.tell()
	g.list.RefreshItem(g.at + 1)
	at := g.scroll.Offset
	g.show(g.at)
	g.scroll.ScrollToOffset(at)
}
