package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// place is where the program is put: below prefix, which itself lies below destdir while a package is made of it.
type place struct {
	prefix, destdir string
	cli             bool // without the window
}

func (p place) dir() string { return filepath.Join(p.destdir, p.prefix) }

// installed is the list of what "install" put below the prefix, for "uninstall".
const installedList = "share/rimbalzo/installed.txt"

func parsePlace(w *workshop, command string, args []string) (place, error) {
	var p place
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(w.err)
	flags.StringVar(&p.prefix, "prefix", "", "the `FOLDER` that holds bin and share, such as /usr/local")
	flags.StringVar(&p.destdir, "destdir", "", "put everything below this `FOLDER`, as who makes a package wants")
	flags.BoolVar(&p.cli, "cli", false, "without the window")
	if err := flags.Parse(args); err != nil {
		return p, err
	}
	if flags.NArg() > 0 || !filepath.IsAbs(p.prefix) {
		return p, fmt.Errorf("%s --prefix FOLDER [--destdir FOLDER]: the prefix is a whole path, such as /usr/local", command)
	}
	return p, nil
}

// installHere is the command "install": it builds the program and puts it, with all that belongs to it, below a prefix.
func installHere(w *workshop, args []string) error {
	to, err := parsePlace(w, "install", args)
	if err != nil {
		return err
	}
	if w.host.goos != "linux" {
		return errors.New("install is for Linux; see the table in packaging/PACKAGING.md for other systems")
	}
	r, err := newRelease(w)
	if err != nil {
		return err
	}
	defer os.RemoveAll(r.work)
	p := linuxProduct{name: r.Slug(), build: build{goos: "linux", goarch: w.host.arch, window: !to.cli}}
	if p.window {
		if err := w.ensure(windowNeeds("linux")); err != nil {
			return err
		}
	}
	if p.exe, err = w.compile(r, p.build, r.Slug()); err != nil {
		return err
	}
	p.talks = p.exe
	files, err := linuxTree(w, r, p)
	if err != nil {
		return err
	}
	return files.install(w, to)
}

// install lays the tree and the list of it, and takes away what an earlier version put there and this one does not.
func (t tree) install(w *workshop, to place) error {
	dir, names := to.dir(), []string{installedList}
	for _, e := range t {
		names = append(names, e.path)
	}
	slices.Sort(names)
	before, err := readInstalled(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	t = append(t, entry{installedList, []byte(strings.Join(names, "\n") + "\n"), 0o644})
	if err := t.lay(dir); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%d files below %s\n", len(t), dir)
	return removeInstalled(dir, slices.DeleteFunc(before, func(name string) bool { return slices.Contains(names, name) }))
}

// uninstall is the command that takes away what "install" put below a prefix, and nothing else.
func uninstall(w *workshop, args []string) error {
	from, err := parsePlace(w, "uninstall", args)
	if err != nil {
		return err
	}
	names, err := readInstalled(from.dir())
	if err != nil {
		return err
	}
	if err := removeInstalled(from.dir(), names); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%d files are gone from %s. What the program keeps of you is where it was: ~/.config/rimbalzo\n", len(names), from.dir())
	return nil
}

// mostInstalled bounds the list of files, in bytes.
const mostInstalled = 1 << 20

// readInstalled reads the list. A name that leads out of the prefix is an error: the list may have been written by anybody.
func readInstalled(dir string) ([]string, error) {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(installedList)))
	if err != nil {
		return nil, fmt.Errorf("reading what is installed below %s: %w", dir, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostInstalled))
	if err != nil {
		return nil, fmt.Errorf("reading what is installed below %s: %w", dir, err)
	}
	names := strings.Fields(string(text))
	for _, name := range names {
		if !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name || name == "." {
			return nil, fmt.Errorf("the list of what is installed below %s names %q, which is not below it", dir, name)
		}
	}
	return names, nil
}

// removeInstalled removes files, and the folders that they leave empty.
func removeInstalled(dir string, names []string) error {
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing %s: %w", name, err)
		}
		for above := path.Dir(name); above != "."; above = path.Dir(above) {
			if os.Remove(filepath.Join(dir, filepath.FromSlash(above))) != nil {
				break // others have something in it
			}
		}
	}
	return nil
}
