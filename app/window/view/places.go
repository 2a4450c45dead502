package view

import "rimbalzo/app/window/kit"

// The ids of the places in the rail; each one's word is "window.place." + id, its drawing has its id for a name.
const (
	atChecklist = "checklist"
	atAccounts  = "accounts"
)

// place is where the rail leads.
type place struct {
	id    string
	digit string // the key that, with the system's key for commands, leads there too
	below bool   // it stands at the rail's lower end
	open  func()
}

// places are those of the rail, in its order.
func (f *Frame) places() []place {
	return []place{
		{id: atChecklist, digit: "2", open: f.back},
		{id: atAccounts, digit: "5", open: f.openAccounts},
	}
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
		entry := kit.NewPlace(p.id, f.p.Words.T("window.place."+p.id), p.id, kit.Chord(p.digit), func() { f.visit(p.id) })
		if p.below {
			below = append(below, entry)
		} else {
			above = append(above, entry)
		}
	}
	return kit.NewRail(above, below)
}
