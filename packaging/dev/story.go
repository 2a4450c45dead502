package main

import "path/filepath"

// story has a person go through the real program from its first start to a notice, and leaves pictures of every step in
// dist/story, in order, for CI to keep and for somebody to look at. It measures the first frame with much mail as well.
func story(w *workshop) error {
	pictures := filepath.Join(w.root, "dist", "story")
	return slowTest(w, "TestStory|TestFirstFrame", "./app/watcher/real", "RIMBALZO_PICTURES="+pictures)
}

// storyNeeds is a desktop with a window manager, the hand on the keys, and both mail servers.
func storyNeeds(goos string) []need {
	return append(
		desktopNeeds(goos), eximNeed,
		programNeed("openbox", map[string][]string{
			"apt-get": {"openbox"}, "dnf": {"openbox"}, "zypper": {"openbox"}, "pacman": {"openbox"}, "apk": {"openbox"},
		}, "openbox"),
		programNeed("xdotool", map[string][]string{
			"apt-get": {"xdotool"}, "dnf": {"xdotool"}, "zypper": {"xdotool"}, "pacman": {"xdotool"}, "apk": {"xdotool"},
		}, "xdotool"),
	)
}
