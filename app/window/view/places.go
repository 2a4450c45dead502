package view

import (
	"fyne.io/fyne/v2"

	"rimbalzo/app/window/board"
	"rimbalzo/app/window/help"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/logs"
	"rimbalzo/app/window/missing"
	"rimbalzo/app/window/outages"
	pages "rimbalzo/app/window/settings"
)

// The ids of the places in the rail; each one's word is "window.place." + id, its drawing has its id for a name.
const (
	atNow       = "now"
	atChecklist = "checklist"
	atOutage    = "outage"
	atMissing   = "missing"
	atAccounts  = "accounts"
	atSettings  = "settings"
	atContacts  = "connections"
	atLog       = "log"
	atHelp      = "help"
	atAbout     = "about"
)

// place is where the rail leads.
type place struct {
	id    string
	digit string       // the key that, with the system's key for commands, leads there too
	key   fyne.KeyName // a key that leads there alone, except out of a field for typing
	below bool         // it stands at the rail's lower end
	open  func()
}

// keys are a place's keys as they are shown.
func (p place) keys() string {
	if p.key != "" {
		return string(p.key)
	}
	return kit.Chord(p.digit)
}

// allKeys are all of a place's keys, for the list of them.
func (p place) allKeys() string {
	if p.key != "" {
		return p.keys() + ", " + kit.Chord(p.digit)
	}
	return p.keys()
}

// left is what was chosen on pages that are built anew whenever they come into view.
type left struct {
	missing missing.State
	step    int // of the first start
	board   board.State
	outage  outages.State
	help    help.State
	choices pages.State
	log     logs.State
}

// places are those of the rail, in its order.
func (f *Frame) places() []place {
	list := []place{
		{id: atNow, digit: "1", open: func() { f.show(atNow, f.nowPage) }},
		{id: atChecklist, digit: "2", open: func() { f.reported(atChecklist, f.boardPage) }},
		{id: atOutage, digit: "3", open: func() { f.show(atOutage, f.outagePage) }},
	}
	if f.p.Missing != nil {
		list = append(list, place{id: atMissing, digit: "4", open: func() { f.reported(atMissing, f.missingPage) }})
	}
	if f.p.Desk != nil {
		list = append(list, place{id: atAccounts, digit: "5", open: f.openAccounts})
	}
	if f.p.SaveSettings != nil {
		list = append(list, place{id: atSettings, digit: "6", below: true, open: func() { f.show(atSettings, f.settingsPage) }})
	}
	if f.p.Contacts != nil {
		list = append(list, place{id: atContacts, digit: "7", below: true, open: func() { f.show(atContacts, f.connectionsPage) }})
	}
	if f.p.Log != nil {
		list = append(list, place{id: atLog, digit: "8", below: true, open: func() { f.show(atLog, f.logPage) }})
	}
	return append(list,
		place{id: atHelp, digit: "0", key: fyne.KeyF1, below: true, open: f.openHelp},
		place{id: atAbout, digit: "9", below: true, open: func() { f.show(atAbout, f.aboutPage) }},
	)
}

// visit goes to a place.
func (f *Frame) visit(id string) {
	for _, p := range f.places() {
		if p.id == id {
			p.open()
		}
	}
}

// newRail builds the navigation in the language of the day.
func (f *Frame) newRail() *kit.Rail {
	var above, below []*kit.Place
	for _, p := range f.places() {
		entry := kit.NewPlace(p.id, f.p.Words.T("window.place."+p.id), p.id, p.keys(), func() { f.visit(p.id) })
		if p.below {
			below = append(below, entry)
		} else {
			above = append(above, entry)
		}
	}
	return kit.NewRail(above, below)
}
