package cli

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPack: a complaint gets the list, what was lost and late, what the provider said, and sums that are right; nothing of any
// message's text, and the same bytes each time.
func TestPack(t *testing.T) {
	sent, inbox := write(t, "sent.eml", letter), write(t, "inbox.eml", refusal)
	pack := func(lang string) []byte {
		path := filepath.Join(t.TempDir(), "pack.zip")
		out := run(t, "", "--lang", lang, "pack", "--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00", "-o", path)
		if out.status != exitDone || !strings.Contains(out.out, path) {
			t.Fatalf("status %d: %s%s", out.status, out.out, out.errors)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	first := pack("it")
	if !bytes.Equal(first, pack("it")) {
		t.Error("the same mail gives other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(data)
	}
	if len(files) != 9 {
		t.Errorf("%d files", len(files))
	}
	sums := files["SHA256SUMS"]
	for name, text := range files {
		if name != "SHA256SUMS" && !strings.Contains(sums, fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(text)), name)) {
			t.Errorf("the sum of %s is not in\n%s", name, sums)
		}
		if strings.Contains(text, "Ciao nonna") || strings.Contains(text, filepath.Dir(sent)) {
			t.Errorf("%s holds the text of a message, or where it lies", name)
		}
	}
	rows := func(name string) [][]string {
		all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(files[name], "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return all[1:]
	}
	if len(rows("lost.csv")) != 1 || len(rows("late.csv")) != 0 || !strings.Contains(files["lost.csv"], "nonna@libero.it") {
		t.Errorf("lost %q, late %q", files["lost.csv"], files["late.csv"])
	}
	for _, s := range rows("statements.csv") {
		if !strings.Contains(s[3], "http") {
			t.Errorf("a statement without its source: %q", s)
		}
	}
	if len(rows("statements.csv")) == 0 || !strings.Contains(files["README.txt"], "sent.eml") || !strings.Contains(files["README.txt"], "26 gennaio 2023") || !strings.Contains(files["list.html"], "<html lang=\"it\">") {
		t.Errorf("%s", files["README.txt"])
	}
	if out := run(t, "", "pack", "--sent", sent); out.status != exitUsage || !strings.Contains(out.errors, "--output") {
		t.Errorf("without a name: status %d, %q", out.status, out.errors)
	}
}
