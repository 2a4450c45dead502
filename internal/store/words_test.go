package store

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

func item(id string) *advice.Item { return &advice.Item{MessageID: id, Recipient: "nonna@libero.it"} }

// ticked are ticks on some items, all at one moment.
func ticked(t testing.TB, ids ...string) *checklist.Ticks {
	t.Helper()
	ticks := new(checklist.Ticks)
	for _, id := range ids {
		ticks.Set(item(id), stampAt(0).At)
	}
	return ticks
}

func readTicks(t testing.TB, s *Store) *checklist.Ticks {
	t.Helper()
	ticks, err := s.Ticks(t.Context())
	must(t, err)
	return ticks
}

func has(t testing.TB, ticks *checklist.Ticks, ids string) {
	t.Helper()
	got := ""
	for _, id := range []string{"a", "b", "c", "d"} {
		if ticks.Has(item(id)) {
			got += id
		}
	}
	if got != ids {
		t.Errorf("ticked are %q, want %q", got, ids)
	}
}

func TestTicksOfTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	one, two := open(t, dir, Options{}), open(t, dir, Options{})
	has(t, readTicks(t, one), "")
	mine, theirs := ticked(t, "a", "b"), ticked(t, "c")
	must(t, one.SaveTicks(t.Context(), mine))
	theirs.Unset(item("b"), stampAt(0).At.Add(time.Hour))
	must(t, two.SaveTicks(t.Context(), theirs))
	has(t, theirs, "ac") // what the other did is known now
	has(t, readTicks(t, one), "ac")
}

func TestTicksOfAnOlderProgramAreTakenOver(t *testing.T) {
	dir := t.TempDir()
	var file bytes.Buffer
	must(t, ticked(t, "a", "b").Encode(&file))
	must(t, os.WriteFile(filepath.Join(dir, ticksFile), file.Bytes(), 0o600))
	s := open(t, dir, Options{})
	has(t, readTicks(t, s), "ab")
	must(t, s.SaveTicks(t.Context(), ticked(t, "c")))
	must(t, os.Remove(filepath.Join(dir, ticksFile)))
	has(t, readTicks(t, s), "abc")
}

func TestDamagedCopyIsSetAside(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	must(t, s.SaveTicks(t.Context(), ticked(t, "a")))
	must(t, os.WriteFile(filepath.Join(dir, ticksFile), []byte("{"), 0o600))
	has(t, readTicks(t, s), "a")
	aside := s.SetAside()
	if len(aside) != 1 || aside[0].Name != ticksFile {
		t.Fatalf("set aside are %+v", aside)
	}
	if kept, err := os.ReadFile(aside[0].Path); err != nil || string(kept) != "{" {
		t.Errorf("the damaged copy is %q (%v)", kept, err)
	}
	must(t, s.SaveTicks(t.Context(), ticked(t, "b")))
	copied, err := os.ReadFile(filepath.Join(dir, ticksFile))
	must(t, err)
	back, err := checklist.DecodeTicks(bytes.NewReader(copied))
	must(t, err)
	has(t, back, "ab")
}

func TestNewerCopyIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	must(t, os.WriteFile(filepath.Join(dir, ticksFile), []byte(`{"version":99,"ticks":{}}`), 0o600))
	if err := s.SaveTicks(t.Context(), ticked(t, "a")); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("got %v", err)
	}
	if copied, err := os.ReadFile(filepath.Join(dir, ticksFile)); err != nil || !strings.Contains(string(copied), "99") {
		t.Errorf("the copy is now %q (%v)", copied, err)
	}
}

// TestNotesAreKept: a note of one process meets a tick of another, and both outlive the file that is lost.
func TestNotesAreKept(t *testing.T) {
	dir := t.TempDir()
	one := open(t, dir, Options{})
	must(t, one.SaveTicks(t.Context(), ticked(t, "a")))
	noted := new(checklist.Ticks)
	noted.WriteNote(item("a"), "ask Anna", stampAt(0).At)
	noted.WriteNote(item("b"), "ask Bea", stampAt(0).At)
	must(t, one.SaveTicks(t.Context(), noted))
	look := func(ticks *checklist.Ticks) {
		t.Helper()
		has(t, ticks, "a")
		if a, b := ticks.Note(item("a")), ticks.Note(item("b")); a != "ask Anna" || b != "ask Bea" {
			t.Errorf("the notes are %q and %q", a, b)
		}
	}
	look(readTicks(t, one))
	must(t, one.Close())
	must(t, os.Remove(filepath.Join(dir, "person.db")))
	look(readTicks(t, open(t, dir, Options{})))
}
