package main

import (
	"debug/elf"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// library is a shared library that the window's toolkit uses on Linux. Most are looked for when it starts and not when it is
// linked, so that no tool finds them out: GLFW's sources say which (TestLibrariesOfTheToolkit reads them).
type library struct {
	soname string
	deb    string // its package in Debian and Ubuntu; RPM packages are asked for by the soname
	use    use
}

type use int

const (
	required use = iota
	wanted       // the window works without it, less well
	linked       // required where the program is linked with it, which depends on the processor
	unused       // GLFW can load it for others; the toolkit never asks for it
)

var libraries = []library{
	{"libX11.so.6", "libx11-6", required},
	{"libX11-xcb.so.1", "libx11-xcb1", required},
	{"libXcursor.so.1", "libxcursor1", required},
	{"libXext.so.6", "libxext6", required},
	{"libXi.so.6", "libxi6", required},
	{"libXinerama.so.1", "libxinerama1", required},
	{"libXrandr.so.2", "libxrandr2", required},
	{"libXrender.so.1", "libxrender1", required},
	{"libXxf86vm.so.1", "libxxf86vm1", required},
	{"libGL.so.1", "libgl1", required},
	{"libGLX.so.0", "libglx0", required},
	{"libEGL.so.1", "libegl1", required},
	{"libwayland-client.so.0", "libwayland-client0", required},
	{"libwayland-cursor.so.0", "libwayland-cursor0", required},
	{"libwayland-egl.so.1", "libwayland-egl1", required},
	{"libxkbcommon.so.0", "libxkbcommon0", required},
	{"libdecor-0.so.0", "libdecor-0-0", wanted}, // the title bar where Wayland draws none, as under GNOME
	{"libGLESv2.so.2", "libgles2", linked},
	{"libGLESv1_CM.so.1", "libgles1", unused},
	{"libGLES_CM.so.1", "libgles1", unused},
	{"libOpenGL.so.0", "libopengl0", unused}, // GLFW takes libGL as well
	{"libvulkan.so.1", "libvulkan1", unused},
}

// cLibraries are those that come with the C library's package.
var cLibraries = []string{"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2"}

// depends is what a program needs of the system, in the words of Debian and of RPM.
type depends struct{ deb, rpm, debWanted, rpmWanted []string }

// librariesOf gives what the program at exe needs. One that is linked with a library that is not in the table is an error: its
// package would not install what it needs. A program without shared libraries needs none.
func librariesOf(exe string) (depends, error) {
	f, err := elf.Open(exe)
	if err != nil {
		return depends{}, fmt.Errorf("reading which libraries a program takes: %w", err)
	}
	defer f.Close()
	sonames, err := f.ImportedLibraries()
	if err != nil {
		return depends{}, fmt.Errorf("reading which libraries a program takes: %w", err)
	}
	if len(sonames) == 0 {
		return depends{}, nil
	}
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return depends{}, fmt.Errorf("reading which version of the C library a program takes: %w", err)
	}
	return dependsOn(sonames, newestGlibc(symbols))
}

func dependsOn(sonames []string, glibc string) (depends, error) {
	d := depends{deb: []string{"libc6 (>= " + glibc + ")"}, rpm: []string{"libc.so.6(GLIBC_" + glibc + ")(64bit)"}}
	for _, l := range libraries {
		capability := l.soname + "()(64bit)"
		switch is := slices.Contains(sonames, l.soname); {
		case l.use == required, is:
			d.deb, d.rpm = append(d.deb, l.deb), append(d.rpm, capability)
		case l.use == wanted:
			d.debWanted, d.rpmWanted = append(d.debWanted, l.deb), append(d.rpmWanted, capability)
		}
	}
	var unknown []error
	for _, s := range sonames {
		if !slices.Contains(cLibraries, s) && !slices.ContainsFunc(libraries, func(l library) bool { return l.soname == s }) && !strings.HasPrefix(s, "ld-linux") {
			unknown = append(unknown, fmt.Errorf("it is linked with %s, whose package is not known", s))
		}
	}
	return d, errors.Join(unknown...)
}

// newestGlibc gives the newest version of glibc that a program's symbols ask for, such as "2.34".
func newestGlibc(symbols []elf.Symbol) string {
	newest := "2.17" // Go itself needs this one's kernel
	for _, s := range symbols {
		version, ok := strings.CutPrefix(s.Version, "GLIBC_")
		if ok && slices.Compare(numbers(version), numbers(newest)) > 0 {
			newest = version
		}
	}
	return newest
}

func numbers(version string) []int {
	var list []int
	for _, part := range strings.Split(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil // GLIBC_PRIVATE and such
		}
		list = append(list, n)
	}
	return list
}
