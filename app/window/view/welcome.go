package view

import (
	"rimbalzo/app/window/kit"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/internal/words"
)

// welcomePage offers the ways to begin.
func (f *Frame) welcomePage() fyne.CanvasObject {
	w := f.p.Words
	cards := []fyne.CanvasObject{
		f.card("open", "window.way-files", f.openMail),
	}
	if f.p.Desk != nil {
		cards = append([]fyne.CanvasObject{f.card("account", "window.way-imap", func() { f.away(f.addPage) })}, cards...)
	}
	if f.p.Demo != nil {
		cards = append(cards, f.card("demo", "window.way-demo", f.tryDemo))
	}
	foot := kit.Quiet(w.T("window.promise"))
	foot.Alignment = fyne.TextAlignCenter
	title := kit.Heading(w.T("window.welcome"), theme.SizeNameHeadingText)
	title.Alignment = fyne.TextAlignCenter
	about := kit.Text(w.T("window.about-us"))
	about.Alignment = fyne.TextAlignCenter
	version := kit.Quiet(w.T("window.version", "Version", f.p.Version))
	version.Alignment = fyne.TextAlignCenter
	column := container.New(kit.Narrow{Width: 940}, container.NewVBox(
		f.languages(),
		container.New(kit.Narrow{Width: kit.PageWidth}, container.NewVBox(title, about)),
		container.New(layout.NewCustomPaddedLayout(14, 14, 0, 0), container.NewGridWithColumns(len(cards), cards...)),
		foot, version,
	))
	return container.NewVScroll(container.New(layout.NewCustomPaddedLayout(40, 20, 20, 20), column))
}

// languageNames are what the languages call themselves.
var languageNames = map[string]string{"it": "Italiano", "en": "English"}

// languages offers the languages to somebody who cannot read the one in view.
func (f *Frame) languages() fyne.CanvasObject {
	line := container.NewHBox(layout.NewSpacer())
	for _, lang := range words.Languages {
		p := kit.NewPill(languageNames[lang], "", func() { f.speak(lang) })
		p.Chosen = f.p.Words.Lang() == lang
		line.Add(p)
	}
	return line
}

// card is one way to begin: a drawing, a title, what it is about, a button.
func (f *Frame) card(drawing, id string, do func()) fyne.CanvasObject {
	w := f.p.Words
	icon := canvas.NewImageFromResource(kit.Symbol(drawing, theme.ColorNamePrimary))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(34))
	button := widget.NewButton(w.T(id+".do"), do)
	button.Importance = widget.HighImportance
	body := container.NewVBox(
		container.New(layout.NewCustomPaddedLayout(8, 2, 0, 0), icon),
		kit.Centred(kit.Bold(w.T(id))), kit.Centred(kit.Text(w.T(id+".what"))),
	)
	return kit.Panel(container.NewBorder(nil, button, nil, nil, body))
}

// tryDemo starts the demo's servers off the toolkit's goroutine, then reviews its mailbox.
func (f *Frame) tryDemo() {
	f.show("", f.readingPage)
	speaking := f.p.Words
	go func() {
		demo, err := f.p.Demo(f.life, speaking)
		f.later(func() {
			if err != nil {
				f.fail(err)
				return
			}
			f.dropDemo()
			f.stopDemo = demo.Stop
			if f.life.Err() != nil {
				f.dropDemo()
				return
			}
			f.p.Moments, f.p.Banner = demo.Moments, demo.Banner
			f.begin(demo.Start)
		})
	}()
}
