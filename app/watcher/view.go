package watcher

import (
	"slices"
	"strings"
	"time"

	"rimbalzo/app/watcher/tray"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

// mostLines is how many accounts the menu names.
const mostLines = 6

// drawing is the icon of each state.
var drawing = map[watch.State]string{
	watch.Up: "up", watch.Degraded: "trouble", watch.Suspect: "trouble", watch.Flapping: "trouble", watch.Recovering: "trouble", watch.Down: "down",
}

// view is what the tray shows of a status at a moment. It is made anew from the status alone.
func view(s watch.Status, now time.Time, w *words.Words, zone *time.Location) tray.View {
	v := tray.View{State: "unknown", Tooltip: "Rimbalzo: " + StateWords(s.State, w)}
	if icon, ok := drawing[s.State]; ok {
		v.State = icon
	}
	if s.Paused {
		v.State, v.Tooltip = "paused", "Rimbalzo: "+w.T("watcher.paused")
		v.Items = append(v.Items, tray.Item{Label: w.T("watcher.paused")})
	}
	for i, a := range s.Accounts {
		if i == mostLines {
			v.Items = append(v.Items, tray.Item{Label: w.N("watcher.more", len(s.Accounts)-i)})
			break
		}
		v.Items = append(v.Items, tray.Item{Label: AccountWords(a, w, zone)})
	}
	if len(s.Accounts) == 0 {
		v.Items = append(v.Items, tray.Item{Label: w.T("watcher.no-accounts")})
	}
	pause := "watcher.pause"
	if s.Paused {
		pause = "watcher.go-on"
	}
	v.Items = append(v.Items,
		tray.Item{}, tray.Item{ID: "open", Label: w.T("watcher.open-window")}, checkItem(s, now, w, zone),
		tray.Item{ID: "pause", Label: w.T(pause)}, tray.Item{}, tray.Item{ID: "quit", Label: w.T("watcher.quit")},
	)
	return v
}

// StateWords names a state, "not checked yet" where there is none.
func StateWords(s watch.State, w *words.Words) string {
	if s == "" {
		s = watch.Unknown
	}
	return w.T("watcher.state." + string(s))
}

// AccountWords tells how an account is, on one line.
func AccountWords(a watch.AccountStatus, w *words.Words, zone *time.Location) string {
	name := a.ID
	if !strings.Contains(name, a.Name) {
		name += " (" + a.Name + ")"
	}
	if a.Since.IsZero() || a.State == watch.Up || a.State == watch.Unknown {
		return w.T("watcher.account", "Name", name, "State", StateWords(a.State, w))
	}
	return w.T("watcher.account-since", "Name", name, "State", StateWords(a.State, w), "Clock", w.Clock(a.Since.In(zone)), "Day", w.Day(a.Since.In(zone)))
}

// checkItem is "check now", with the time from which it is possible where that is later.
func checkItem(s watch.Status, now time.Time, w *words.Words, zone *time.Location) tray.Item {
	item := tray.Item{ID: "check", Label: w.T("watcher.check"), Disabled: s.Paused || len(s.Accounts) == 0}
	var next time.Time
	for _, a := range s.Accounts {
		if next.IsZero() || a.Hand.Before(next) {
			next = a.Hand
		}
	}
	if next.After(now) {
		item.Disabled = true
		item.Label = w.T("watcher.check-from", "At", w.Clock(next.In(zone)))
	}
	return item
}

func same(a, b tray.View) bool {
	return a.State == b.State && a.Tooltip == b.Tooltip && slices.Equal(a.Items, b.Items)
}
