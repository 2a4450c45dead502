package tray

import (
	"context"
	"runtime"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names on the bus (https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/).
const (
	hostName = "org.kde.StatusNotifierWatcher"
	hostPath = "/StatusNotifierWatcher"
)

// patience is how long a session bus may take to answer.
const patience = 3 * time.Second

// Hosted reports whether somebody here shows icons in a tray. On Linux stock GNOME does not; Windows and macOS always do.
func Hosted(ctx context.Context) bool {
	if !Built {
		return false
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	var there bool
	return ask(ctx, hostName, hostPath, "org.freedesktop.DBus.Properties.Get", &there, hostName, "IsStatusNotifierHostRegistered") && there
}

// busAnswers reports whether there is a session bus that answers: the tray's library waits for ever for one that is mute.
func busAnswers(ctx context.Context) bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	var id string
	return ask(ctx, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.GetId", &id)
}

func ask(ctx context.Context, name string, path dbus.ObjectPath, method string, answer any, args ...any) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel() // closes the connection too
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return false
	}
	return conn.Object(name, path).CallWithContext(ctx, method, dbus.FlagNoAutoStart, args...).Store(answer) == nil
}
