// Package settings is the page on which a person chooses: language, looks, size, start at login, quiet hours, notices. Each
// choice counts at once; nothing has to be confirmed.
package settings

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	chosen "rimbalzo/app/settings"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/words"
)

// Params is what the page needs from the frame.
type Params struct {
	Words    *words.Words
	Settings chosen.Settings
	Errands  *session.Errands
	// Apply makes a choice count in the window; it may build the page anew, and restore its state.
	Apply func(chosen.Settings)
	// Keep keeps the settings, off the toolkit's goroutine; nil where nothing is kept.
	Keep func(chosen.Settings) error
	// AtLogin tells whether the watcher starts at login, SetAtLogin has it do so or not, both off the toolkit's goroutine; nil
	// where that cannot be chosen.
	AtLogin    func() (bool, error)
	SetAtLogin func(bool) error
	Explain    func(error) string
}

// State is what outlives the page when it is built anew. Its zero value is that of a page just opened.
type State struct{ *memory }

// memory is shared by a page and the ones that take its place: what is being kept while they change goes on.
type memory struct {
	page   *Page  // the one in view
	focus  string // the control that was used last
	before *chosen.Settings
	wrong  string // why the last choice could not be kept
	saving bool
	next   *chosen.Settings // what was chosen while something was being kept
}

// Page is the settings.
type Page struct {
	Params
	*memory
	controls map[string]fyne.Focusable
	first    fyne.Focusable
	syncs    []func() // each shows one setting
	atLogin  *widget.Check
	login    *widget.Label // why the start at login cannot be told or changed
	quiet    *hours
	trouble  *widget.Label
	reset    *kit.Pill
	root     fyne.CanvasObject
}

// New gives the page.
func New(p Params) *Page {
	g := &Page{Params: p, memory: &memory{}, controls: map[string]fyne.Focusable{}}
	g.page = g
	w := p.Words
	g.trouble = kit.Text("")
	g.trouble.Importance = widget.DangerImportance
	g.reset = kit.NewPill("", "", g.back)
	content := []fyne.CanvasObject{
		kit.Heading(w.T("settingspage.title"), theme.SizeNameHeadingText), kit.Text(w.T("settingspage.what")), g.trouble,
		g.section("language", g.languages()), g.section("theme", g.themes()), g.section("scale", g.scales()),
	}
	if p.AtLogin != nil && p.SetAtLogin != nil {
		content = append(content, g.section("at-login", g.logins()))
	}
	g.quiet = newHours(g)
	content = append(content, g.section("quiet", g.quiet.root), g.section("notices", g.notices()),
		kit.Inset(container.NewHBox(layout.NewSpacer(), g.reset)))
	g.control("reset", g.reset)
	g.root = kit.Page(kit.PageWidth, content...)
	g.sync()
	return g
}

// Root is what is drawn.
func (g *Page) Root() fyne.CanvasObject { return g.root }

// First is the control that was used last, or the first one.
func (g *Page) First() fyne.Focusable {
	if c, ok := g.controls[g.focus]; ok {
		return c
	}
	return g.first
}

// State gives what a page that takes this one's place needs.
func (g *Page) State() State { return State{g.memory} }

// Restore goes on where another page was.
func (g *Page) Restore(s State) {
	if s.memory == nil {
		return
	}
	g.memory = s.memory
	g.page = g
	g.tell()
}

func (g *Page) control(id string, c fyne.Focusable) {
	g.controls[id] = c
	if g.first == nil {
		g.first = c
	}
}

// section is one setting with its name and what it is about.
func (g *Page) section(id string, content fyne.CanvasObject) fyne.CanvasObject {
	text := kit.Tight(kit.Heading(g.Words.T("settingspage."+id), theme.SizeNameSubHeadingText))
	if about := "settingspage." + id + ".what"; g.Words.Has(about) {
		text.Add(kit.Quiet(g.Words.T(about)))
	}
	return container.NewVBox(text, kit.Inset(content))
}

// option is one value of a setting that has a few.
type option struct {
	id, text string
	chosen   func(chosen.Settings) bool
	take     func(*chosen.Settings)
}

// chosenMark stands before what is chosen, which is told by more than a colour.
const chosenMark = "• "

// pills are a choice of one.
func (g *Page) pills(options []option) fyne.CanvasObject {
	row := container.New(&kit.Flow{Width: kit.PageWidth})
	for _, o := range options {
		p := kit.NewPill(o.text, "", func() {
			g.focus = o.id
			g.choose(o.take)
		})
		g.control(o.id, p)
		g.syncs = append(g.syncs, func() {
			if o.chosen(g.Settings) {
				p.Set(chosenMark+o.text, true)
			} else {
				p.Set(o.text, false)
			}
			row.Refresh()
		})
		row.Add(p)
	}
	return row
}

// check is a choice between yes and no.
func (g *Page) check(id, text string, is func(chosen.Settings) bool, changed func(bool)) *widget.Check {
	c := widget.NewCheck(text, nil)
	c.OnChanged = func(on bool) {
		if on == is(g.Settings) {
			return // it follows the settings, and not they it
		}
		g.focus = id
		changed(on)
	}
	g.control(id, c)
	g.syncs = append(g.syncs, func() { c.SetChecked(is(g.Settings)) })
	return c
}

// sync shows the settings as they are now.
func (g *Page) sync() {
	for _, s := range g.syncs {
		s()
	}
	g.tell()
}
