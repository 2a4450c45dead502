package view

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/review"
)

// welcomePage offers the ways to begin.
func (f *Frame) welcomePage() fyne.CanvasObject {
	w := f.p.Words
	cards := []fyne.CanvasObject{
		f.card("open", "window.way-files", f.openMail),
		f.card("account", "window.way-imap", func() { f.show(f.imapPage) }),
	}
	if f.p.Demo != nil {
		cards = append(cards, f.card("demo", "window.way-demo", f.tryDemo))
	}
	foot := quiet(w.T("window.promise"))
	foot.Alignment = fyne.TextAlignCenter
	title := heading(w.T("window.welcome"), theme.SizeNameHeadingText)
	title.Alignment = fyne.TextAlignCenter
	about := text(w.T("window.about-us"))
	about.Alignment = fyne.TextAlignCenter
	version := quiet(w.T("window.version", "Version", f.p.Version))
	version.Alignment = fyne.TextAlignCenter
	column := container.New(narrow{940}, container.NewVBox(
		container.New(narrow{pageWidth}, container.NewVBox(title, about)),
		container.New(layout.NewCustomPaddedLayout(14, 14, 0, 0), container.NewGridWithColumns(len(cards), cards...)),
		foot, version,
	))
	return container.NewVScroll(container.New(layout.NewCustomPaddedLayout(40, 20, 20, 20), column))
}

// card is one way to begin: a drawing, a title, what it is about, a button.
func (f *Frame) card(drawing, id string, do func()) fyne.CanvasObject {
	w := f.p.Words
	icon := canvas.NewImageFromResource(symbol(drawing, theme.ColorNamePrimary))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(34))
	button := widget.NewButton(w.T(id+".do"), do)
	button.Importance = widget.HighImportance
	body := container.NewVBox(
		container.New(layout.NewCustomPaddedLayout(8, 2, 0, 0), icon),
		centred(bold(w.T(id))), centred(text(w.T(id+".what"))),
	)
	return panel(container.NewBorder(nil, button, nil, nil, body))
}

func centred(l *widget.Label) *widget.Label {
	l.Alignment = fyne.TextAlignCenter
	return l
}

// tryDemo starts the demo's servers off the toolkit's goroutine, then reviews its mailbox.
func (f *Frame) tryDemo() {
	f.show(f.readingPage)
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

// openMail shows the page for mail files.
func (f *Frame) openMail() { f.show(f.filesPage) }

// filesPage asks for the files that hold the mail.
func (f *Frame) filesPage() fyne.CanvasObject {
	w := f.p.Words
	received, sent := widget.NewEntry(), widget.NewEntry()
	received.SetText(f.files.Received)
	sent.SetText(f.files.Sent)
	received.OnChanged = func(s string) { f.files.Received = s }
	sent.OnChanged = func(s string) { f.files.Sent = s }
	wrong := f.complaint()
	start := widget.NewButton(w.T("window.start"), func() {
		req, err := f.files.Request(f.p.Base)
		f.startOrComplain(req, err, wrong)
	})
	start.Importance = widget.HighImportance
	return page(pageWidth,
		heading(w.T("window.files"), theme.SizeNameHeadingText),
		text(w.T("window.files-what")),
		f.pathField("window.received", received),
		quiet(w.T("window.received-what")),
		f.pathField("window.sent-mail", sent),
		quiet(w.T("window.sent-what")),
		wrong,
		container.NewHBox(layout.NewSpacer(), widget.NewButton(w.T("window.back"), f.back), start),
	)
}

// pathField is a path to type or to choose.
func (f *Frame) pathField(id string, entry *widget.Entry) fyne.CanvasObject {
	w := f.p.Words
	file := newPill(w.T("window.choose-file"), "", func() { f.chooseFile(entry) })
	folder := newPill(w.T("window.choose-folder"), "open", func() { f.chooseFolder(entry) })
	return container.NewVBox(bold(w.T(id)), inset(container.NewBorder(nil, nil, nil, container.NewHBox(file, folder), entry)))
}

func (f *Frame) chooseFile(into *widget.Entry) {
	d := dialog.NewFileOpen(func(in fyne.URIReadCloser, err error) {
		if err != nil {
			f.tell("window.failed", f.explain(err))
			return
		}
		if in != nil {
			into.SetText(in.URI().Path())
			if err := in.Close(); err != nil {
				f.tell("window.failed", f.explain(err))
			}
		}
	}, f.win)
	d.SetTitleText(f.p.Words.T("window.which-file"))
	d.SetConfirmText(f.p.Words.T("window.choose-it"))
	d.SetDismissText(f.p.Words.T("window.cancel"))
	f.askForPath(d)
}

func (f *Frame) chooseFolder(into *widget.Entry) {
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		if err != nil {
			f.tell("window.failed", f.explain(err))
			return
		}
		if folder != nil {
			into.SetText(folder.Path())
		}
	}, f.win)
	d.SetTitleText(f.p.Words.T("window.which-folder"))
	d.SetConfirmText(f.p.Words.T("window.choose-it"))
	d.SetDismissText(f.p.Words.T("window.cancel"))
	f.askForPath(d)
}

