package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestIdentityIsWhole: what packages need is said, in the form that they need.
func TestIdentityIsWhole(t *testing.T) {
	w := project(t)
	id, err := readIdentity(w.root)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct{ value, form string }{
		"Version":   {id.Version, `^\d+\.\d+\.\d+$`},
		"ID":        {id.ID, `^[a-z][a-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){2,}$`}, // a D-Bus name, which AppStream wants
		"Website":   {id.Website, `^https://[^/]+/.*[^/]$`},
		"Email":     {id.Email, `^[^@\s<>]+@[^@\s<>]+\.[a-z]+$`},
		"Copyright": {id.Copyright, `^\d{4}(-\d{4})? \S`},
	} {
		if !regexp.MustCompile(c.form).MatchString(c.value) {
			t.Errorf("%s is %q", what, c.value)
		}
	}
	licence, err := os.ReadFile(filepath.Join(w.root, "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	if got := recognise(string(licence)); len(got) != 1 || got[0] != id.Licence {
		t.Errorf("LICENSE is %v, %s says %s", got, identityFile, id.Licence)
	}
	if !strings.Contains(string(licence), "Copyright (c) "+id.Copyright) {
		t.Errorf("LICENSE does not name %s", id.Copyright)
	}
	if _, err := os.Stat(filepath.Join(w.root, id.Icon)); err != nil {
		t.Errorf("the icon is not there: %v", err)
	}
}

// TestFlatTOML: what is not understood is refused and not guessed at.
func TestFlatTOML(t *testing.T) {
	for text, want := range map[string]string{
		"A = \"b\"\n# A = \"c\"\n[T]\nA = 7\n":    "A=b T.A=7",
		"\n  A  =  \"with # and = in it \\\"\"":   "A=with # and = in it \"",
		"A = \"with # and = and \\\" in it\"\r\n": "A=with # and = and \" in it",
		"A = \"x\" # why":                         "",
		"A = [1]":                                 "",
		"A = '''":                                 "",
		"A":                                       "",
		"A = 1\nA = 2":                            "",
	} {
		keys, err := flatTOML(text)
		got := ""
		for _, key := range []string{"A", "T.A"} {
			if value, ok := keys[key]; ok {
				got = joinWords(got, key+"="+value)
			}
		}
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

// TestIdentityLacks: a key that is missing is named.
func TestIdentityLacks(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(project(t).root, identityFile))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir, identityFile, strings.Replace(string(text), "Email = ", "Mail = ", 1))
	if _, err := readIdentity(dir); err == nil || !strings.Contains(err.Error(), "Owner.Email") {
		t.Errorf("without an address: %v", err)
	}
}
