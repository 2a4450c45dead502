package main

import "path/filepath"

// desktop has the real program on a desktop in memory, and leaves pictures of it in dist/desktop, for CI to keep.
func desktop(w *workshop) error {
	pictures := filepath.Join(w.root, "dist", "desktop")
	return slowTest(w, "TestDesktop", "./app/watcher/real", "RIMBALZO_PICTURES="+pictures)
}

// desktopNeeds is a desktop's parts, the window's, and those of the account that the watcher watches there.
func desktopNeeds(goos string) []need {
	return append(
		displayNeeds(goos),
		dbusNeed, gnomeKeyringNeed, dovecotNeed,
		programNeed("xfce4-panel", map[string][]string{
			"apt-get": {"xfce4-panel"}, "dnf": {"xfce4-panel"}, "zypper": {"xfce4-panel"}, "pacman": {"xfce4-panel"}, "apk": {"xfce4-panel"},
		}, "xfce4-panel"),
		programNeed("dunst", map[string][]string{
			"apt-get": {"dunst"}, "dnf": {"dunst"}, "zypper": {"dunst"}, "pacman": {"dunst"}, "apk": {"dunst"},
		}, "dunst"),
		imageMagickNeed,
	)
}

// imageMagickNeed takes pictures of a display.
var imageMagickNeed = programNeed("ImageMagick", map[string][]string{
	"apt-get": {"imagemagick"}, "dnf": {"ImageMagick"}, "zypper": {"ImageMagick"}, "pacman": {"imagemagick"}, "apk": {"imagemagick"},
}, "import")
