package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// linuxNeeds is what packages for Linux are made with.
func linuxNeeds(goos string) []need { return windowNeeds(goos) }

func onlyOnLinux(w *workshop) string {
	if w.host.goos != "linux" {
		return "the window takes the headers of a Linux to be built"
	}
	return ""
}

// linuxProduct is one of what is installed on Linux: the program with its window, or without, for servers.
type linuxProduct struct {
	build
	name  string // of its packages
	exe   string // the program that was built
	talks string // the same program for this machine, which prints its manual page and its completions
}

// linuxProducts are made on a machine with the processor goarch: the window for it, since cgo takes the system's headers, and
// the program for servers for those that servers have.
func linuxProducts(slug, goarch string) []linuxProduct {
	return []linuxProduct{
		{name: slug, build: build{goos: "linux", goarch: goarch, window: true}},
		{name: slug + "-cli", build: build{goos: "linux", goarch: "amd64"}},
		{name: slug + "-cli", build: build{goos: "linux", goarch: "arm64"}},
	}
}

// packLinux makes the packages for Linux.
func packLinux(w *workshop, r *release) error {
	talks, err := w.compile(r, build{goos: "linux", goarch: w.host.arch}, r.Slug()+"-here")
	if err != nil {
		return err
	}
	for _, p := range linuxProducts(r.Slug(), w.host.arch) {
		p.talks = talks
		if p.exe, err = w.compile(r, p.build, p.name+"-"+p.goarch); err != nil {
			return err
		}
		if err := p.pack(w, r); err != nil {
			return fmt.Errorf("packing %s for %s: %w", p.name, p.goarch, err)
		}
	}
	return flatpak(w, r)
}

func (p linuxProduct) pack(w *workshop, r *release) error {
	files, err := linuxTree(w, r, p)
	if err != nil {
		return err
	}
	from := filepath.Join(r.work, p.name+"-"+p.goarch+"-files")
	if err := files.lay(from); err != nil {
		return err
	}
	for _, kind := range []string{"deb", "rpm"} {
		if err := p.nfpm(w, r, kind, from, files); err != nil {
			return fmt.Errorf("making the .%s: %w", kind, err)
		}
	}
	return p.tarball(r, files)
}

// tarball makes the archive for systems without .deb and .rpm: to be unpacked over /usr/local or any other folder.
func (p linuxProduct) tarball(r *release, files tree) error {
	top := fmt.Sprintf("%s-%s-linux-%s", p.name, r.Version, p.goarch)
	packed, err := files.tarball(top, r.at)
	if err != nil {
		return err
	}
	name := top + ".tar.gz"
	if err := os.WriteFile(r.artifact(name), packed, 0o644); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return r.document(name, p.exe)
}
