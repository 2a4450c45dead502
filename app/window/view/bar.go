package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/icons"
	"rimbalzo/internal/words"
)

// languageNames are what the languages call themselves.
var languageNames = map[string]string{"it": "Italiano", "en": "English"}

// bar is the top of the window: the program's name, the commands, the language; below them the banner and the moments.
func (f *Frame) bar() fyne.CanvasObject {
	w := f.p.Words
	icon := canvas.NewImageFromResource(fyne.NewStaticResource("rimbalzo.png", icons.PNG))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(26))
	line := container.NewHBox(icon, &widget.Label{Text: w.T("window.title"), TextStyle: fyne.TextStyle{Bold: true}}, layout.NewSpacer())
	if f.own.some && !f.own.shown {
		line.Add(kit.NewPill(w.T("window.my-mail"), "account", f.home))
	}
	if f.own.some {
		line.Add(kit.NewPill(w.T("window.accounts"), "account", f.openAccounts))
	}
	if f.request != nil {
		line.Add(kit.NewPill(w.T("window.open"), "open", f.openMail))
	}
	for _, lang := range words.Languages {
		p := kit.NewPill(languageNames[lang], "", func() { f.speak(lang) })
		p.Chosen = w.Lang() == lang
		line.Add(p)
	}
	rows := []fyne.CanvasObject{container.New(layout.NewCustomPaddedLayout(2, 0, 8, 4), line)}
	if f.request != nil && (f.p.Banner != "" || len(f.p.Moments) > 0) {
		rows = append(rows, f.moments())
	}
	return container.NewVBox(rows...)
}

// moments is the strip of the demo: what this is, the moments, and what is particular about the chosen one.
func (f *Frame) moments() fyne.CanvasObject {
	strip := kit.Tight()
	banner, why := f.p.Banner, ""
	choice := container.New(&kit.Flow{Width: f.win.Canvas().Size().Width})
	for i, m := range f.p.Moments {
		p := kit.NewPill(m.Title, "", func() { f.move(i) })
		if p.Chosen = i == f.moment; p.Chosen {
			why = m.Why
			if m.Banner != "" {
				banner = m.Banner
			}
		}
		choice.Add(p)
	}
	if banner != "" {
		strip.Add(kit.Text(banner))
	}
	if len(choice.Objects) > 0 {
		strip.Add(kit.Inset(choice))
	}
	if why != "" {
		note := kit.Text(why)
		note.SizeName = theme.SizeNameCaptionText
		strip.Add(note)
	}
	return container.NewStack(kit.NewPlane(kit.ColourBanner, 0), container.New(layout.NewCustomPaddedLayout(0, 2, 2, 2), strip))
}
