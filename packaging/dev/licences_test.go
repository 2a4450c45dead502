package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLicencesAreCurrent holds the file that the program shows and packages bring along to what is linked now.
func TestLicencesAreCurrent(t *testing.T) {
	w := project(t)
	linked, err := linkedLicences(w)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(licencesFile)))
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != licencesText(linked) {
		t.Errorf("%s is not that of what is linked: run go run ./packaging/dev licences", licencesFile)
	}
	// Parts that do not show in a list of modules: sources of C and fonts inside of packages.
	for _, part := range []string{"glfw/LICENSE.md", "theme/font/LICENSE.txt", "Bitstream Vera", "musl", "harfbuzz"} {
		if !strings.Contains(string(kept), part) {
			t.Errorf("nothing is said of %s", part)
		}
	}
}

// project is a workshop in this project, on this machine, whose output is kept for a test that fails.
func project(t *testing.T) *workshop {
	t.Helper()
	root, err := projectRoot()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(said.String())
		}
	})
	return &workshop{root: root, out: &said, err: &said, host: thisMachine()}
}

const (
	mitText = "Permission is hereby granted, free of charge, to any person obtaining a copy of this\n# software and so on. This notice shall be included in all copies."
	bsdText = "Redistribution and use in source and binary forms are permitted. Redistributions in binary form must reproduce it."
)

// TestWhichLicencesAreAllowed: what is unknown or forbidden is refused, also beside what is allowed.
func TestWhichLicencesAreAllowed(t *testing.T) {
	for name, tc := range map[string]struct {
		text, ids string
		allowed   bool
	}{
		"MIT, broken anew":        {mitText, "MIT", true},
		"BSD of two clauses":      {bsdText, "BSD-2-Clause", true},
		"BSD of three clauses":    {bsdText + " Neither the name of X nor others.", "BSD-3-Clause", true},
		"BSD with advertising":    {bsdText + " All advertising materials must say so.", "BSD-4-Clause", false},
		"Apache":                  {"Apache License\n   Version 2.0, January 2004", "Apache-2.0", true},
		"GPL":                     {"GNU GENERAL PUBLIC LICENSE Version 3", "GPL", false},
		"MIT beside the LGPL":     {mitText + " GNU Lesser General Public License", "MIT LGPL", false},
		"all rights reserved":     {"Copyright 2026 Somebody. All rights reserved.", "", false},
		"a shared licence":        {"Creative Commons Attribution-ShareAlike 4.0", "CC-BY-SA", false},
		"a licence that is empty": {"", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			one := licenceText{name: "LICENSE", text: tc.text, ids: recognise(tc.text)}
			if got := strings.Join(one.ids, " "); got != tc.ids {
				t.Errorf("recognised as %q, want %q", got, tc.ids)
			}
			if err := one.allowed(); (err == nil) != tc.allowed {
				t.Errorf("%v, want it allowed: %t", err, tc.allowed)
			}
		})
	}
}

// TestModulesThatAreRefused: one without a licence, and an exception that nothing needs.
func TestModulesThatAreRefused(t *testing.T) {
	fine := licensed{module: "fine", texts: []licenceText{{name: "LICENSE", text: mitText, ids: []string{"MIT"}}}}
	err := allowed([]licensed{fine, {module: "bare"}})
	for _, want := range []string{"bare comes without a licence", "modernc.org/memory/LICENSE-LOGO needs no exception any more"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("said %v, want %q in it", err, want)
		}
	}
	if err != nil && strings.Contains(err.Error(), "fine") {
		t.Errorf("complains about what is right: %v", err)
	}
}

// TestWhereLicencesAreLookedFor: beside a package, above it, and below it where there is no other package.
func TestWhereLicencesAreLookedFor(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"LICENSE", "licence.go", "pkg/COPYING.txt", "pkg/x.go", "pkg/c/LICENSE.md", "pkg/fonts/LICENSE_Inter.txt", "pkg/other/other.go", "pkg/other/LICENSE",
		"pkg/testdata/LICENSE", "elsewhere/LICENSE", "pkg/NOTICE", "pkg/noticeable.txt",
	} {
		write(t, dir, name, mitText)
	}
	texts, err := licenceTexts(dir, []string{filepath.Join(dir, "pkg")})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, text := range texts {
		names = append(names, text.name)
	}
	if want := []string{"LICENSE", "pkg/COPYING.txt", "pkg/NOTICE", "pkg/c/LICENSE.md", "pkg/fonts/LICENSE_Inter.txt"}; !slices.Equal(names, want) {
		t.Errorf("found %q, want %q", names, want)
	}
}
