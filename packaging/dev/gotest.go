package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// goTest runs go test with its output shown. Results kept from earlier runs do not count: the samples that the tests
// read lie outside the module, where the go command does not see them change.
func goTest(w *workshop, env []string, packages ...string) error {
	return w.run(env, "go", append([]string{"test", "-count=1", "-p", workers()}, packages...)...)
}

// errNoTest is what a slow suite ends with when nothing was tested: a green that proves nothing.
var errNoTest = errors.New("no test ran: all were skipped, or none has such a name")

// slowTest runs the slow tests of a package whose names hold word; env holds further NAME=value pairs.
func slowTest(w *workshop, word, pkg string, env ...string) error {
	var seen bytes.Buffer
	c := w.command(append([]string{"CGO_ENABLED=0", "RIMBALZO_SLOW=1"}, env...), "go", "test", "-count=1", "-v", "-timeout=45m", "-run", "(?i)"+word, pkg)
	c.Stdout = io.MultiWriter(w.out, &seen)
	if err := c.Run(); err != nil {
		return fmt.Errorf("the tests of %s in %s: %w", word, pkg, err)
	}
	if !anyPassed(seen.Bytes()) {
		return errNoTest
	}
	return nil
}

var passedLine = regexp.MustCompile(`(?m)^--- PASS: `)

// anyPassed reports whether the output of go test -v holds a test that passed, and not merely was skipped.
func anyPassed(output []byte) bool { return passedLine.Match(output) }
