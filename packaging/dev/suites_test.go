package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestChosenForms: what a person or CI asks for decides which forms of which suites run.
func TestChosenForms(t *testing.T) {
	nothing := func(*workshop) error { return nil }
	both := suite{name: "both", needs: noNeeds, absent: always, short: nothing, long: nothing, byHand: true}
	shortOnly := suite{name: "short", needs: noNeeds, absent: always, short: nothing}
	longOnly := suite{name: "long", needs: noNeeds, absent: always, long: nothing}
	all := []suite{both, shortOnly, longOnly}
	for args, want := range map[string]string{
		"":                  "both:short short:short",
		"--slow":            "both:short both:long short:short long:long",
		"both":              "both:short",
		"both --slow":       "both:long",
		"long":              "long:long",
		"--slow short":      "short:short",
		"--changed":         "long:long",
		"short long":        "short:short long:long",
		"--changed --slow":  "error",
		"nothing-like-this": "error",
	} {
		t.Run(args, func(t *testing.T) {
			if got := chosen(t, all, strings.Fields(args)); got != want {
				t.Errorf("ran %q, want %q", got, want)
			}
		})
	}
}

func chosen(t *testing.T, all []suite, args []string) string {
	t.Helper()
	p, err := parsePlan(args, all)
	if err != nil {
		return "error"
	}
	var out bytes.Buffer
	w := &workshop{root: repository(t), out: &out, err: &out, host: pretend("linux", false, nil)}
	var ran []string
	for _, s := range all {
		forms, _ := choose(w, p, s, map[string]string{})
		for _, f := range forms {
			ran = append(ran, s.name+map[bool]string{false: ":short", true: ":long"}[f.long])
		}
	}
	return strings.Join(ran, " ")
}

