package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// pretend is a machine on which the given programs are there and the given commands end well.
func pretend(goos string, root bool, programs []string, works ...string) machine {
	return machine{
		goos: goos, root: root,
		find: func(p string) string {
			if slices.Contains(programs, p) {
				return "/bin/" + p
			}
			return ""
		},
		works: func(_, program string, args ...string) bool {
			line := strings.Join(append([]string{program}, args...), " ")
			return slices.ContainsFunc(works, func(w string) bool { return strings.HasPrefix(line, w) })
		},
		env: func(string) string { return "" },
	}
}

func TestMissingOfTheWindow(t *testing.T) {
	everything := []string{"gcc -x c", "pkg-config --exists"}
	for name, tc := range map[string]struct {
		host    machine
		missing int
		ask     string // what the first package manager is asked for, in one line
	}{
		"all there": {pretend("linux", true, []string{"apt-get", "pkg-config"}, everything...), 0, ""},
		"bare Debian": {
			pretend("linux", true, []string{"apt-get"}), 12,
			"gcc libc6-dev pkg-config libgl-dev libegl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev libwayland-dev libxkbcommon-dev",
		},
		"a compiler without the C library's headers": {
			pretend("linux", true, []string{"apt-get", "gcc", "pkg-config"}, "pkg-config --exists"), 1, "gcc libc6-dev",
		},
		"Fedora without Wayland's headers": {
			pretend("linux", true, []string{"dnf", "pkg-config"}, "gcc -x c", "pkg-config --exists x", "pkg-config --exists gl", "pkg-config --exists egl"), 1,
			"pkgconfig(wayland-client)",
		},
		"Arch without GL, one package for both": {
			pretend("linux", true, []string{"pacman", "pkg-config"}, "gcc -x c", "pkg-config --exists x", "pkg-config --exists wayland"), 2, "libglvnd",
		},
		"Windows without gcc": {pretend("windows", false, nil), 1, ""},
		"macOS with clang":    {pretend("darwin", false, []string{"brew"}, "clang -x c"), 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			missing := tc.host.missing(windowNeeds(tc.host.goos))
			if len(missing) != tc.missing {
				t.Errorf("%d needs are missing, want %d: %v", len(missing), tc.missing, missing)
			}
			pm, _ := tc.host.manager()
			if got := strings.Join(pm.packages(missing), " "); got != tc.ask {
				t.Errorf("asked for\n  %s\nwant\n  %s", got, tc.ask)
			}
		})
	}
}

// TestWhatToType: where nothing can be installed, the person is told what to type.
func TestWhatToType(t *testing.T) {
	for name, tc := range map[string]struct {
		host machine
		want string
	}{
		"no sudo": {
			pretend("linux", false, []string{"apt-get", "pkg-config"}, "pkg-config --exists"),
			"sudo apt-get install -y -q --no-install-recommends gcc libc6-dev",
		},
		"quotes for the shell": {
			pretend("linux", false, []string{"dnf", "pkg-config"}, "gcc -x c", "pkg-config --exists w", "pkg-config --exists x", "pkg-config --exists e"),
			"sudo dnf install -y 'pkgconfig(gl)'",
		},
		"Arch, with a full upgrade": {
			pretend("linux", false, []string{"pacman"}, "gcc -x c", "pkg-config --exists"),
			"sudo pacman -Syu --needed pkgconf",
		},
		"Windows":                 {pretend("windows", false, nil), "winget install"},
		"macOS":                   {pretend("darwin", false, nil), "xcode-select --install"},
		"a system nobody foresaw": {pretend("plan9", false, nil), "no package manager that I know"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			w := &workshop{root: t.TempDir(), out: &out, err: &out, host: tc.host}
			err := w.ensure(windowNeeds(tc.host.goos))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("said %v, want %q in it", err, tc.want)
			}
		})
	}
}

// TestNothingIsInstalledWhereAllIsThere: no package manager is even looked for.
func TestNothingIsInstalledWhereAllIsThere(t *testing.T) {
	var out bytes.Buffer
	host := pretend("linux", false, []string{"pkg-config"}, "gcc -x c", "pkg-config --exists")
	w := &workshop{root: t.TempDir(), out: &out, err: &out, host: host}
	if err := w.ensure(windowNeeds("linux")); err != nil || out.Len() > 0 {
		t.Errorf("error %v, said %q; want neither", err, out.String())
	}
}
