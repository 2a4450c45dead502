package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rimbalzo/internal/words"
)

// TestReallyFullDisk fills a small disk in memory. Where nothing fits any more the store says so, and what it kept stays.
func TestReallyFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1536k"); err != nil {
		t.Skipf("a small disk takes the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	s := open(t, dir, Options{})
	r := begin(t, s, elena)
	must(t, r.Keep(t.Context(), Chunk{Records: []Record{reportRecord(1)}}))
	must(t, s.SaveTicks(t.Context(), ticked(t, "a")))
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	fails := func(what string, err error) {
		t.Helper()
		if text, ok := Describe(err, words.New("en")); !ok || !strings.Contains(text, "disk is full") {
			t.Errorf("%s: %v is said as %q", what, err, text)
		}
	}
	var list []Record
	for i := range 1000 {
		list = append(list, sentRecord(i+2))
	}
	fails("keeping", r.Keep(t.Context(), Chunk{Records: list, Mark: &Mark{Place: "Sent", Validity: 7}}))
	fails("ticking", s.SaveTicks(t.Context(), ticked(t, "b")))
	if _, err := os.Stat(filepath.Join(dir, ticksFile)); err != nil {
		t.Errorf("the copy of the words is gone: %v", err)
	}
	if left, err := fs.Glob(os.DirFS(dir), "*.new"); err != nil || len(left) > 0 {
		t.Errorf("%v is left over (%v)", left, err)
	}
	must(t, os.Remove(ballast))
	if !readTicks(t, s).Has(item("a")) {
		t.Error("the tick is lost")
	}
	if k, m := evidence(t, s, elena), begin(t, s, elena).Marks(); len(k.Reports) != 1 || len(m) > 0 {
		t.Errorf("%d reports, marks %+v", len(k.Reports), m)
	}
	must(t, s.SaveTicks(t.Context(), ticked(t, "c")))
}
