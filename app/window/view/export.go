package view

import (
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
)

// export asks for a form and a file, and writes the whole list to it.
func (f *Frame) export() {
	if !f.reviewed {
		return
	}
	w := f.p.Words
	names := make([]string, len(checklist.Forms))
	for i, form := range checklist.Forms {
		names[i] = checklist.FormName(form.Format, w)
	}
	choice := widget.NewRadioGroup(names, nil)
	choice.Required = true
	choice.SetSelected(names[0])
	body := container.NewVScroll(container.NewVBox(kit.Text(w.T("window.export-what")), choice))
	d := dialog.NewCustomConfirm(w.T("window.export-title"), w.T("window.next"), w.T("window.cancel"), body, func(ok bool) {
		for i, name := range names {
			if ok && name == choice.Selected {
				f.exportAs(checklist.Forms[i])
			}
		}
	}, f.win)
	size := f.win.Canvas().Size()
	d.Resize(fyne.NewSize(min(520, size.Width-40), min(500, size.Height-40)))
	f.ask(d)
}

// exportAs writes the list in one form to a file that the person names.
func (f *Frame) exportAs(form checklist.Form) {
	list := session.Export{Format: form.Format, Report: f.report, Options: checklist.Options{Words: f.p.Words, Ticks: f.copyTicks(), Zone: f.p.Zone}}
	if f.request != nil {
		list.Request = *f.request
	}
	f.saveTo("window.export-title", f.p.Words.T("window.export-name")+form.Ending, func(ctx context.Context, out io.Writer) error {
		if f.p.Export == nil {
			return checklist.Write(out, list.Format, list.Report, list.Options)
		}
		return f.p.Export(ctx, out, list)
	})
}

// copyTicks gives a copy of the ticks for another goroutine: the person may go on ticking.
func (f *Frame) copyTicks() *checklist.Ticks {
	ticks := new(checklist.Ticks)
	ticks.Merge(f.p.Ticks)
	return ticks
}

// saveAs asks where a file goes, and writes it.
func (f *Frame) saveAs(name string, write func(io.Writer) error) {
	f.saveTo("window.save-file", name, func(_ context.Context, out io.Writer) error { return write(out) })
}

// saveTo is saveAs for what may take long: it is written off the toolkit's goroutine, can be cancelled, and what it came to is
// told. title is the id of what stands above.
func (f *Frame) saveTo(title, name string, write func(context.Context, io.Writer) error) {
	save := dialog.NewFileSave(func(out fyne.URIWriteCloser, err error) {
		if err != nil {
			f.tell("window.export-failed", f.explain(err))
			return
		}
		if out != nil { // else cancelled
			f.writing(out, write)
		}
	}, f.win)
	save.SetFileName(name)
	if ending := storage.NewFileURI("/" + name).Extension(); ending != "" {
		save.SetFilter(storage.NewExtensionFileFilter([]string{ending}))
	}
	save.SetTitleText(f.p.Words.T(title))
	save.SetConfirmText(f.p.Words.T("window.save"))
	save.SetDismissText(f.p.Words.T("window.cancel"))
	f.askForPath(save)
}

// waitUnseen is how long a file may take to be written without a word about it.
const waitUnseen = 400 * time.Millisecond

// writing writes a file off the toolkit's goroutine, and shows so where it takes long; then the person can cancel it.
func (f *Frame) writing(out fyne.URIWriteCloser, write func(context.Context, io.Writer) error) {
	w, over, seen := f.p.Words, false, false
	wait := dialog.NewCustom(w.T("window.writing"), w.T("window.cancel"), widget.NewProgressBarInfinite(), f.win)
	errand := f.errands.Go(func(r *session.Errand) func() {
		err := errors.Join(write(r.Context(), out), out.Close())
		return func() {
			over = true
			if seen {
				wait.Hide()
			}
			if err != nil {
				f.tell("window.export-failed", f.explain(err))
				return
			}
			f.tell("window.exported", w.T("window.exported-to", "Path", out.URI().Path()))
		}
	})
	wait.SetOnClosed(func() {
		if over {
			return
		}
		over = true
		errand.Stop()
		f.tell("window.export-failed", w.T("window.export-stopped"))
	})
	time.AfterFunc(waitUnseen, func() {
		f.later(func() {
			if !over && f.life.Err() == nil {
				seen = true
				f.ask(wait)
			}
		})
	})
}

// openLink opens a mailto link in the person's mail; nil where nothing can be opened.
func (f *Frame) openLink() func(string) {
	if f.p.OpenBrowser == nil {
		return nil
	}
	return func(address string) {
		u, err := url.Parse(address)
		if err == nil && u.Scheme == "mailto" {
			err = fyne.CurrentApp().OpenURL(u)
		}
		if err != nil {
			f.tell("window.failed", f.explain(err))
		}
	}
}

// merging takes in the ticks of another computer; nil where nothing is kept.
func (f *Frame) merging() func() {
	if f.p.MergeTicks == nil {
		return nil
	}
	return func() {
		w := f.p.Words
		d := dialog.NewFileOpen(func(in fyne.URIReadCloser, err error) {
			if err != nil {
				f.tell("window.failed", f.explain(err))
				return
			}
			if in != nil {
				f.merge(in)
			}
		}, f.win)
		d.SetTitleText(w.T("window.which-file"))
		d.SetConfirmText(w.T("window.choose-it"))
		d.SetDismissText(w.T("window.cancel"))
		f.askForPath(d)
	}
}

// merge reads a file of ticks into a copy off the toolkit's goroutine, and takes them over when all of it was read.
func (f *Frame) merge(in io.ReadCloser) {
	ticks := f.copyTicks()
	f.errands.Go(func(*session.Errand) func() {
		merged, err := f.p.MergeTicks(in, ticks)
		err = errors.Join(err, in.Close())
		return func() {
			if err != nil {
				f.tell("window.failed", f.explain(err))
				return
			}
			f.p.Ticks.Merge(ticks)
			f.fresh()
			f.tell("window.merged", f.p.Words.T("window.merged-what", "Words", f.p.Words.Number(merged.Words), "Notes", f.p.Words.Number(merged.Notes)))
		}
	})
}

// askForPath shows a dialog for files, as a list with whole names, over most of the window. Such a dialog can be given a
// size only while it is shown (fyne 2.8.0 ends the program otherwise).
func (f *Frame) askForPath(d *dialog.FileDialog) {
	d.SetView(dialog.ListView)
	f.ask(d)
	size := f.win.Canvas().Size()
	d.Resize(fyne.NewSize(min(900, size.Width-40), min(620, size.Height-40)))
}
