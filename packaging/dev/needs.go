package main

import "strings"

// need is something that has to be on the machine, how to see that it is, and what brings it.
type need struct {
	what  string // for a person
	there func(machine) bool
	// packages by package manager; a manager that is not named has none.
	packages map[string][]string
	// capability is what managers of RPM packages may be asked for instead of a name, such as "pkgconfig(gl)".
	capability string
}

// programNeed is one of several programs by any of their names.
func programNeed(what string, packages map[string][]string, names ...string) need {
	there := func(m machine) bool {
		for _, name := range names {
			if m.find(name) != "" {
				return true
			}
		}
		return false
	}
	return need{what: what, there: there, packages: packages}
}

// compilerNeed is a C compiler that makes a program: the probe includes a header of the C library and links.
var compilerNeed = need{
	what: "a C compiler",
	there: func(m machine) bool {
		// CC may hold arguments too; without it, these are what the go command takes.
		cc := strings.Fields(m.env("CC"))
		switch {
		case len(cc) > 0:
		case m.goos == "darwin":
			cc = []string{"clang"}
		default:
			cc = []string{"gcc"}
		}
		args := append(cc[1:], "-x", "c", "-", "-o", nowhere(m.goos))
		return m.works("#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n", cc[0], args...)
	},
	packages: map[string][]string{
		"apt-get": {"gcc", "libc6-dev"}, "dnf": {"gcc", "glibc-devel"}, "zypper": {"gcc", "glibc-devel"},
		"pacman": {"gcc"}, "apk": {"gcc", "musl-dev"}, "brew": {"gcc"},
	},
}

// nowhere is where the compiler's probe is written: the null device.
func nowhere(goos string) string {
	if goos == "windows" {
		return "NUL"
	}
	return "/dev/null"
}

var pkgConfigNeed = programNeed("pkg-config", map[string][]string{
	"apt-get": {"pkg-config"}, "dnf": {"pkgconf-pkg-config"}, "zypper": {"pkgconf-pkg-config"},
	"pacman": {"pkgconf"}, "apk": {"pkgconf"}, "brew": {"pkgconf"},
}, "pkg-config", "pkgconf")

// headerNeed is a C library with its headers, by its pkg-config name.
func headerNeed(module, apt, pacman, apk, brew string) need {
	return need{
		what:       "the headers of " + module,
		there:      func(m machine) bool { return m.works("", "pkg-config", "--exists", module) },
		packages:   map[string][]string{"apt-get": {apt}, "pacman": {pacman}, "apk": {apk}, "brew": {brew}},
		capability: "pkgconfig(" + module + ")",
	}
}

// windowNeeds is what building the window takes on goos. Fyne 2.8 compiles both X11 and Wayland on Linux; on Windows
// and macOS the system's own headers come with the compiler.
func windowNeeds(goos string) []need {
	if goos == "windows" || goos == "darwin" {
		return []need{compilerNeed}
	}
	return []need{
		compilerNeed,
		pkgConfigNeed,
		headerNeed("gl", "libgl-dev", "libglvnd", "mesa-dev", "mesa"),
		headerNeed("egl", "libegl-dev", "libglvnd", "mesa-dev", "mesa"),
		headerNeed("x11", "libx11-dev", "libx11", "libx11-dev", "libx11"),
		headerNeed("xcursor", "libxcursor-dev", "libxcursor", "libxcursor-dev", "libxcursor"),
		headerNeed("xrandr", "libxrandr-dev", "libxrandr", "libxrandr-dev", "libxrandr"),
		headerNeed("xinerama", "libxinerama-dev", "libxinerama", "libxinerama-dev", "libxinerama"),
		headerNeed("xi", "libxi-dev", "libxi", "libxi-dev", "libxi"),
		headerNeed("xxf86vm", "libxxf86vm-dev", "libxxf86vm", "libxxf86vm-dev", "libxxf86vm"),
		headerNeed("wayland-client", "libwayland-dev", "wayland", "wayland-dev", "wayland"),
		headerNeed("xkbcommon", "libxkbcommon-dev", "libxkbcommon", "libxkbcommon-dev", "libxkbcommon"),
	}
}

// displayNeeds is what opening the window on a display in memory takes.
func displayNeeds(goos string) []need {
	return append(
		windowNeeds(goos),
		programNeed("Xvfb", map[string][]string{
			"apt-get": {"xvfb"}, "dnf": {"xorg-x11-server-Xvfb"}, "zypper": {"xorg-x11-server-Xvfb"},
			"pacman": {"xorg-server-xvfb"}, "apk": {"xvfb"},
		}, "Xvfb"),
		programNeed("xwininfo", map[string][]string{
			"apt-get": {"x11-utils"}, "dnf": {"xwininfo"}, "zypper": {"xwininfo"}, "pacman": {"xorg-xwininfo"}, "apk": {"xwininfo"},
		}, "xwininfo"),
	)
}

// chromiumNames are the names that the browser goes by.
var chromiumNames = []string{"chromium", "chromium-browser", "google-chrome"}

