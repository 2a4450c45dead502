package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMeasures looks into a folder as it is, and leaves it so.
func TestMeasures(t *testing.T) {
	dir := t.TempDir()
	if list := Measures(t.Context(), dir); len(list) != 0 {
		t.Errorf("of an empty folder: %+v", list)
	}
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accounts(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := Measures(t.Context(), dir) // while the store is open
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].File != "mail.db" || list[0].Form != len(mailForms) || list[0].Form != list[0].Known || list[0].Unsound != "" ||
		!slices.Contains(list[0].Rows, Rows{"account", 0}) {
		t.Errorf("measured: %+v", list)
	}
	garbage := strings.Repeat("no database ", 1000)
	dir = t.TempDir()
	path := filepath.Join(dir, "person.db")
	if err := os.WriteFile(path, []byte(garbage), 0o600); err != nil {
		t.Fatal(err)
	}
	list = Measures(t.Context(), dir)
	if len(list) != 1 || list[0].Unsound == "" {
		t.Errorf("a damaged file: %+v", list)
	}
	if left, err := os.ReadFile(path); err != nil || string(left) != garbage {
		t.Errorf("the damaged file was changed, %v", err)
	}
}
