package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sameBytes packs the last commit twice, in folders of different names and with nothing built before, and compares the sums.
func sameBytes(w *workshop) error {
	dir, err := os.MkdirTemp("", "rimbalzo-bytes-")
	if err != nil {
		return fmt.Errorf("making a folder to build in: %w", err)
	}
	defer os.RemoveAll(dir)
	var sums [2]string
	for i, folder := range []string{"one", "another/with a longer name"} {
		at := filepath.Join(dir, folder)
		if err := w.run(nil, "git", "clone", "-q", "--no-hardlinks", w.root, at); err != nil {
			return err
		}
		there := *w
		there.root = at
		cache := filepath.Join(dir, "cache", fmt.Sprint(i))
		if err := there.run([]string{"GOCACHE=" + cache}, "go", "run", "./packaging/dev", "package", "linux"); err != nil {
			return err
		}
		text, err := os.ReadFile(filepath.Join(at, distFolder, sumsFile))
		if err != nil {
			return fmt.Errorf("reading the sums of a build: %w", err)
		}
		sums[i] = string(text)
		if err := os.RemoveAll(cache); err != nil {
			return fmt.Errorf("removing what was built: %w", err)
		}
	}
	return w.close("bytes", differences(sums[0], sums[1]))
}

// differences names the files whose sums two lists do not agree in.
func differences(one, two string) error {
	var wrong []error
	ones, twos := strings.Split(one, "\n"), strings.Split(two, "\n")
	for _, line := range slices.Concat(ones, twos) {
		if _, name, ok := strings.Cut(line, "  "); ok && (!slices.Contains(ones, line) || !slices.Contains(twos, line)) {
			wrong = append(wrong, fmt.Errorf("%s is not the same in both builds", name))
		}
	}
	if len(ones) < 2 {
		wrong = append(wrong, errors.New("nothing was built"))
	}
	return errors.Join(wrong...)
}
