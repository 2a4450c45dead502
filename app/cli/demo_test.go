package cli

import (
	"encoding/csv"
	"image/png"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestDemoWithoutADisplay(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	got := run(t, "", "demo", "--lang", "it")
	if got.status != exitDone {
		t.Fatalf("status %d: %s", got.status, got.errors)
	}
	if !strings.Contains(got.out, "27 gennaio 2023, 18:00") {
		t.Error("the moment is not told")
	}
	for _, verdict := range []string{"Rispedisci", "Aspetta", "Chiedi", "Correggi", "Arrivato", "Già rispedito"} {
		if !strings.Contains(got.out, verdict) {
			t.Errorf("no %q in the list", verdict)
		}
	}
	files := regexp.MustCompile(`(/\S+/)(checklist\.html|checklist\.csv|window\.png)`).FindAllString(got.out, -1)
	if len(files) != 3 {
		t.Fatalf("the files are not named: %v", files)
	}
	page, err := os.ReadFile(files[0])
	if err != nil || !strings.Contains(string(page), "nonna@libero.it") || strings.Contains(string(page), "<script") {
		t.Errorf("page: %v", err)
	}
	sheet, err := os.ReadFile(files[1])
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(sheet), "\ufeff"))).ReadAll(); err != nil || len(rows) < 50 {
		t.Errorf("spreadsheet: %d rows, %v", len(rows), err)
	}
	f, err := os.Open(files[2])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := png.Decode(f); err != nil {
		t.Errorf("picture: %v", err)
	}
}

func TestDemoMoves(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	lists := map[string]bool{}
	for _, moment := range []string{"warnings", "false-550", "reopening", "after"} {
		got := run(t, "", "demo", "--moment", moment, "--no-window")
		if got.status != exitDone {
			t.Fatalf("%s: status %d: %s", moment, got.status, got.errors)
		}
		head, _, _ := strings.Cut(got.out, "\n\n")
		lists[head] = true
	}
	if len(lists) != 4 {
		t.Errorf("four moments gave %d different lists", len(lists))
	}
}
