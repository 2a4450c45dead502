//go:build linux

package real

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names on the bus (https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/).
const (
	trayWatcher = "org.kde.StatusNotifierWatcher"
	trayItem    = "org.kde.StatusNotifierItem"
	trayMenu    = "com.canonical.dbusmenu"
)

func (s *session) property(name string) any {
	v, err := s.conn.Object(trayWatcher, "/StatusNotifierWatcher").GetProperty(trayWatcher + "." + name)
	if err != nil {
		return nil
	}
	return v.Value()
}

func (s *session) hosted() bool {
	there, _ := s.property("IsStatusNotifierHostRegistered").(bool)
	return there
}

// items are the icons in the tray, each "NAME/PATH".
func (s *session) items() []string {
	list, _ := s.property("RegisteredStatusNotifierItems").([]string)
	return list
}

// item is the bus name and the path of the only icon.
func (s *session) item(t *testing.T) (name string, path dbus.ObjectPath) {
	t.Helper()
	until(t, "an icon in the tray", 15*time.Second, func() bool { return len(s.items()) == 1 })
	name, rest, _ := strings.Cut(s.items()[0], "/")
	return name, dbus.ObjectPath("/" + rest)
}

// entry is one line of the menu as a panel shows it.
type entry struct {
	id      int32
	label   string
	enabled bool
}

func (s *session) menu(t *testing.T) (list []entry) {
	t.Helper()
	name, path := s.item(t)
	v, err := s.conn.Object(name, path).GetProperty(trayItem + ".Menu")
	if err != nil {
		t.Fatal(err)
	}
	menu, _ := v.Value().(dbus.ObjectPath)
	var revision uint32
	var root struct {
		ID       int32
		Props    map[string]dbus.Variant
		Children []dbus.Variant
	}
	if err := s.conn.Object(name, menu).Call(trayMenu+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		t.Fatal(err)
	}
	for _, c := range root.Children {
		fields, _ := c.Value().([]any)
		if len(fields) != 3 {
			t.Fatalf("a strange item: %v", c)
		}
		id, _ := fields[0].(int32)
		props, _ := fields[1].(map[string]dbus.Variant)
		label, _ := props["label"].Value().(string)
		enabled, said := props["enabled"].Value().(bool)
		list = append(list, entry{id, label, enabled || !said})
	}
	return list
}

// labels are the lines of the menu; those that cannot be chosen in brackets.
func (s *session) labels(t *testing.T) (list []string) {
	t.Helper()
	for _, e := range s.menu(t) {
		switch {
		case e.label == "":
			list = append(list, "-")
		case e.enabled:
			list = append(list, e.label)
		default:
			list = append(list, "("+e.label+")")
		}
	}
	return list
}

// click chooses a line of the menu by its label, as soon as that can be chosen.
func (s *session) click(t *testing.T, label string, patience time.Duration) {
	t.Helper()
	var id int32
	until(t, "possible to choose "+label, patience, func() bool {
		menu := s.menu(t)
		i := slices.IndexFunc(menu, func(e entry) bool { return e.label == label && e.enabled })
		if i >= 0 {
			id = menu[i].id
		}
		return i >= 0
	})
	name, path := s.item(t)
	v, err := s.conn.Object(name, path).GetProperty(trayItem + ".Menu")
	if err != nil {
		t.Fatal(err)
	}
	menu, _ := v.Value().(dbus.ObjectPath)
	if call := s.conn.Object(name, menu).Call(trayMenu+".Event", 0, id, "clicked", dbus.MakeVariant(int32(0)), uint32(0)); call.Err != nil {
		t.Fatal(call.Err)
	}
}