// The programs that the suites hold the product against.
var (
	pythonNeed = programNeed("Python 3", map[string][]string{
		"apt-get": {"python3", "tzdata"}, "dnf": {"python3", "tzdata"}, "zypper": {"python3", "timezone"},
		"pacman": {"python", "tzdata"}, "apk": {"python3", "tzdata"}, "brew": {"python3"},
	}, "python3")
	libreofficeNeed = programNeed("LibreOffice", map[string][]string{
		"apt-get": {"libreoffice-calc-nogui"}, "dnf": {"libreoffice-calc"}, "zypper": {"libreoffice-calc"},
		"pacman": {"libreoffice-still"}, "apk": {"libreoffice-calc"}, "brew": {"--cask", "libreoffice"},
	}, "soffice", "libreoffice")
	chromiumNeed = programNeed("Chromium", map[string][]string{
		"apt-get": {"chromium"}, "dnf": {"chromium"}, "zypper": {"chromium"},
		"pacman": {"chromium"}, "apk": {"chromium"}, "brew": {"--cask", "chromium"},
	}, chromiumNames...)
	dovecotNeed = programNeed("Dovecot", map[string][]string{
		"apt-get": {"dovecot-imapd"}, "dnf": {"dovecot"}, "zypper": {"dovecot"},
		"pacman": {"dovecot"}, "apk": {"dovecot"}, "brew": {"dovecot"},
	}, "dovecot")
	mbsyncNeed = programNeed("mbsync", map[string][]string{
		"apt-get": {"isync"}, "dnf": {"isync"}, "zypper": {"isync"}, "pacman": {"isync"}, "apk": {"isync"}, "brew": {"isync"},
	}, "mbsync")
	gnomeKeyringNeed = programNeed("gnome-keyring", map[string][]string{
		"apt-get": {"gnome-keyring"}, "dnf": {"gnome-keyring"}, "zypper": {"gnome-keyring"},
		"pacman": {"gnome-keyring"}, "apk": {"gnome-keyring"},
	}, "gnome-keyring-daemon")
	dbusNeed = programNeed("dbus-daemon", map[string][]string{
		"apt-get": {"dbus-daemon"}, "dnf": {"dbus-daemon"}, "zypper": {"dbus-1-daemon"},
		"pacman": {"dbus"}, "apk": {"dbus"},
	}, "dbus-daemon")
	eximNeed = programNeed("Exim", map[string][]string{
		"apt-get": {"exim4-daemon-light", "dovecot-pop3d"}, "dnf": {"exim"}, "zypper": {"exim"},
		"pacman": {"exim"}, "apk": {"exim"}, "brew": {"exim"},
	}, "exim4", "exim")
	wineNeed = programNeed("wine", map[string][]string{
		"apt-get": {"wine", "wine64"}, "dnf": {"wine"}, "zypper": {"wine"}, "pacman": {"wine"}, "apk": {"wine"},
	}, "wine")
	mingwNeed = programNeed("a C compiler for Windows", map[string][]string{
		"apt-get": {"gcc-mingw-w64-x86-64"}, "dnf": {"mingw64-gcc"}, "zypper": {"mingw64-cross-gcc"},
		"pacman": {"mingw-w64-gcc"}, "apk": {"mingw-w64-gcc"},
	}, "x86_64-w64-mingw32-gcc")
	nsisNeed = programNeed("makensis, which makes Windows' installer", map[string][]string{
		"apt-get": {"nsis"}, "dnf": {"mingw64-nsis"}, "pacman": {"nsis"}, "brew": {"makensis"},
	}, "makensis")
	osslsigncodeNeed = programNeed("osslsigncode", map[string][]string{
		"apt-get": {"osslsigncode"}, "dnf": {"osslsigncode"}, "zypper": {"osslsigncode"}, "pacman": {"osslsigncode"}, "brew": {"osslsigncode"},
	}, "osslsigncode")
	debootstrapNeed = programNeed("debootstrap", map[string][]string{
		"apt-get": {"debootstrap"}, "dnf": {"debootstrap"}, "zypper": {"debootstrap"},
		"pacman": {"debootstrap"}, "apk": {"debootstrap"},
	}, "debootstrap")
	minisignNeed = programNeed("minisign", map[string][]string{
		"apt-get": {"minisign"}, "dnf": {"minisign"}, "zypper": {"minisign"}, "pacman": {"minisign"}, "apk": {"minisign"}, "brew": {"minisign"},
	}, "minisign")
	lintianNeed = programNeed("lintian", map[string][]string{"apt-get": {"lintian"}}, "lintian")
	rpmNeed     = programNeed("rpm", map[string][]string{
		"apt-get": {"rpm"}, "dnf": {"rpm"}, "zypper": {"rpm"}, "pacman": {"rpm-tools"}, "apk": {"rpm"},
	}, "rpm")
)

// debNeeds is what the packages for Linux are proved with.
func debNeeds(goos string) []need {
	return append(windowNeeds(goos), debootstrapNeed, lintianNeed, rpmNeed)
}