// accountForm is the form for an IMAP account: what is typed goes into the frame's account.
type accountForm struct {
	address, server, user, port, password *widget.Entry

	kind  *widget.Select
	kinds []string
	hint  *widget.Label
}

// imapPage asks for an account. The password stays in memory and is gone with the window.
func (f *Frame) imapPage() fyne.CanvasObject {
	w := f.p.Words
	form := f.accountForm()
	wrong := f.complaint()
	connect := func() {
		req, err := f.mail.Request(f.p.Base)
		secret := form.password.Text
		if err == nil && secret == "" {
			err = &session.Refusal{ID: "window.refused.password"}
		}
		req.Password = func(context.Context) (string, error) { return secret, nil }
		f.startOrComplain(req, err, wrong)
	}
	form.password.OnSubmitted = func(string) { connect() }
	start := widget.NewButton(w.T("window.connect"), connect)
	start.Importance = widget.HighImportance
	fields := widget.NewForm(
		widget.NewFormItem(w.T("window.address"), form.address),
		widget.NewFormItem(w.T("window.password"), form.password),
		widget.NewFormItem(w.T("window.server"), form.server),
		widget.NewFormItem(w.T("window.user"), form.user),
		widget.NewFormItem(w.T("window.security"), form.kind),
		widget.NewFormItem(w.T("window.port"), form.port),
	)
	return page(pageWidth,
		heading(w.T("window.imap"), theme.SizeNameHeadingText),
		text(w.T("window.imap-what")), fields, form.hint, quiet(w.T("window.password-what")), wrong,
		container.NewHBox(layout.NewSpacer(), widget.NewButton(w.T("window.back"), f.back), start),
	)
}

// accountForm makes the fields, filled with what was typed before.
func (f *Frame) accountForm() *accountForm {
	w := f.p.Words
	field := func(value, example string, keep func(string)) *widget.Entry {
		e := widget.NewEntry()
		e.SetPlaceHolder(example)
		e.SetText(value)
		e.OnChanged = keep
		return e
	}
	a := &accountForm{kinds: []string{w.T("window.tls"), w.T("window.starttls")}, password: widget.NewPasswordEntry(), hint: quiet("")}
	a.address = field(f.mail.Address, "anna@example.com", func(s string) { f.suggest(a, s) })
	a.server = field(f.mail.Server, "imap.example.com", func(s string) { f.mail.Server = s })
	a.user = field(f.mail.User, w.T("window.same-as-address"), func(s string) { f.mail.User = s })
	a.port = field(f.mail.Port, f.mail.UsualPort(), func(s string) { f.mail.Port = s })
	a.kind = widget.NewSelect(a.kinds, func(s string) {
		f.mail.STARTTLS = s == a.kinds[1]
		a.port.SetPlaceHolder(f.mail.UsualPort())
	})
	a.choose(f.mail.STARTTLS)
	a.hint.Hide()
	return a
}

func (a *accountForm) choose(starttls bool) {
	if starttls {
		a.kind.SetSelected(a.kinds[1])
	} else {
		a.kind.SetSelected(a.kinds[0])
	}
}

// suggest fills in what is known of the provider of the address that is being typed, and says what its customers need to know.
func (f *Frame) suggest(a *accountForm, typed string) {
	w := f.p.Words
	f.mail.Address = typed
	notes, changed := f.mail.Suggest(w.Lang())
	if changed {
		known := f.mail
		a.server.SetText(known.Server)
		a.user.SetText(known.User)
		a.choose(known.STARTTLS)
		a.port.SetText(known.Port)
	}
	if f.mail.NeedsSignIn() {
		notes = append(notes[:len(notes):len(notes)], w.T("window.sign-in-only"))
	}
	a.hint.SetText(strings.Join(notes, "\n"))
	a.hint.Hidden = len(notes) == 0
	a.hint.Refresh()
}

// complaint is a place for what is wrong with the person's entries.
func (f *Frame) complaint() *widget.Label {
	l := bold("")
	l.Importance = widget.DangerImportance
	l.Hide()
	return l
}

func (f *Frame) startOrComplain(req review.Request, err error, wrong *widget.Label) {
	var refusal *session.Refusal
	switch {
	case err == nil:
		f.dropDemo()
		f.p.Moments, f.p.Banner = nil, ""
		f.begin(req)
		return
	case errors.As(err, &refusal):
		wrong.SetText(f.p.Words.T(refusal.ID, "Path", session.Line(refusal.Path, 400)))
	default:
		wrong.SetText(f.explain(err))
	}
	wrong.Show()
}

// back returns to the board, or to the welcome page where there is none.
func (f *Frame) back() {
	if f.reviewed && f.request != nil {
		f.show(f.boardPage)
		if f.board != nil {
			f.load()
		}
		return
	}
	f.leave()
}
