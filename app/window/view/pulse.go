package view

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/watcher"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/watch"
)

// askStatus asks the watcher how the services are, and shows it.
func (f *Frame) askStatus() {
	s := new(watcher.Status)
	f.askWatcher(watcher.VerbStatus, nil, s, func(err error) {
		if f.status = s; err != nil {
			f.status = nil // no watcher: nothing is known, and nothing is shown
		}
		f.repulse()
	})
}

// mostPulses is how many services are shown; the tray and "rimbalzo status" have them all.
const mostPulses = 4

// repulse shows how the services are, and does so again when that changes by itself.
func (f *Frame) repulse() {
	if f.pulse == nil {
		return
	}
	f.pulse.RemoveAll()
	defer f.pulse.Refresh()
	if f.status == nil {
		return
	}
	lines, again := session.Pulses(*f.status, time.Now(), f.p.Words, f.p.Zone)
	for i, p := range lines {
		if i == mostPulses {
			f.pulse.Add(kit.Quiet(f.p.Words.N("watcher.more", len(lines)-i)))
			break
		}
		f.pulse.Add(f.pulseLine(p))
	}
	if f.clock != nil {
		f.clock.Stop()
		f.clock = nil
	}
	if !again.IsZero() {
		f.clock = time.AfterFunc(time.Until(again)+time.Second, func() {
			f.later(func() {
				if f.life.Err() == nil {
					f.repulse()
				}
			})
		})
	}
}

// pulseColour is that of a state's dot.
func pulseColour(s watch.State) fyne.ThemeColorName {
	switch s {
	case watch.Up:
		return theme.ColorNameSuccess
	case watch.Down:
		return theme.ColorNameError
	case watch.Unknown, watch.Offline, "":
		return theme.ColorNameDisabled
	}
	return theme.ColorNameWarning
}

func (f *Frame) pulseLine(p session.Pulse) fyne.CanvasObject {
	dot := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(10), kit.NewPlane(pulseColour(p.State), 5)))
	said := widget.NewLabel(p.Text)
	said.Truncation = fyne.TextTruncateEllipsis
	ends := container.NewHBox()
	if p.Next != "" {
		next := widget.NewLabel(p.Next)
		next.SizeName, next.Importance = theme.SizeNameCaptionText, widget.LowImportance
		ends.Add(container.NewCenter(next))
	}
	if p.CanCheck {
		ends.Add(kit.NewPill(p.Check, "", func() { f.checkNow(p.ID) }))
	} else {
		wait := widget.NewLabel(p.Check)
		wait.SizeName, wait.Importance = theme.SizeNameCaptionText, widget.LowImportance
		ends.Add(container.NewCenter(wait))
	}
	return container.NewStack(kit.NewPlane(kit.ColourPanel, 6), container.NewBorder(nil, nil, container.NewHBox(kit.Inset(dot)), ends, said))
}

// checkNow has the watcher look at an account's service, as far as it may already.
func (f *Frame) checkNow(id string) {
	f.askWatcher(watcher.VerbCheck, id, new(watch.Hand), func(error) { f.askStatus() })
}
