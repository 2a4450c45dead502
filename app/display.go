package main

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"rimbalzo/app/window"
)

// hasDisplay reports whether a window could be shown: the window was built, and somebody answers where the environment
// says that the display is. A dead display would end the toolkit in a panic.
func hasDisplay() bool {
	switch {
	case !window.Built:
		return false
	case runtime.GOOS == "windows" || runtime.GOOS == "darwin":
		return true
	}
	return waylandAnswers(os.Getenv("WAYLAND_DISPLAY"), os.Getenv("XDG_RUNTIME_DIR")) || x11Answers(os.Getenv("DISPLAY"))
}

// patience is how long a display may take to answer; one on this computer takes no time at all.
const patience = 2 * time.Second

func answers(network, address string) bool {
	conn, err := net.DialTimeout(network, address, patience)
	if err != nil {
		return false
	}
	_ = conn.Close() // nothing was said
	return true
}

// waylandAnswers looks at the compositor's socket (wl_display_connect(3)): a path, or a name in the runtime folder.
func waylandAnswers(display, runtimeDir string) bool {
	if display == "" || (runtimeDir == "" && !filepath.IsAbs(display)) {
		return false
	}
	if !filepath.IsAbs(display) {
		display = filepath.Join(runtimeDir, display)
	}
	return answers("unix", display)
}

// x11Answers looks at the X server: HOST:NUMBER.SCREEN, without a host a socket on this computer, by path or in the abstract
// namespace (X(7), "Display names").
func x11Answers(display string) bool {
	colon := strings.LastIndexByte(display, ':')
	if colon < 0 {
		return false
	}
	host, number := display[:colon], display[colon+1:]
	number, _, _ = strings.Cut(number, ".")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 59535 {
		return false
	}
	switch {
	case host == "" || host == "unix":
		socket := "/tmp/.X11-unix/X" + number
		return answers("unix", socket) || answers("unix", "@"+socket)
	case strings.HasPrefix(host, "/"):
		// XQuartz names its socket by a path.
		return answers("unix", display)
	}
	return answers("tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)))
}
