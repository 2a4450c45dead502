package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// filesBelow lists the files below a folder, in slashes, sorted.
func filesBelow(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestInstallAndUninstall: a newer version takes the place of an older one, files of others stay, and nothing is left.
func TestInstallAndUninstall(t *testing.T) {
	w, dest := project(t), t.TempDir()
	to := place{prefix: "/opt/mine", destdir: dest}
	write(t, dest, "opt/mine/bin/other", "")
	older := tree{{"bin/rimbalzo", []byte("1"), 0o755}, {"share/old/gone", nil, 0o644}}
	newer := tree{{"bin/rimbalzo", []byte("2"), 0o755}, {"share/man/man1/rimbalzo.1.gz", nil, 0o644}}
	for _, files := range []tree{older, newer} {
		if err := files.install(w, to); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"opt/mine/bin/other", "opt/mine/bin/rimbalzo", "opt/mine/share/man/man1/rimbalzo.1.gz", "opt/mine/" + installedList}
	slices.Sort(want)
	if got := filesBelow(t, dest); !slices.Equal(got, want) {
		t.Errorf("installed %q, want %q", got, want)
	}
	program := filepath.Join(dest, "opt/mine/bin/rimbalzo")
	info, err := os.Stat(program)
	if text, _ := os.ReadFile(program); err != nil || string(text) != "2" || info.Mode().Perm() != 0o755 {
		t.Errorf("the program is %q, %v, %v", text, info, err)
	}
	if _, err := os.Stat(filepath.Join(dest, "opt/mine/share/old")); err == nil {
		t.Error("a folder of the older version is left")
	}
	if err := uninstall(w, []string{"--prefix", "/opt/mine", "--destdir", dest}); err != nil {
		t.Fatal(err)
	}
	if got := filesBelow(t, dest); !slices.Equal(got, []string{"opt/mine/bin/other"}) {
		t.Errorf("left behind: %q", got)
	}
	if _, err := os.Stat(filepath.Join(dest, "opt/mine/share")); err == nil {
		t.Error("an empty folder is left behind")
	}
}

// TestUninstallStaysBelowItsPrefix: a list that names others' files removes nothing.
func TestUninstallStaysBelowItsPrefix(t *testing.T) {
	for _, name := range []string{"../../etc/passwd", "/etc/passwd", "bin/../../x", "."} {
		dir := t.TempDir()
		write(t, dir, "usr/bin/rimbalzo", "")
		write(t, dir, "usr/"+installedList, "bin/rimbalzo\n"+name+"\n")
		err := uninstall(project(t), []string{"--prefix", "/usr", "--destdir", dir})
		if err == nil || !strings.Contains(err.Error(), "not below it") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "usr/bin/rimbalzo")); err != nil {
			t.Errorf("%s: something was removed", name)
		}
	}
}

// TestWhere: a prefix that is no whole path is refused before anything is built.
func TestWhere(t *testing.T) {
	for _, args := range [][]string{nil, {"--prefix", "usr"}, {"--prefix", "/usr", "more"}, {"--nothing"}} {
		w := project(t)
		if err := installHere(w, args); err == nil {
			t.Errorf("%q was accepted", args)
		}
	}
	if err := uninstall(project(t), []string{"--prefix", t.TempDir()}); err == nil || !strings.Contains(err.Error(), "reading what is installed") {
		t.Errorf("where nothing is installed: %v", err)
	}
}
