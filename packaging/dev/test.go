package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// plan is what a test run was asked for.
type plan struct {
	slow    bool
	changed bool
	names   []string // empty for all
}

func parsePlan(args []string, all []suite) (plan, error) {
	var p plan
	for _, a := range args {
		known := slices.ContainsFunc(all, func(s suite) bool { return s.name == a })
		switch {
		case a == "--slow":
			p.slow = true
		case a == "--changed":
			p.changed = true
		case known:
			p.names = append(p.names, a)
		default:
			return p, fmt.Errorf("there is no suite or option %q", a)
		}
	}
	if p.changed && (p.slow || len(p.names) > 0) {
		return p, fmt.Errorf("--changed stands alone")
	}
	return p, nil
}

// test runs suites: the short forms, with --slow the long ones as well, with --changed the long ones that are due.
func test(w *workshop, args []string) error {
	all := suites()
	p, err := parsePlan(args, all)
	if err != nil {
		describe(w.err, all)
		return err
	}
	passed, err := readPassed(filepath.Join(w.root, passedFile))
	if err != nil {
		return err
	}
	var left []string
	for _, s := range all {
		work, why := choose(w, p, s, passed)
		if work == nil {
			if why != "" {
				left = append(left, fmt.Sprintf("%-12s %s", s.name, why))
			}
			continue
		}
		// An error is kept in the table of steps: one suite that fails does not hide the others.
		_ = w.do(s.name, func() error { return runSuite(w, s, work, passed) })
	}
	if len(left) > 0 {
		fmt.Fprintf(w.out, "\n== left out\n  %s\n", strings.Join(left, "\n  "))
	}
	return w.sum()
}

// form is one way to run a suite.
type form struct {
	run  func(*workshop) error
	long bool
}

// choose gives the forms of s that the plan asks for, or nil and the reason, "" where none needs saying.
func choose(w *workshop, p plan, s suite, passed map[string]string) ([]form, string) {
	if len(p.names) > 0 && !slices.Contains(p.names, s.name) {
		return nil, ""
	}
	if p.changed && s.long == nil {
		return nil, "" // its only form is the short one, which a plain run does
	}
	if why := s.absent(w); why != "" {
		return nil, "not run: " + why
	}
	if p.changed {
		return chooseChanged(w, s, passed)
	}
	named := len(p.names) > 0
	var forms []form
	if s.short != nil && !(named && p.slow && s.long != nil) {
		forms = append(forms, form{s.short, false})
	}
	if s.long != nil && (p.slow || (named && s.short == nil)) {
		forms = append(forms, form{s.long, true})
	}
	switch {
	case len(forms) == 0:
		return nil, "left for --slow: " + s.proves
	case s.long != nil && !p.slow && s.short != nil:
		fmt.Fprintf(w.out, "%s: short form; --slow has the long one\n", s.name)
	}
	return forms, ""
}

// chooseChanged decides for --changed, which is what CI asks for.
func chooseChanged(w *workshop, s suite, passed map[string]string) ([]form, string) {
	if s.byHand {
		return nil, "long form only by hand: go run ./packaging/dev test --slow " + s.name
	}
	now, err := fingerprint(w, s)
	if err != nil {
		return nil, "not run: " + err.Error()
	}
	if passed[s.name] == now {
		return nil, "inputs unchanged since it last passed: " + strings.Join(s.inputs, " ")
	}
	return []form{{s.long, true}}, ""
}

// runSuite brings what s needs, runs the forms and, where a long one passed, keeps what it passed on.
func runSuite(w *workshop, s suite, forms []form, passed map[string]string) error {
	fmt.Fprintf(w.out, "%s\n", s.proves)
	if err := w.ensure(s.needs(w.host.goos)); err != nil {
		return err
	}
	for _, f := range forms {
		if err := f.run(w); err != nil {
			return err
		}
		if !f.long || s.byHand || w.host.inCI() {
			continue
		}
		now, err := fingerprint(w, s)
		if err != nil {
			return err
		}
		passed[s.name] = now
		if err := writePassed(filepath.Join(w.root, passedFile), passed); err != nil {
			return err
		}
	}
	return nil
}
