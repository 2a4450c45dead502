package settings

import (
	"slices"

	chosen "rimbalzo/app/settings"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
)

// maxWrong is how much of an error is shown, in characters.
const maxWrong = 800

func equal(a, b chosen.Settings) bool {
	am, bm := a.Mute, b.Mute
	a.Mute, b.Mute = nil, nil
	return slices.Equal(am, bm) && a.Language == b.Language && a.Theme == b.Theme && a.Scale == b.Scale && a.Quiet == b.Quiet
}

// choose changes the settings, makes the change count, and keeps it.
func (g *Page) choose(change func(*chosen.Settings)) {
	next := g.Settings
	next.Mute = slices.Clone(next.Mute)
	change(&next)
	if equal(next, g.Settings) {
		return
	}
	g.before = nil
	g.take(next)
}

// back puts everything back to what it is without a choice; a second press takes that back.
func (g *Page) back() {
	g.focus = "reset"
	if g.before != nil {
		before := *g.before
		g.before = nil
		g.take(before)
		return
	}
	before := g.Settings
	g.before = &before
	g.take(chosen.Settings{})
}

// take makes settings count and keeps them.
func (g *Page) take(next chosen.Settings) {
	g.Settings = next
	g.keep(next)
	g.sync()
	g.Apply(next)
}

// keep keeps settings, one after the other: what is chosen meanwhile comes next, and only the last of it.
func (g *Page) keep(next chosen.Settings) {
	if g.Keep == nil {
		return
	}
	m, keep := g.memory, g.Keep
	if m.saving {
		m.next = &next
		return
	}
	m.saving = true
	g.Errands.Go(func(*session.Errand) func() {
		err := keep(next)
		return func() {
			m.saving, m.wrong = false, ""
			if err != nil {
				m.wrong = m.page.Words.T("settingspage.not-kept", "Why", session.Lines(m.page.Explain(err), maxWrong))
			}
			m.page.tell()
			if m.next != nil {
				again := *m.next
				m.next = nil
				m.page.keep(again)
			}
		}
	})
}

// tell says what went wrong, and what the last button does.
func (g *Page) tell() {
	g.trouble.SetText(g.wrong)
	kit.SetVisible(g.trouble, g.wrong != "")
	id := "settingspage.reset"
	if g.before != nil {
		id = "settingspage.undo"
	}
	g.reset.Set(g.Words.T(id), false)
}
