package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// entry is one file of what is installed.
type entry struct {
	path string // below the prefix, in slashes
	data []byte
	mode fs.FileMode // 0o755 or 0o644
}

// tree is everything that is installed, below a prefix such as /usr, sorted by path.
type tree []entry

func (t tree) sort() {
	slices.SortFunc(t, func(a, b entry) int { return strings.Compare(a.path, b.path) })
}

// folders are those that the files lie in, the outer ones first.
func (t tree) folders() []string {
	seen := map[string]bool{}
	for _, e := range t {
		for dir := path.Dir(e.path); dir != "."; dir = path.Dir(dir) {
			seen[dir] = true
		}
	}
	return slices.Sorted(keysOf(seen))
}

// lay writes the tree below a folder of the disk. A file takes the place of the one that is there, also of a program that
// runs.
func (t tree) lay(dir string) error {
	for _, e := range t {
		to := filepath.Join(dir, filepath.FromSlash(e.path))
		err := os.MkdirAll(filepath.Dir(to), 0o755)
		if err == nil {
			err = errors.Join(os.WriteFile(to+".new", e.data, e.mode), os.Chmod(to+".new", e.mode), os.Rename(to+".new", to))
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", e.path, err)
		}
	}
	return nil
}

// tarball packs the tree below a top folder. The same tree and time give the same bytes: the entries are sorted, nobody owns
// them, and gzip's header names neither a time nor a system (RFC 1952 section 2.3.1).
func (t tree) tarball(top string, at time.Time) ([]byte, error) {
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	archive := tar.NewWriter(z)
	head := tar.Header{ModTime: at, Format: tar.FormatUSTAR}
	for _, dir := range append([]string{""}, t.folders()...) {
		head := head
		head.Typeflag, head.Name, head.Mode = tar.TypeDir, path.Join(top, dir)+"/", 0o755
		if err := archive.WriteHeader(&head); err != nil {
			return nil, fmt.Errorf("packing %s: %w", dir, err)
		}
	}
	for _, e := range t {
		head := head
		head.Typeflag, head.Name, head.Mode, head.Size = tar.TypeReg, path.Join(top, e.path), int64(e.mode), int64(len(e.data))
		if err := archive.WriteHeader(&head); err != nil {
			return nil, fmt.Errorf("packing %s: %w", e.path, err)
		}
		if _, err := archive.Write(e.data); err != nil {
			return nil, fmt.Errorf("packing %s: %w", e.path, err)
		}
	}
	if err := errors.Join(archive.Close(), z.Close()); err != nil {
		return nil, fmt.Errorf("packing: %w", err)
	}
	return packed.Bytes(), nil
}
