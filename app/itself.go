package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// watcherApp is the nested application of the macOS bundle, from the bundle's folder: the same program under an id of its own
// that the Dock does not show (LSUIElement).
const watcherApp = "Contents/Library/LoginItems/Rimbalzo Watcher.app/Contents/MacOS/rimbalzo"

// itself is the program to start for args, which may be another file than the one that runs: see [counterpart].
func itself(args ...string) (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program: %w", err)
	}
	there := func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.Mode().IsRegular()
	}
	return counterpart(exe, runtime.GOOS, slices.Contains(args, "watch"), there), nil
}

// counterpart gives the file to start where exe runs: on Windows the program without a console in place of the one with it
// (rimbalzo.exe beside rimbalzo.com, which is what a typed "rimbalzo" finds); on macOS the nested application for the
// watcher, and the bundle's own program for everything else. Where that file is not there, it is exe.
func counterpart(exe, goos string, watcher bool, there func(string) bool) string {
	other := exe
	switch goos {
	case "windows":
		if ending := filepath.Ext(exe); strings.EqualFold(ending, ".com") {
			other = strings.TrimSuffix(exe, ending) + ".exe"
		}
	case "darwin":
		bundle, _, ok := strings.Cut(exe, "/Contents/")
		switch {
		case !ok || !strings.HasSuffix(bundle, ".app"):
		case watcher:
			other = bundle + "/" + watcherApp
		default:
			other = bundle + "/Contents/MacOS/rimbalzo"
		}
	}
	if other != exe && there(other) {
		return other
	}
	return exe
}
