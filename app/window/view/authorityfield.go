package view

import (
	"io"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
)

// authorityField is where the certificates of a private authority are pasted, or chosen as a file; below it stands what they are.
func (f *Frame) authorityField() fyne.CanvasObject {
	w := f.p.Words
	text, told := kit.NewLines(), kit.Quiet("")
	text.SetPlaceHolder("-----BEGIN CERTIFICATE-----")
	text.SetMinRowsVisible(3)
	text.TextStyle.Monospace = true
	tell := func(s string) {
		list, err := session.ReadAuthorities(s)
		said := make([]string, len(list))
		for i, a := range list {
			said[i] = a.Tell(w, f.now())
		}
		told.Importance = widget.LowImportance
		if err != nil {
			said, told.Importance = []string{f.refused(err)}, widget.DangerImportance
		}
		told.SetText(strings.Join(said, "\n"))
		kit.SetVisible(told, len(said) > 0)
	}
	text.SetText(f.mail.CA)
	text.OnChanged = func(s string) {
		f.mail.CA = s
		tell(s)
	}
	tell(f.mail.CA)
	choose := kit.NewPill(w.T("accountspage.ca.file"), "open", func() { f.chooseAuthority(&text.Entry) })
	return container.NewVBox(kit.Quiet(w.T("accountspage.ca.what")), kit.Inset(text), kit.Inset(container.NewHBox(choose, layout.NewSpacer())), told)
}

// chooseAuthority lets the person choose a PEM file, and puts what is in it into a field.
func (f *Frame) chooseAuthority(into *widget.Entry) {
	d := dialog.NewFileOpen(func(in fyne.URIReadCloser, err error) {
		if err == nil && in == nil {
			return // nothing was chosen
		}
		if err == nil {
			err = takeAuthority(in, into)
		}
		if err != nil {
			f.tell("window.failed", f.explain(err))
		}
	}, f.win)
	d.SetTitleText(f.p.Words.T("accountspage.ca.which"))
	d.SetConfirmText(f.p.Words.T("window.choose-it"))
	d.SetDismissText(f.p.Words.T("window.cancel"))
	f.askForPath(d)
}

// takeAuthority reads a file into a field, as far as one may be long; the field says what is wrong with it.
func takeAuthority(in io.ReadCloser, into *widget.Entry) error {
	data, err := io.ReadAll(io.LimitReader(in, session.MaxAuthority+1))
	if closing := in.Close(); err == nil {
		err = closing
	}
	if err == nil {
		into.SetText(strings.ToValidUTF8(string(data), "\uFFFD"))
	}
	return err
}
