package checklist

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSpreadsheet opens the list in LibreOffice, told to make dates and formulas of whatever looks like them: no cell is a
// formula, a sent time is a date, letters of all languages are right.
func TestSpreadsheet(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("slow: set RIMBALZO_SLOW=1 to open the list in LibreOffice")
	}
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice is not installed")
	}
	r := sample(t)
	kind := r.Items[0]
	r.Items = nil
	for _, s := range hostileStrings(t) {
		item := kind
		item.Subject, item.Recipient = s, "perché@libero.it"
		r.Items = append(r.Items, item)
	}
	list := string(written(t, CSV, r, italian(t)))
	if armed := opened(t, "44", byteOrderMark+"a,b\r\n=1+1,x\r\n"); !strings.Contains(armed, "table:formula") {
		t.Fatal("LibreOffice makes no formula of =1+1: this test shows nothing")
	}
	for name, separators := range map[string]string{"comma": "44", "comma and semicolon": "44/59", "semicolon": "59"} {
		t.Run(name, func(t *testing.T) {
			sheet := opened(t, separators, list)
			if at := strings.Index(sheet, "table:formula"); at >= 0 {
				t.Errorf("a formula: %s", sheet[at:at+100])
			}
			if name != "comma" {
				return
			}
			rows := regexp.MustCompile(`<table:table-row`).FindAllString(sheet, -1)
			lines, err := csv.NewReader(strings.NewReader(list)).ReadAll()
			if err != nil || len(rows) != len(lines) {
				t.Errorf("%d rows, want %d (%v)", len(rows), len(lines), err)
			}
			for _, want := range []string{
				`office:date-value="2023-01-25T17:12:00"`, "<text:p>Fatto</text:p>", "<text:p>perché@libero.it</text:p>",
				"<text:p>会議のお知らせ、資料を添付します</text:p>", "<text:p>שלום עולם</text:p>",
			} {
				if !strings.Contains(sheet, want) {
					t.Errorf("no %s", want)
				}
			}
		})
	}
}

// opened gives a list as LibreOffice's own XML after reading it with the given separators (character codes), UTF-8, dates
// and formulas recognised. The filter's fields: https://wiki.documentfoundation.org/Documentation/DevGuide/Spreadsheet_Documents
func opened(t *testing.T, separators, list string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "list.csv")
	if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	office := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless",
		"--infilter=CSV:"+separators+",34,76,1,,0,false,true,false,false,false,0,true", "--convert-to", "fods", "--outdir", dir, path)
	if out, err := office.CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice: %v\n%s", err, out)
	}
	sheet, err := os.ReadFile(filepath.Join(dir, "list.fods"))
	if err != nil {
		t.Fatal(err)
	}
	return string(sheet)
}
