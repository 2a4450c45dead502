package main

import (
	"fmt"
	"os"
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
	name string // of its packages
	exe  string // the program that was built
}

// packLinux makes the packages for Linux: with the window for this machine's processor, without it for those of servers.
func packLinux(w *workshop, r *release) error {
	for _, p := range []linuxProduct{
		{name: r.Slug(), build: build{goos: "linux", goarch: w.host.arch, window: true}},
		{name: r.Slug() + "-cli", build: build{goos: "linux", goarch: "amd64"}},
		{name: r.Slug() + "-cli", build: build{goos: "linux", goarch: "arm64"}},
	} {
		var err error
		if p.exe, err = w.compile(r, p.build, p.name+"-"+p.goarch); err != nil {
			return err
		}
		if err := packProduct(w, r, p); err != nil {
			return fmt.Errorf("packing %s for %s: %w", p.name, p.goarch, err)
		}
	}
	return nil
}

func packProduct(w *workshop, r *release, p linuxProduct) error {
	files, err := linuxTree(w, r, p)
	if err != nil {
		return err
	}
	return tarLinux(r, p, files)
}

// tarLinux makes the archive for systems without .deb and .rpm: to be unpacked over /usr/local or any other folder.
func tarLinux(r *release, p linuxProduct, files tree) error {
	top := fmt.Sprintf("%s-%s-linux-%s", p.name, r.Version, p.goarch)
	packed, err := files.tarball(top, r.at)
	if err != nil {
		return err
	}
	name := top + ".tar.gz"
	if err := os.WriteFile(r.artifact(name), packed, 0o644); err != nil {
		return err
	}
	return r.document(name, p.exe)
}

// linuxTree is everything that a package installs, below its prefix.
func linuxTree(w *workshop, r *release, p linuxProduct) (tree, error) {
	var files tree
	if err := files.addFile("bin/"+r.Slug(), p.exe, 0o755); err != nil {
		return nil, err
	}
	files.sort()
	return files, nil
}
