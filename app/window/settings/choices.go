package settings

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	chosen "rimbalzo/app/settings"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
)

// languageNames are what the languages call themselves.
var languageNames = map[string]string{"it": "Italiano", "en": "English"}

func (g *Page) languages() fyne.CanvasObject {
	of := func(id, text, lang string) option {
		return option{id, text, func(s chosen.Settings) bool { return s.Language == lang }, func(s *chosen.Settings) { s.Language = lang }}
	}
	options := []option{of("language", g.Words.T("settingspage.system"), "")}
	for _, lang := range chosen.Languages {
		options = append(options, of("language-"+lang, languageNames[lang], lang))
	}
	return g.pills(options)
}

func (g *Page) themes() fyne.CanvasObject {
	of := func(id, text, theme string) option {
		return option{id, text, func(s chosen.Settings) bool { return s.Theme == theme }, func(s *chosen.Settings) { s.Theme = theme }}
	}
	options := []option{of("theme", g.Words.T("settingspage.system"), "")}
	for _, theme := range chosen.Themes {
		options = append(options, of("theme-"+theme, g.Words.T("settingspage.theme."+theme), theme))
	}
	return g.pills(options)
}

// scaleStep is the step from one offered size to the next, in per cent.
const scaleStep = 25

func (g *Page) scales() fyne.CanvasObject {
	of := func(id, text string, scale int) option {
		return option{id, text, func(s chosen.Settings) bool { return s.Scale == scale }, func(s *chosen.Settings) { s.Scale = scale }}
	}
	var sizes []int
	for scale := chosen.MinScale; scale <= chosen.MaxScale; scale += scaleStep {
		sizes = append(sizes, scale)
	}
	if own := g.Settings.Scale; own != 0 && !slices.Contains(sizes, own) {
		sizes = append(sizes, own) // chosen on the command line
		slices.Sort(sizes)
	}
	options := []option{of("scale", g.Words.T("settingspage.system"), 0)}
	for _, scale := range sizes {
		options = append(options, of("scale-"+strconv.Itoa(scale), strconv.Itoa(scale)+" %", scale))
	}
	return g.pills(options)
}

// notices are the kinds of notices, those ticked that are shown.
func (g *Page) notices() fyne.CanvasObject {
	list := kit.Tight()
	for _, kind := range chosen.Kinds {
		name, text := string(kind), g.Words.T("settings.kind."+string(kind))
		check := g.check("notice-"+name, text, func(s chosen.Settings) bool { return !s.Muted(kind) }, func(shown bool) {
			g.choose(func(s *chosen.Settings) {
				s.Mute = slices.DeleteFunc(s.Mute, func(k string) bool { return k == name })
				if !shown {
					s.Mute = append(s.Mute, name)
				}
			})
		})
		list.Add(check)
	}
	return list
}

// logins is the start at login, which is the system's to tell and takes a moment.
func (g *Page) logins() fyne.CanvasObject {
	g.atLogin = widget.NewCheck(g.Words.T("settingspage.at-login.do"), nil)
	g.login = kit.Text("")
	g.login.Importance = widget.DangerImportance
	g.login.Hide()
	g.atLogin.Disable()
	g.control("at-login", g.atLogin)
	g.Errands.Go(func(*session.Errand) func() {
		on, err := g.AtLogin()
		return func() {
			g.loginKnown(on, err)
			g.atLogin.OnChanged = g.setLogin
		}
	})
	return container.NewVBox(g.atLogin, g.login)
}

func (g *Page) loginKnown(on bool, err error) {
	g.atLogin.Checked = on
	g.atLogin.Enable()
	g.atLogin.Refresh()
	kit.SetVisible(g.login, err != nil)
	if err != nil {
		g.login.SetText(session.Lines(g.Explain(err), maxWrong))
	}
}

// setLogin has the system start the watcher at login, or not, and shows what came of it.
func (g *Page) setLogin(on bool) {
	g.focus = "at-login"
	g.atLogin.Disable()
	g.Errands.Go(func(*session.Errand) func() {
		err := g.SetAtLogin(on)
		return func() {
			g.atLogin.OnChanged = nil
			g.loginKnown(on == (err == nil), err)
			g.atLogin.OnChanged = g.setLogin
		}
	})
}
