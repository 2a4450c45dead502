package view

import (
	"rimbalzo/app/window/kit"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/words"
)

// The steps of the first start; what happens next is told when there is an account.
const (
	stepPromise = iota
	stepMail
	steps = 3 // of all
)

// welcomePage is the first start: what the program does and promises, then the ways to the person's mail.
func (f *Frame) welcomePage() fyne.CanvasObject {
	if f.left.step == stepMail {
		return f.step(stepMail, "window.step-mail", f.ways())
	}
	return f.step(stepPromise, "window.welcome", f.promises())
}

// stepTo goes to another step.
func (f *Frame) stepTo(step int) {
	f.left.step = step
	f.show("", f.welcomePage)
}

// step is a page of the first start.
func (f *Frame) step(step int, title string, body ...fyne.CanvasObject) fyne.CanvasObject {
	w := f.p.Words
	count := kit.Quiet(w.T("window.step-of", "Step", step+1, "Steps", steps))
	head := container.NewBorder(nil, nil, nil, f.languages(), count)
	content := []fyne.CanvasObject{head, kit.Heading(w.T(title), theme.SizeNameHeadingText)}
	column := container.New(kit.Narrow{Width: 900}, container.NewVBox(append(content, body...)...))
	return container.NewVScroll(container.New(layout.NewCustomPaddedLayout(14, 20, 20, 20), column))
}

// promises say what the program does, and what it never does.
func (f *Frame) promises() fyne.CanvasObject {
	w := f.p.Words
	list := kit.Tight(kit.Text(w.T("window.about-us")))
	for _, p := range []struct{ symbol, id string }{{"delivered", "window.promise"}, {"delivered", "window.promise.password"}, {"delivered", "window.promise.nobody"}} {
		list.Add(container.NewBorder(nil, nil, container.NewVBox(kit.Inset(f.drawing(p.symbol, theme.ColorNameSuccess, 20))), nil, kit.Text(w.T(p.id))))
	}
	next := widget.NewButton(w.T("window.next"), func() { f.stepTo(stepMail) })
	next.Importance = widget.HighImportance
	f.first = next
	ends := container.New(&kit.Flow{Width: 500})
	if f.p.Demo != nil {
		ends.Add(kit.NewPill(w.T("window.way-demo.do"), "demo", f.tryDemo))
	}
	ends.Add(next)
	return container.NewVBox(kit.Panel(list), ends, kit.Quiet(w.T("window.version", "Version", f.p.Version)))
}

// ways are those to the person's mail.
func (f *Frame) ways() fyne.CanvasObject {
	cards := container.New(&kit.Row{Least: 230})
	if f.p.Desk != nil {
		cards.Add(f.card("account", "window.way-imap", func() { f.away(f.addPage) }))
	}
	if f.p.Thunderbird != nil && f.p.Desk != nil {
		cards.Add(f.card("checklist", "window.way-thunderbird", f.openMail))
	}
	cards.Add(f.card("open", "window.way-files", f.openMail))
	if f.p.Demo != nil {
		cards.Add(f.card("demo", "window.way-demo", f.tryDemo))
	}
	back := widget.NewButton(f.p.Words.T("window.back"), func() { f.stepTo(stepPromise) })
	return container.NewVBox(cards, container.NewHBox(back))
}

// nextPage is the last step of the first start: what happens from now on.
func (f *Frame) nextPage() fyne.CanvasObject {
	w := f.p.Words
	list := kit.Tight()
	for _, p := range []struct{ symbol, id string }{{"wait", "window.next.read"}, {"now", "window.next.watch"}, {"checklist", "window.next.tell"}, {"settings", "window.next.login"}} {
		list.Add(container.NewBorder(nil, nil, container.NewVBox(kit.Inset(f.drawing(p.symbol, theme.ColorNamePrimary, 20))), nil, kit.Text(w.T(p.id))))
	}
	on := widget.NewButton(w.T("window.next.do"), func() { f.visit(atNow) })
	on.Importance = widget.HighImportance
	f.first = on
	return f.step(steps-1, "window.step-next", kit.Panel(list), container.NewHBox(on))
}

func (f *Frame) drawing(symbol string, colour fyne.ThemeColorName, size float32) fyne.CanvasObject {
	icon := canvas.NewImageFromResource(kit.Symbol(symbol, colour))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(size))
	return icon
}

// languageNames are what the languages call themselves.
var languageNames = map[string]string{"it": "Italiano", "en": "English"}

// languages offers the languages to somebody who cannot read the one in view.
func (f *Frame) languages() fyne.CanvasObject {
	line := container.NewHBox()
	for _, lang := range words.Languages {
		p := kit.NewPill(languageNames[lang], "", func() { f.choose(lang) })
		p.Chosen = f.p.Words.Lang() == lang
		line.Add(p)
	}
	return line
}

// choose speaks a language from now on, also next time.
func (f *Frame) choose(lang string) {
	s := f.chosen
	s.Language = lang
	f.apply(s)
	if f.p.SaveSettings == nil {
		return
	}
	f.errands.Go(func(*session.Errand) func() {
		err := f.p.SaveSettings(s)
		return func() {
			if err != nil {
				f.tell("window.failed", f.explain(err))
			}
		}
	})
}

// card is one way to begin: a drawing, a title, what it is about, a button.
func (f *Frame) card(drawing, id string, do func()) fyne.CanvasObject {
	w := f.p.Words
	icon := f.drawing(drawing, theme.ColorNamePrimary, 34)
	button := widget.NewButton(w.T(id+".do"), do)
	button.Importance = widget.HighImportance
	if f.first == nil {
		f.first = button // the keys begin at the first way
	}
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