// repository is a small git repository with an input in it.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "go.mod", "module small\n")
	write(t, dir, "room/file.go", "package room\n")
	if out, err := exec.Command("git", "-C", dir, "init", "-q").CombinedOutput(); err != nil {
		t.Skipf("git is not usable here: %v %s", err, out)
	}
	return dir
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestDueAfterAChange: a long suite is left out while its inputs are those on which it passed, and due after.
func TestDueAfterAChange(t *testing.T) {
	dir := repository(t)
	w := &workshop{root: dir, out: &bytes.Buffer{}, err: &bytes.Buffer{}, host: pretend("linux", false, nil)}
	s := suite{name: "slow", inputs: []string{"room"}, needs: noNeeds, absent: always, long: func(*workshop) error { return nil }}
	due := func() bool {
		passed, err := readPassed(filepath.Join(dir, "passed"))
		if err != nil {
			t.Fatal(err)
		}
		forms, _ := choose(w, plan{changed: true}, s, passed)
		return forms != nil
	}
	if !due() {
		t.Error("a suite that never passed is not due")
	}
	sum, err := fingerprint(w, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := writePassed(filepath.Join(dir, "passed"), map[string]string{s.name: sum}); err != nil {
		t.Fatal(err)
	}
	if due() {
		t.Error("a suite is due although nothing changed since it passed")
	}
	for _, change := range []string{"room/file.go", "room/new.go", "go.mod"} {
		before, _ := fingerprint(w, s)
		write(t, dir, change, "changed\n")
		if after, _ := fingerprint(w, s); before == after || !due() {
			t.Errorf("a suite is not due although %s changed", change)
		}
	}
	before, _ := fingerprint(w, s)
	write(t, dir, "elsewhere/file.go", "package elsewhere\n")
	if after, _ := fingerprint(w, s); before != after {
		t.Error("a file that is no input makes the suite due")
	}
}

// TestSuitesAreSound: each has a form, words for a person, and inputs where a change is to make it due.
func TestSuitesAreSound(t *testing.T) {
	root, err := projectRoot()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suites() {
		if s.proves == "" || s.takes == "" || (s.short == nil && s.long == nil) {
			t.Errorf("%s says nothing or does nothing", s.name)
		}
		if s.long != nil && !s.byHand && len(s.inputs) == 0 {
			t.Errorf("%s has a long form that nothing makes due", s.name)
		}
		for _, in := range s.inputs {
			if _, err := os.Stat(filepath.Join(root, in)); err != nil {
				t.Errorf("%s depends on %s, which is not there", s.name, in)
			}
		}
	}
}

func TestASkippedTestProvesNothing(t *testing.T) {
	for output, want := range map[string]bool{
		"=== RUN   TestDovecot\n--- PASS: TestDovecot (0.2s)\nPASS\n":                    true,
		"=== RUN   TestDovecot\n--- SKIP: TestDovecot (0.0s)\nPASS\nok  \tmailbox\t1s\n": false,
		"testing: warning: no tests to run\nPASS\nok  \tmailbox\t1s [no tests to run]\n": false,
		"    --- PASS: a part of a skipped whole (0.0s)\n--- SKIP: TestDovecot (0.0s)\n": false,
		"": false,
	} {
		if got := anyPassed([]byte(output)); got != want {
			t.Errorf("%q: %v, want %v", output, got, want)
		}
	}
}

func TestFuzzTargetsAreFound(t *testing.T) {
	fuzzer := &fstest.MapFile{Data: []byte("package b\n\nfunc FuzzB(f *testing.F) {}\nfunc FuzzA(ff *testing.F) {}\nfunc fuzzC(f *testing.F) {}\n")}
	got, err := fuzzTargets(fstest.MapFS{
		"internal/b/b_test.go": fuzzer, "internal/b/b.go": fuzzer, "internal/b/testdata/x_test.go": fuzzer, ".git/x_test.go": fuzzer,
		"a/a_test.go": {Data: []byte("package a\n\nfunc FuzzZ(f *testing.F) {}\n")},
	})
	want := []fuzzTarget{{"./a", "FuzzZ"}, {"./internal/b", "FuzzA"}, {"./internal/b", "FuzzB"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("found %v (%v), want %v", got, err, want)
	}
}

// TestDeadEverywhere: what one target uses is alive, and a file that is part of one target only is judged by it alone.
func TestDeadEverywhere(t *testing.T) {
	at := func(file string, line int, name string) deadFunc {
		f := deadFunc{Name: name}
		f.Position.File, f.Position.Line = file, line
		return f
	}
	onlyWindow, never, onWindows := at("a.go", 1, "A"), at("a.go", 9, "B"), at("w.go", 3, "W")
	window := look{files: map[string]bool{"a.go": true}, dead: map[string]deadFunc{"a.go:9 B": never}}
	windows := look{
		files: map[string]bool{"a.go": true, "w.go": true},
		dead:  map[string]deadFunc{"a.go:1 A": onlyWindow, "a.go:9 B": never, "w.go:3 W": onWindows},
	}
	want := []string{"a.go:9: nothing reaches B", "w.go:3: nothing reaches W"}
	if got := deadEverywhere([]look{window, windows}); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestInert: a page is faulty when a subject ran in it, and also when it does not show the subject at all.
func TestInert(t *testing.T) {
	for dom, inertPage := range map[string]bool{
		"<title>Rimbalzo</title><td>&lt;script&gt;document.title='ran'&lt;/script&gt;</td>": true,
		"<title>ran</title><td>&lt;script&gt;document.title='ran'&lt;/script&gt;</td>":      false,
		"<title>Rimbalzo</title><td></td>":                                                  false,
	} {
		if err := inert(dom); (err == nil) != inertPage {
			t.Errorf("%q: %v, want it inert: %v", dom, err, inertPage)
		}
	}
}

func TestFaultsOfTheWindow(t *testing.T) {
	const complaint = "2026 *** Error in Fyne call thread, this should have been called in fyne.Do ***\n2026 *** Soon! ***\n2026   From: "
	for log, faulty := range map[string]bool{
		"": false,
		"2026 Fyne error:  failed to watch theme settings\n":                           false,
		complaint + "/mod/fyne.io/app/settings.go:54\n":                                false,
		complaint + "/project/app/window/frame.go:110\n":                               true,
		complaint + "/mod/a.go:5\n" + complaint + "/project/app/window/frame.go:110\n": true,
		"2026 fine\npanic: NotInitialized\n":                                           true,
		"the word panic: in a line\n":                                                  false,
	} {
		if err := faults(log, "/project"); (err != nil) != faulty {
			t.Errorf("%q: %v, want a fault: %v", log, err, faulty)
		}
	}
}
