package view

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"rimbalzo/app/window/session"
)

// mostDropped is how many files are taken at once; whoever has more of them drops their folder.
const mostDropped = 200

// dropped reads files that somebody dropped onto the window: mail as evidence, a list of ours as it was. It says so of what it
// cannot read.
func (f *Frame) dropped(what []fyne.URI) {
	if len(what) == 0 || f.win.Canvas().Overlays().Top() != nil {
		return
	}
	var paths []string
	for _, u := range what[:min(len(what), mostDropped)] {
		if u.Scheme() != "file" {
			continue
		}
		if strings.EqualFold(filepath.Ext(u.Path()), ".msg") {
			f.tell("window.dropped", f.p.Words.T("window.dropped.msg"))
			return
		}
		paths = append(paths, filepath.FromSlash(u.Path()))
	}
	switch {
	case len(paths) == 0:
		f.tell("window.dropped", f.p.Words.T("window.dropped.nothing"))
	case len(what) > mostDropped:
		f.tell("window.dropped", f.p.Words.N("window.dropped.many", mostDropped))
	default:
		f.readDropped(paths)
	}
}

func (f *Frame) readDropped(paths []string) {
	f.errands.Go(func(*session.Errand) func() {
		req, err := session.Dropped(paths, f.p.Base)
		return func() {
			if err != nil {
				f.tell("window.dropped", f.refused(err))
				return
			}
			f.other()
			f.begin(req)
		}
	})
}
