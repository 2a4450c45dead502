package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// licencesFile holds the texts of all licences, for the program to show and for packages to bring along.
const licencesFile = "app/licences/licences.txt.gz"

// standardLibrary is what Go's own library is called where modules are listed.
const standardLibrary = "std"

// goAuthors is a module of the authors of Go that is always linked.
const goAuthors = "golang.org/x/sys"

// licensed is a module that is linked into the program on some system, with its licences.
type licensed struct {
	module, version string
	texts           []licenceText
}

// licenceText is one file, or several of one text.
type licenceText struct {
	name string   // within the module, in slashes
	text string   // with plain line ends
	ids  []string // as SPDX names them, or LicenseRef-
}

// ids gives the licences of all texts, each once.
func (l licensed) ids() []string {
	var all []string
	for _, t := range l.texts {
		all = append(all, t.ids...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// licences is the command "licences": it writes licencesFile anew.
func licences(w *workshop) error {
	linked, err := linkedLicences(w)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	_, err = io.WriteString(z, licencesText(linked))
	if err := errors.Join(err, z.Close()); err != nil {
		return fmt.Errorf("packing the licences: %w", err)
	}
	if err := os.WriteFile(filepath.Join(w.root, filepath.FromSlash(licencesFile)), packed.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the licences: %w", err)
	}
	fmt.Fprintf(w.out, "%s: %d modules, %d bytes\n", licencesFile, len(linked), packed.Len())
	return nil
}

// linkedModule is what go list says of a package.
type linkedModule struct {
	Dir    string
	Module *struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path string }
	}
}

// linkedLicences gives the modules that are linked on any system that packages are made for, sorted, with their licences. A
// module without a licence, and one whose licence is not allowed, is an error.
func linkedLicences(w *workshop) ([]licensed, error) {
	found := map[string]map[string]linkedModule{} // by module, then by folder
	for _, goos := range []string{"linux", "windows", "darwin"} {
		for _, cgo := range []string{"0", "1"} {
			if err := linkedOn(w, found, "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED="+cgo); err != nil {
				return nil, err
			}
		}
	}
	var all []licensed
	for _, folders := range found {
		l, err := licencesOfModule(folders)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
		if l.module == goAuthors {
			// Go's own library is of the same people under the same texts. Taken from here, they do not depend on how this
			// machine's Go is installed; nor is its version named, which is the same as that of no other machine.
			all = append(all, licensed{module: standardLibrary, texts: l.texts})
		}
	}
	slices.SortFunc(all, func(a, b licensed) int { return cmp.Compare(a.module, b.module) })
	return all, allowed(all)
}

// linkedOn adds the packages that the program is made of in one configuration.
func linkedOn(w *workshop, found map[string]map[string]linkedModule, env ...string) error {
	said, err := w.read(env, "go", "list", "-deps", "-json=Dir,Module", "./app")
	if err != nil {
		return fmt.Errorf("asking which modules the program is made of: %w", err)
	}
	for d := json.NewDecoder(strings.NewReader(said)); ; {
		var p linkedModule
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading which modules the program is made of: %w", err)
		}
		// The project's own modules are under the project's licence, the standard library has none.
		if p.Module == nil || p.Module.Main || p.Module.Replace != nil && strings.HasPrefix(p.Module.Replace.Path, "./") {
			continue
		}
		if found[p.Module.Path] == nil {
			found[p.Module.Path] = map[string]linkedModule{}
		}
		found[p.Module.Path][p.Dir] = p
	}
}

func licencesOfModule(folders map[string]linkedModule) (licensed, error) {
	var l licensed
	root, dirs := "", []string{}
	for dir, p := range folders {
		l.module, l.version, root = p.Module.Path, p.Module.Version, p.Module.Dir
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs)
	var err error
	if l.texts, err = licenceTexts(root, dirs); err != nil {
		return l, fmt.Errorf("reading the licences of %s: %w", l.module, err)
	}
	return l, nil
}

// licenceName is what files with licences are called; NOTICE is what section 4 of the Apache licence wants passed on.
var licenceName = regexp.MustCompile(`(?i)^(un)?licen[cs]e([-_.].*)?$|^(copying|copyright|notice|patents)([-_.].*)?$`)

// licenceTexts reads the licences of a module that lies in root: those of the linked folders and of the folders above them,
// and those below them that hold no Go package, as do the sources of C and the fonts that a package takes in.
func licenceTexts(root string, dirs []string) ([]licenceText, error) {
	names := map[string]bool{}
	if err := addLicences(names, root, root); err != nil {
		return nil, err
	}
	for _, dir := range dirs {
		for above := dir; len(above) >= len(root); above = filepath.Dir(above) {
			if err := addLicences(names, root, above); err != nil {
				return nil, err
			}
		}
		if err := licencesBelow(names, root, dir); err != nil {
			return nil, err
		}
	}
	var texts []licenceText
	for _, name := range slices.Sorted(keysOf(names)) {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		text := strings.TrimSpace(strings.ReplaceAll(string(data), "\r\n", "\n"))
		texts = append(texts, licenceText{name: name, text: text, ids: recognise(text)})
	}
	return texts, nil
}

// addLicences adds the licences that lie in one folder.
func addLicences(names map[string]bool, root, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !licenceName.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		name, err := filepath.Rel(root, filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		names[filepath.ToSlash(name)] = true
	}
	return nil
}

// licencesBelow adds those of the folders below dir that are part of its package.
func licencesBelow(names map[string]bool, root, dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || path == dir {
			return err
		}
		packages, err := filepath.Glob(filepath.Join(path, "*.go"))
		if err != nil {
			return err
		}
		if len(packages) > 0 || strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" {
			return fs.SkipDir
		}
		return addLicences(names, root, path)
	})
}
