// Package tray shows the watcher in the system's tray: an icon for the state, and a menu. Both are made from one value,
// [View]; whoever changes something shows a new value.
package tray

// View is what the tray shows.
type View struct {
	State   string // of icons.Tray
	Tooltip string
	Items   []Item
}

// Item is a line of the menu; without a label it is a separator.
type Item struct {
	ID       string // given back when it is chosen; "" for a line that only tells
	Label    string
	Disabled bool
}

// sameShape reports whether two menus differ in their words only, so that an open menu need not be taken down.
func sameShape(a, b []Item) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].ID != b[i].ID || (a[i].Label == "") != (b[i].Label == "") {
			return false
		}
	}
	return true
}
