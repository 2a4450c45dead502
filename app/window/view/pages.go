package view

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// progress is the count of messages read so far.
type progress struct {
	words *words.Words
	label *widget.Label
}

func (p *progress) set(n int) { p.label.SetText(p.words.N("window.read", n)) }

// readingPage is shown while a review runs for the first time; the page that was asked for takes its place.
func (f *Frame) readingPage() fyne.CanvasObject {
	w, at := f.p.Words, f.at
	f.hooks.refresh = func() {
		if f.reviewed || f.failure != nil {
			f.visit(at)
		}
	}
	f.count = &progress{words: w, label: kit.Text(w.T("window.reading-start"))}
	cancel := widget.NewButton(w.T("window.cancel"), func() {
		f.reviewer.Stop()
		f.stopReading()
		f.leave()
	})
	f.hooks.first = cancel
	return kit.Page(kit.PageWidth,
		kit.Heading(w.T("window.reading"), theme.SizeNameHeadingText),
		widget.NewProgressBarInfinite(),
		f.count.label,
		kit.Text(w.T("window.read-only")),
		container.NewHBox(layout.NewSpacer(), cancel),
	)
}

// waitingPage is shown for the moment in which the accounts are looked up.
func (f *Frame) waitingPage() fyne.CanvasObject {
	return kit.Page(kit.PageWidth, kit.Text(f.p.Words.T("window.reading-start")))
}

// leave goes back to where a person can begin.
func (f *Frame) leave() {
	f.request, f.reviewed, f.failure = nil, false, nil
	f.other()
	f.show("", f.welcomePage)
}

// nothingPage is shown where the mail holds nothing that an outage touched.
func (f *Frame) nothingPage() fyne.CanvasObject {
	w := f.p.Words
	content := []fyne.CanvasObject{
		kit.Heading(w.T("window.nothing"), theme.SizeNameHeadingText),
		kit.Text(w.T("window.nothing-why")),
		kit.Text(w.T("window.nothing-next")),
	}
	if n := len(f.report.NotYours) + len(f.report.Unreadable); n > 0 {
		notes := kit.NewPill(w.N("window.notes", n), "", f.notes)
		content = append(content, kit.Inset(container.NewHBox(notes)))
	}
	content = append(content, container.NewHBox(layout.NewSpacer(), widget.NewButton(w.T("window.back"), f.leave)))
	return kit.Page(kit.PageWidth, content...)
}

// emptyPage is shown where no mail was opened yet.
func (f *Frame) emptyPage() fyne.CanvasObject {
	w := f.p.Words
	ways := container.New(&kit.Flow{Width: kit.PageWidth})
	if f.p.Desk != nil {
		ways.Add(kit.NewPill(w.T("window.way-imap.do"), "account", func() { f.away(f.addPage) }))
	}
	ways.Add(kit.NewPill(w.T("window.way-files.do"), "open", f.openMail))
	if f.p.Demo != nil {
		ways.Add(kit.NewPill(w.T("window.way-demo.do"), "demo", f.tryDemo))
	}
	return kit.Page(kit.PageWidth,
		kit.Heading(w.T("window.no-mail"), theme.SizeNameHeadingText), kit.Text(w.T("window.no-mail-what")), kit.Inset(ways))
}

// failurePage says what went wrong and what to do next.
func (f *Frame) failurePage() fyne.CanvasObject {
	w, err := f.p.Words, f.failure
	what := kit.Text(session.Lines(f.explain(err), maxFailure))
	if errors.Is(err, context.DeadlineExceeded) && f.p.Explain == nil {
		what = kit.Text(w.T("window.too-long"))
	}
	again := widget.NewButton(w.T("window.again"), func() {
		switch {
		case f.own.shown:
			f.home()
		case f.request != nil:
			f.begin(*f.request)
		}
	})
	again.Importance = widget.HighImportance
	kit.SetVisible(again, f.request != nil)
	return kit.Page(kit.PageWidth,
		kit.Heading(w.T("window.failed"), theme.SizeNameHeadingText),
		what,
		kit.Quiet(w.T("window.nothing-changed")),
		container.NewHBox(layout.NewSpacer(), widget.NewButton(w.T("window.back"), f.correct), again),
	)
}

// correct goes back to where what failed was typed or chosen: a wrong password wants another one.
func (f *Frame) correct() {
	switch r := f.request; {
	case f.own.shown:
		f.openAccounts()
	case r == nil || r.Demo || r.IMAP != "":
		f.leave()
	default:
		f.openMail()
	}
}

// maxFailure is how much of an error is shown, in characters: it may quote a server.
const maxFailure = 800

// maxNotes is how many set-aside messages are listed in the window; an export has them all.
const maxNotes = 200

// notes lists the messages that were set aside: not the person's, or unreadable.
func (f *Frame) notes() {
	w := f.p.Words
	o := checklist.Options{Words: w, Zone: f.p.Zone}
	body := container.NewVBox()
	shown := 0
	add := func(title, source, why string) {
		if shown++; shown > maxNotes {
			return
		}
		line := kit.Tight(kit.Text(why), kit.Quiet(title+" · "+session.Line(source, 400)))
		body.Add(kit.Box(line))
	}
	for _, n := range f.report.NotYours {
		add(w.T("window.not-yours"), n.Source, checklist.NoteText(n, o))
	}
	for _, n := range f.report.Unreadable {
		add(w.T("window.unreadable"), n.Source, checklist.NoteText(n, o))
	}
	if shown > maxNotes {
		body.Add(kit.Quiet(w.N("window.more-notes", shown-maxNotes)))
	}
	d := dialog.NewCustom(w.N("window.notes", shown), w.T("window.close"), container.NewVScroll(body), f.win)
	size := f.win.Canvas().Size()
	d.Resize(fyne.NewSize(min(640, size.Width-60), min(480, size.Height-60)))
	f.ask(d)
}

// tell says one thing in a window of its own.
func (f *Frame) tell(id, what string) {
	label := kit.Text(session.Lines(what, maxFailure))
	d := dialog.NewCustom(f.p.Words.T(id), f.p.Words.T("window.close"), label, f.win)
	d.Resize(fyne.NewSize(460, 160))
	f.ask(d)
}
