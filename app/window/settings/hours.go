package settings

import (
	"regexp"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	chosen "rimbalzo/app/settings"
	"rimbalzo/app/window/kit"
)

// usual are the quiet hours that are filled in when somebody wants some.
var usual = chosen.Hours{From: "22:30", To: "07:30"}

// hours are the fields for the quiet hours.
type hours struct {
	page     *Page
	on       *widget.Check
	from, to *widget.Entry
	fields   *fyne.Container
	wrong    *widget.Label
	root     fyne.CanvasObject
}

func newHours(g *Page) *hours {
	w := g.Words
	h := &hours{page: g, from: widget.NewEntry(), to: widget.NewEntry(), wrong: kit.Text("")}
	h.on = g.check("quiet", w.T("settingspage.quiet.do"), func(s chosen.Settings) bool { return s.Quiet != chosen.Hours{} }, func(bool) { h.changed() })
	h.wrong.Importance = widget.DangerImportance
	h.wrong.Hide()
	h.from.Text, h.to.Text = usual.From, usual.To
	h.from.OnChanged = func(string) { g.focus = "quiet-from"; h.changed() }
	h.to.OnChanged = func(string) { g.focus = "quiet-to"; h.changed() }
	g.control("quiet-from", h.from)
	g.control("quiet-to", h.to)
	field := func(e *widget.Entry) fyne.CanvasObject {
		return container.New(layout.NewGridWrapLayout(fyne.NewSize(84, e.MinSize().Height)), e)
	}
	h.fields = container.NewHBox(widget.NewLabel(w.T("settingspage.quiet.from")), field(h.from), widget.NewLabel(w.T("settingspage.quiet.to")), field(h.to))
	g.syncs = append(g.syncs, h.sync)
	h.root = container.NewVBox(h.on, h.fields, h.wrong)
	return h
}

// sync shows the hours as they are set. What is being typed stays as it is where it says the same.
func (h *hours) sync() {
	now := h.page.Settings.Quiet
	kit.SetVisible(h.fields, now != chosen.Hours{})
	for e, value := range map[*widget.Entry]string{h.from: now.From, h.to: now.To} {
		if typed, ok := read(e.Text); value != "" && (!ok || typed != value) {
			e.Text, e.CursorColumn = value, len(value) // SetText would take it for somebody's typing
			e.Refresh()
		}
	}
}

// clock is a time of day as people write it.
var clock = regexp.MustCompile(`^\s*([0-9]{1,2})[:.]([0-9]{2})\s*$`)

// read gives a time of day as settings have it: "07:30" for "7.30".
func read(text string) (string, bool) {
	m := clock.FindStringSubmatch(text)
	if m == nil {
		return text, false
	}
	hour, err := strconv.Atoi(m[1])
	if err != nil || hour > 23 || m[2] > "59" {
		return text, false
	}
	if len(m[1]) == 1 {
		m[1] = "0" + m[1]
	}
	return m[1] + ":" + m[2], true
}

// changed takes the hours in where both can be read, and else says how they are written.
func (h *hours) changed() {
	w := h.page.Words
	if !h.on.Checked {
		h.wrong.Hide()
		h.page.choose(func(s *chosen.Settings) { s.Quiet = chosen.Hours{} })
		return
	}
	from, fromOK := read(h.from.Text)
	to, toOK := read(h.to.Text)
	wrong := ""
	switch {
	case !fromOK:
		wrong = w.T("settings.problem.clock", "Value", from)
	case !toOK:
		wrong = w.T("settings.problem.clock", "Value", to)
	case from == to:
		wrong = w.T("settings.problem.no-hours", "Value", from)
	}
	h.wrong.SetText(wrong)
	kit.SetVisible(h.wrong, wrong != "")
	if wrong == "" {
		h.page.choose(func(s *chosen.Settings) { s.Quiet = chosen.Hours{From: from, To: to} })
	}
}
