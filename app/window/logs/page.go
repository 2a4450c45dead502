// Package logs is the page of the watcher's log.
package logs

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/app/window/split"
	"rimbalzo/internal/words"
)

// Params is what the page needs from the frame.
type Params struct {
	Words   *words.Words
	Errands *session.Errands
	// Log gives the last lines of the log, the oldest first, off the toolkit's goroutine.
	Log     func(lines int) ([]string, error)
	Folder  string // the data folder, in which the log lies
	Copied  func(string)
	Explain func(error) string
}

// State is what the page was left in.
type State struct{ Level string }

const (
	lines   = 500             // how many lines are read
	renewal = 3 * time.Second // how often, while the page is in view
)

// Page is the log.
type Page struct {
	Params
	level   string
	raw     []string
	all     []session.LogLine
	shown   []session.LogLine // the newest first
	pills   map[string]*kit.Pill
	count   *widget.Label
	list    *widget.List
	whole   *widget.Label
	copyAll *kit.Pill
	renewer *session.Errand
	root    fyne.CanvasObject
}

// New gives the page; it fills itself, and renews itself until it is closed.
func New(p Params) *Page {
	g := &Page{Params: p, level: "info", pills: map[string]*kit.Pill{}}
	w := p.Words
	g.count, g.whole = kit.Quiet(w.T("window.reading-start")), kit.Text("")
	g.whole.TextStyle.Monospace, g.whole.Selectable = true, true
	g.list = widget.NewList(func() int { return len(g.shown) }, newLine, g.fill)
	g.list.OnSelected = func(i widget.ListItemID) {
		if i < len(g.shown) {
			g.whole.SetText(g.shown[i].Whole)
		}
	}
	top := container.NewVBox(kit.Heading(w.T("logpage.title"), theme.SizeNameHeadingText), kit.Text(w.T("logpage.what")), kit.Inset(g.commands()), g.count)
	body := container.New(split.Layout{Side: 640, Top: 160, Break: 1000}, g.list, container.NewVScroll(kit.Box(g.whole)))
	// In a window that is low the head scrolls away, so that there is room for the lines.
	page := container.New(split.Headed{Least: 200}, top, body)
	g.root = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(10, 10, 10, 10), kit.Panel(page)))
	g.renewer = p.Errands.Go(func(r *session.Errand) func() {
		for {
			raw, err := g.Log(lines)
			r.Hand(func() { g.take(raw, err) })
			select {
			case <-r.Context().Done():
				return nil
			case <-time.After(renewal):
			}
		}
	})
	return g
}

// commands are the filter, and what can be copied.
func (g *Page) commands() fyne.CanvasObject {
	w := g.Words
	row := container.New(&kit.Flow{Width: kit.PageWidth})
	for _, level := range session.LogLevels {
		p := kit.NewPill(w.T("logpage.level."+level), "", func() { g.choose(level) })
		p.Chosen = level == g.level
		g.pills[level] = p
		row.Add(p)
	}
	g.copyAll = kit.NewPill(w.T("logpage.copy"), "copy", nil)
	g.copyAll.OnTapped = func() { g.Copied(g.text()); g.copyAll.Set(w.T("logpage.copied"), false) }
	row.Add(g.copyAll)
	if g.Folder == "" {
		return row
	}
	where := kit.Quiet(w.T("logpage.folder", "Path", session.Line(g.Folder, 400)))
	where.Wrapping, where.Selectable = fyne.TextWrapBreak, true
	folder := kit.NewPill(w.T("logpage.copy-folder"), "copy", nil)
	folder.OnTapped = func() { g.Copied(g.Folder); folder.Set(w.T("logpage.copied"), false) }
	row.Add(folder)
	return container.NewVBox(row, where)
}

// newLine is a line of the list: when, how important, what.
func newLine() fyne.CanvasObject {
	l := widget.NewLabel("")
	l.Truncation = fyne.TextTruncateEllipsis
	l.TextStyle.Monospace, l.SizeName = true, theme.SizeNameCaptionText
	return l
}

func (g *Page) fill(i widget.ListItemID, o fyne.CanvasObject) {
	l, ok := o.(*widget.Label)
	if !ok || i >= len(g.shown) {
		return
	}
	line := g.shown[i]
	l.Importance = map[string]widget.Importance{"warn": widget.WarningImportance, "error": widget.DangerImportance}[line.Level]
	l.SetText(strings.TrimSpace(line.Clock + "  " + strings.ToUpper(line.Level) + "  " + line.Brief))
}

// Root is what is drawn.
func (g *Page) Root() fyne.CanvasObject { return g.root }

// First is where the keys go.
func (g *Page) First() fyne.Focusable { return g.pills[g.level] }

// State gives what is chosen.
func (g *Page) State() State { return State{g.level} }

// Restore chooses it again.
func (g *Page) Restore(s State) {
	if slices.Contains(session.LogLevels, s.Level) {
		g.choose(s.Level)
	}
}

// Close ends the renewing.
func (g *Page) Close() { g.renewer.Stop() }

func (g *Page) choose(level string) {
	g.level = level
	for l, p := range g.pills {
		p.Set(p.Text, l == level)
	}
	g.sift()
}

// take takes in what was read of the log.
func (g *Page) take(raw []string, err error) {
	if err != nil {
		g.count.SetText(session.Lines(g.Explain(err), 800))
		return
	}
	if g.raw != nil && slices.Equal(raw, g.raw) {
		return // whoever reads is not disturbed
	}
	g.raw = append([]string{}, raw...)
	g.all = make([]session.LogLine, 0, len(raw))
	for _, line := range raw[max(0, len(raw)-lines):] {
		g.all = append(g.all, session.ReadLogLine(line))
	}
	g.sift()
}

// sift shows the lines that are important enough, the newest first. The line that was chosen stays chosen.
func (g *Page) sift() {
	w := g.Words
	g.shown = g.shown[:0]
	for _, l := range slices.Backward(g.all) {
		if l.AtLeast(g.level) {
			g.shown = append(g.shown, l)
		}
	}
	switch {
	case g.raw == nil: // not read yet
	case len(g.all) == 0:
		g.count.SetText(w.T("logpage.none"))
	case len(g.shown) == 0:
		g.count.SetText(w.T("logpage.none-here"))
	default:
		g.count.SetText(w.N("logpage.lines", len(g.shown)))
	}
	g.copyAll.Set(w.T("logpage.copy"), false)
	kit.SetVisible(g.copyAll, len(g.shown) > 0)
	g.list.UnselectAll()
	for i := range g.shown {
		if g.whole.Text != "" && g.shown[i].Whole == g.whole.Text {
			g.list.Select(i)
			break
		}
	}
	g.list.Refresh()
}

// text is what is shown, for the clipboard, the oldest first.
func (g *Page) text() string {
	var b strings.Builder
	for _, l := range slices.Backward(g.shown) {
		b.WriteString(l.Whole + "\n")
	}
	return b.String()
}
