package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/internal/checklist"
)

// exportFormats are offered in this order: first what most people can open.
var exportFormats = []checklist.Format{checklist.HTML, checklist.CSV, checklist.Markdown, checklist.Text, checklist.JSON}

var exportEndings = map[checklist.Format]string{
	checklist.HTML: ".html", checklist.CSV: ".csv", checklist.Markdown: ".md", checklist.Text: ".txt", checklist.JSON: ".json",
}

// export asks for a form and a file, and writes the whole list to it.
func (f *Frame) export() {
	if !f.reviewed || f.board == nil {
		return
	}
	w := f.p.Words
	names := make([]string, len(exportFormats))
	for i, format := range exportFormats {
		names[i] = w.T("window.format." + string(format))
	}
	choice := widget.NewRadioGroup(names, nil)
	choice.Required = true
	choice.SetSelected(names[0])
	body := container.NewVBox(kit.Text(w.T("window.export-what")), choice)
	d := dialog.NewCustomConfirm(w.T("window.export-title"), w.T("window.next"), w.T("window.cancel"), body, func(ok bool) {
		for i, name := range names {
			if ok && name == choice.Selected {
				f.exportAs(exportFormats[i])
			}
		}
	}, f.win)
	d.Resize(fyne.NewSize(480, 340))
	f.ask(d)
}

func (f *Frame) exportAs(format checklist.Format) {
	save := dialog.NewFileSave(func(out fyne.URIWriteCloser, err error) {
		if err != nil {
			f.tell("window.export-failed", f.explain(err))
			return
		}
		if out == nil { // cancelled
			return
		}
		err = checklist.Write(out, format, f.report, checklist.Options{Words: f.p.Words, Ticks: f.p.Ticks, Zone: f.p.Zone})
		if closing := out.Close(); err == nil {
			err = closing
		}
		if err != nil {
			f.tell("window.export-failed", f.explain(err))
			return
		}
		f.tell("window.exported", f.p.Words.T("window.exported-to", "Path", out.URI().Path()))
	}, f.win)
	save.SetFileName(f.p.Words.T("window.export-name") + exportEndings[format])
	save.SetFilter(storage.NewExtensionFileFilter([]string{exportEndings[format]}))
	save.SetTitleText(f.p.Words.T("window.export-title"))
	save.SetConfirmText(f.p.Words.T("window.save"))
	save.SetDismissText(f.p.Words.T("window.cancel"))
	f.askForPath(save)
}

// askForPath shows a dialog for files, as a list with whole names, over most of the window. Such a dialog can be given a
// size only while it is shown (fyne 2.8.0 ends the program otherwise).
func (f *Frame) askForPath(d *dialog.FileDialog) {
	d.SetView(dialog.ListView)
	f.ask(d)
	size := f.win.Canvas().Size()
	d.Resize(fyne.NewSize(min(900, size.Width-40), min(620, size.Height-40)))
}
