package view

import (
	"errors"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/accounts"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/review"
)

// openMail shows the page for mail files.
func (f *Frame) openMail() {
	f.away(f.filesPage)
	f.findThunderbird()
}

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
	ends := container.NewHBox(layout.NewSpacer(), widget.NewButton(w.T("window.back"), f.back), start)
	if f.p.Desk != nil {
		ends.Objects = slices.Insert(ends.Objects, 2, fyne.CanvasObject(widget.NewButton(w.T("window.follow"), func() { f.followFiles(wrong) })))
	}
	return kit.Page(kit.PageWidth,
		f.thunderbird(),
		kit.Heading(w.T("window.files"), theme.SizeNameHeadingText),
		kit.Text(w.T("window.files-what")),
		f.pathField("window.received", received),
		kit.Quiet(w.T("window.received-what")),
		f.pathField("window.sent-mail", sent),
		kit.Quiet(w.T("window.sent-what")),
		wrong, ends,
	)
}

// pathField is a path to type or to choose.
func (f *Frame) pathField(id string, entry *widget.Entry) fyne.CanvasObject {
	w := f.p.Words
	file := kit.NewPill(w.T("window.choose-file"), "", func() { f.chooseFile(entry) })
	folder := kit.NewPill(w.T("window.choose-folder"), "open", func() { f.chooseFolder(entry) })
	return container.NewVBox(kit.Bold(w.T(id)), kit.Inset(container.NewBorder(nil, nil, nil, container.NewHBox(file, folder), entry)))
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

// findThunderbird looks for Thunderbird's mail, once.
func (f *Frame) findThunderbird() {
	if f.p.Desk == nil || f.p.Thunderbird == nil || f.inThunderbird != nil {
		return
	}
	f.errands.Go(func(*session.Errand) func() {
		found := f.p.Thunderbird()
		return func() {
			if f.inThunderbird = found; len(found) > 0 {
				f.rebuild()
			}
		}
	})
}

// mostFound is how many of Thunderbird's accounts are offered.
const mostFound = 12

// thunderbird offers the mail that Thunderbird keeps on this computer; nothing where there is none.
func (f *Frame) thunderbird() fyne.CanvasObject {
	w := f.p.Words
	list := container.NewVBox()
	for i, found := range f.inThunderbird {
		if i == mostFound {
			break
		}
		name := session.Line(found.Name, 80)
		if len(found.Addresses) > 0 {
			name = session.Line(found.Addresses[0], 80)
		}
		what := w.N("window.thunderbird.folders", len(found.Paths))
		if found.Kind == "imap" {
			what += " " + w.T("window.thunderbird.part")
		}
		add := kit.NewPill(w.T("window.thunderbird.add"), "", func() { f.addThunderbird(found) })
		list.Add(kit.Box(container.NewBorder(nil, nil, nil, kit.Inset(container.NewCenter(add)), kit.Tight(kit.Bold(name), kit.Quiet(what)))))
	}
	if len(list.Objects) == 0 {
		list.Hide()
		return list
	}
	return container.NewVBox(kit.Heading(w.T("window.thunderbird"), theme.SizeNameSubHeadingText), kit.Text(w.T("window.thunderbird.what")), list, widget.NewSeparator())
}

func (f *Frame) addThunderbird(found mailbox.LocalAccount) {
	acc, _ := accounts.FromThunderbird(found)
	f.keepLocal(acc)
}

// followFiles makes the chosen files an account.
func (f *Frame) followFiles(wrong *widget.Label) {
	files := f.files
	f.errands.Go(func(*session.Errand) func() {
		acc, err := files.Account()
		return func() {
			if err != nil {
				f.complain(err, wrong)
				return
			}
			f.keepLocal(acc)
		}
	})
}

// keepLocal tries an account of mail on this computer, keeps it and shows all mail.
func (f *Frame) keepLocal(acc account.Account) {
	f.errands.Go(func(r *session.Errand) func() {
		trial := session.Trial{Account: acc}
		err := trial.Try(r.Context(), f.p.Desk, f.p.Base.Catalogue, f.now(), func(session.TrialStep) {}).Err
		if err == nil {
			_, err = trial.Keep(r.Context(), f.p.Desk)
		}
		return func() {
			if err != nil {
				f.tell("window.failed", f.explain(err))
				return
			}
			f.tellAccounts()
			f.home()
		}
	})
}

// complaint is a place for what is wrong with the person's entries.
func (f *Frame) complaint() *widget.Label {
	l := kit.Bold("")
	l.Importance = widget.DangerImportance
	l.Hide()
	return l
}

func (f *Frame) startOrComplain(req review.Request, err error, wrong *widget.Label) {
	if err != nil {
		f.complain(err, wrong)
		return
	}
	f.other()
	f.begin(req)
}

// complain says what is wrong, in its place on the page.
func (f *Frame) complain(err error, wrong *widget.Label) {
	wrong.SetText(f.refused(err))
	wrong.Show()
}

// refused says what is wrong with what somebody chose or typed.
func (f *Frame) refused(err error) string {
	var refusal *session.Refusal
	if errors.As(err, &refusal) {
		return f.p.Words.T(refusal.ID, "Path", session.Line(refusal.Path, 400))
	}
	return session.Lines(f.explain(err), maxFailure)
}

// back returns to where the person was before the accounts' pages.
func (f *Frame) back() {
	switch {
	case f.own.shown && f.own.changed:
		f.home()
	case f.request == nil && !f.own.some:
		f.leave()
	case f.before == "":
		f.visit(atNow)
	default:
		f.visit(f.before)
	}
}
