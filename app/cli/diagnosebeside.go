package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"rimbalzo/app/watcher/autostart"
	"rimbalzo/app/watcher/logfile"
	"rimbalzo/app/watcher/tray"
	"rimbalzo/internal/account"
	"rimbalzo/internal/store"
)

// besidePatience is how long what is around the program may take to answer.
const besidePatience = 10 * time.Second

// telling are variables that decide how a desktop treats the program; none of them names the person.
var telling = []string{
	"XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "DESKTOP_SESSION", "DISPLAY", "WAYLAND_DISPLAY", "LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "TZ",
	"LIBGL_ALWAYS_SOFTWARE", "FYNE_SCALE", "FYNE_THEME", "SSH_CONNECTION", "container",
}

// besideText says what is around the program: keyring, tray, desktop, start at login.
func (a *app) besideText(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, besidePatience)
	defer cancel()
	var b strings.Builder
	fmt.Fprintf(&b, "keyring: %s\n", a.vaultState(ctx))
	fmt.Fprintf(&b, "tray: %t, in this program: %t\n", tray.Hosted(ctx), tray.Built)
	fmt.Fprintf(&b, "display: %t\n", a.env.HasDisplay != nil && a.env.HasDisplay())
	on, err := autostart.Enabled(a.atLogin())
	fmt.Fprintf(&b, "start at login: %t", on)
	if err != nil {
		fmt.Fprintf(&b, " (%s)", logfile.Redact(err.Error()))
	}
	fmt.Fprintf(&b, "\nsession bus: %t\n", a.env.Getenv("DBUS_SESSION_BUS_ADDRESS") != "")
	if _, err := os.Stat("/.flatpak-info"); err == nil {
		b.WriteString("inside Flatpak\n")
	}
	for _, name := range telling {
		switch value := a.env.Getenv(name); {
		case value == "":
		case name == "SSH_CONNECTION":
			b.WriteString(name + ": set\n") // its value is whence the person works
		default:
			fmt.Fprintf(&b, "%s: %s\n", name, logfile.Redact(clean(value)))
		}
	}
	fmt.Fprintf(&b, "zone of the dates: %s\n", a.zone)
	return b.String()
}

// vaultState looks at the keyring without making it ask for anything.
func (a *app) vaultState(ctx context.Context) account.State { return a.openVault(false).State(ctx) }

// storeText says how much is kept, in which form, and whether it is sound.
func storeText(ctx context.Context, dir string) string {
	ctx, cancel := context.WithTimeout(ctx, besidePatience)
	defer cancel()
	var b strings.Builder
	for _, m := range store.Measures(ctx, dir) {
		fmt.Fprintf(&b, "%s: form %d of %d, %d free pages\n", m.File, m.Form, m.Known, m.FreePages)
		for _, r := range m.Rows {
			fmt.Fprintf(&b, "  %s %d", r.Table, r.N)
		}
		b.WriteString("\n")
		if m.Unsound != "" {
			fmt.Fprintf(&b, "  unsound: %s\n", logfile.Redact(clean(m.Unsound)))
		}
	}
	if b.Len() == 0 {
		b.WriteString("nothing is kept\n")
	}
	return b.String()
}
