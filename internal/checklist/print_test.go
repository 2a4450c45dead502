package checklist

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestPrintedPDF prints the page with a browser: the sample comes on few pages of paper, and the document is sound to its end.
func TestPrintedPDF(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("slow: set RIMBALZO_SLOW=1 to print the page with Chromium")
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("Chromium is not installed")
	}
	dir := t.TempDir()
	page, paper := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(page, written(t, HTML, full(t), italian(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"), "--print-to-pdf="+paper, "file://"+page)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	data, err := os.ReadFile(paper)
	if err != nil {
		t.Fatal(err)
	}
	pages := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(data, -1))
	if !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Contains(data, []byte("%%EOF")) || pages < 1 || pages > 4 {
		t.Errorf("%d pages in %d bytes", pages, len(data))
	}
}
