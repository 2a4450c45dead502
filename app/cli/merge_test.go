package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHelperWithoutThePassword: the owner gives a file, a helper on another computer ticks and notes, the owner takes it back.
func TestHelperWithoutThePassword(t *testing.T) {
	dir := t.TempDir()
	sent, inbox := write(t, "sent.eml", letter), write(t, "inbox.eml", refusal)
	owner, helper := filepath.Join(dir, "owner"), filepath.Join(dir, "helper")
	file, back := filepath.Join(dir, "marks.json"), filepath.Join(dir, "back.json")
	const id, to = "one@fabbri.example", "nonna@libero.it"
	for _, step := range []struct {
		args []string
		says string
	}{
		{[]string{"--data", owner, "mark", id, to, "--note", "chiamata\nalle 9"}, "chiamata alle 9"},
		{[]string{"--data", owner, "marks", "export", file}, "holds 0 ticks and 1 note."},
		{[]string{"--data", helper, "marks", "import", file}, "0 ticks and 1 note."},
		{[]string{"--data", helper, "mark", id, to, "done", "--note", "rispedita da Ugo", "--at", "2026-11-22 09:00"}, "dealt with"},
		{[]string{"--data", helper, "marks", "export", back}, "holds 1 tick and 1 note."},
		{[]string{"--data", owner, "marks", "import", back}, "1 tick and 1 note."},
		{[]string{"--data", owner, "marks", "import", back}, "nothing new"},
		{[]string{"--data", owner, "marks", "import", file}, "nothing new"},
		{[]string{"--data", owner, "report", "--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00"}, "[x] Dealt with"},
		{[]string{"--data", owner, "report", "--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00", "--format", "csv"}, "rispedita da Ugo"},
		{[]string{"--data", owner, "explain", id, "--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00"}, "Your note: rispedita da Ugo"},
		{[]string{"--data", owner, "mark", id, to, "undo", "--at", "2026-11-22 10:00"}, "Taken back"},
		{[]string{"--data", owner, "report", "--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00"}, "Your note: rispedita da Ugo"},
		{[]string{"--data", owner, "mark", id, "--note", "", "--at", "2026-11-22 10:00"}, "all recipients has no note now"},
	} {
		out := run(t, "", step.args...)
		if out.status != exitDone || !strings.Contains(out.out, step.says) {
			t.Fatalf("%v: status %d, %q, %q; want %q", step.args, out.status, out.out, out.errors, step.says)
		}
	}
	out := run(t, "", "--data", owner, "report", "--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00")
	if strings.Contains(out.out, "Ugo") || strings.Contains(out.out, "[x]") {
		t.Errorf("a note or tick that was taken away is still shown:\n%s", out.out)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(text), "nonna") || strings.Contains(string(text), "fabbri") || !strings.Contains(string(text), "Rimbalzo 1.2.3") {
		t.Errorf("%v: the file names somebody, or does not say what it is: %s", err, text)
	}
}

// TestListOnAnotherComputer: the helper has a file of the list, sees it in every form as the owner does, and what is ticked there
// comes back.
func TestListOnAnotherComputer(t *testing.T) {
	dir := t.TempDir()
	sent, inbox := write(t, "sent.eml", letter), write(t, "inbox.eml", refusal)
	owner, helper := filepath.Join(dir, "owner"), filepath.Join(dir, "helper")
	file, back := filepath.Join(dir, "list.json"), filepath.Join(dir, "back.json")
	mail := []string{"--sent", sent, "--inbox", inbox, "--at", "2023-01-26 18:00"}
	must := func(args ...string) string {
		t.Helper()
		out := run(t, "", args...)
		if out.status != exitDone {
			t.Fatalf("%v: status %d, %s", args, out.status, out.errors)
		}
		return out.out
	}
	must(append([]string{"--data", owner, "report", "--format", "json", "-o", file}, mail...)...)
	for _, form := range []string{"text", "json", "csv", "md", "html", "ics"} {
		direct := must(append([]string{"--data", owner, "--lang", "it", "report", "--format", form}, mail...)...)
		if again := must("--data", helper, "--lang", "it", "report", "--from", file, "--format", form); again != direct {
			t.Errorf("%s from the file is another:\n%s\n%s", form, again, direct)
		}
		if form != "json" && (!strings.Contains(strings.ReplaceAll(direct, "\r\n ", ""), "sent.eml") || strings.Contains(direct, filepath.Dir(sent))) {
			t.Errorf("%s does not say from what it was made, or tells where that lies:\n%s", form, direct)
		}
	}
	zip, again := filepath.Join(dir, "a.zip"), filepath.Join(dir, "b.zip")
	must(append([]string{"--data", owner, "pack", "-o", zip}, mail...)...)
	must("--data", helper, "pack", "--from", file, "-o", again)
	if a, b := contents(t, zip), contents(t, again); a != b {
		t.Error("a pack from the file is another")
	}
	must("--data", helper, "mark", "one@fabbri.example", "nonna@libero.it", "done")
	if shown := must("--data", helper, "report", "--from", file); !strings.Contains(shown, "[x]") {
		t.Errorf("what the helper ticked is not shown:\n%s", shown)
	}
	must("--data", helper, "marks", "export", back)
	must("--data", owner, "marks", "import", back)
	if shown := must(append([]string{"--data", owner, "report"}, mail...)...); !strings.Contains(shown, "[x]") {
		t.Errorf("what the helper ticked did not come back:\n%s", shown)
	}
	for _, wrong := range [][]string{
		{"report", "--from", file, "--sent", sent},
		{"report", "--from", file, "--at", "2023-01-26 18:00"},
		{"report", "--from", sent},
		{"report", "--from", "/no/such.json"},
		{"report", "--from", file, "--format", "eml"},
		{"report", "--from", file, "--format", "xls"},
		{"pack", "--from", sent, "-o", zip},
	} {
		if out := run(t, "", wrong...); out.status != exitUsage || out.errors == "" || out.out != "" {
			t.Errorf("%v: status %d, %q %q", wrong, out.status, out.out, out.errors)
		}
	}
}

func contents(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestForeignMarks: a file that is not what it should be changes nothing, and is said in words.
func TestForeignMarks(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if out := run(t, "", "--data", data, "mark", "a@b.example", "done"); out.status != exitDone {
		t.Fatal(out.errors)
	}
	const line = `{"key":"0123456789abcdef0123456789abcdef","on":true,"at":"2023-01-27T12:00:00Z"}`
	for name, tc := range map[string]struct {
		text   string
		status int
		says   string
	}{
		"a mail":          {letter, exitUsage, "not a file of ticks"},
		"nothing":         {"", exitUsage, "not a file of ticks"},
		"cut short":       {`{"version":1,"ticks":[` + line, exitUsage, "not a file of ticks"},
		"a newer one":     {`{"version":9,"ticks":[` + line + `]}`, exitUsage, "newer Rimbalzo"},
		"deep":            {strings.Repeat("[", 1<<20), exitUsage, "not a file of ticks"},
		"of the year 900": {`{"version":1,"ticks":[{"key":"k","on":true,"at":"0900-01-27T12:00:00Z"}]}`, exitUsage, "not a file of ticks"},
		"the first form":  {`{"version":1,"ticks":[` + line + `]}`, exitDone, "1 tick and 0 notes"},
		"the second form": {`{"version":2,"ticks":[` + strings.Replace(line, "0123", "4567", 1) + `]}`, exitDone, "1 tick and 0 notes"},
	} {
		before := run(t, "", "--data", data, "marks", "export", "-").out
		out := run(t, "", "--data", data, "marks", "import", write(t, "marks.json", tc.text))
		if out.status != tc.status || !strings.Contains(out.out+out.errors, tc.says) {
			t.Errorf("%s: status %d, %q %q", name, out.status, out.out, out.errors)
		}
		if after := run(t, "", "--data", data, "marks", "export", "-").out; (after == before) != (tc.status != exitDone) {
			t.Errorf("%s: before %s after %s", name, before, after)
		}
	}
	for _, args := range [][]string{{"marks", "import"}, {"marks", "export"}, {"marks", "import", "a", "b"}, {"marks", "import", "/no/such.json"}, {"marks", "export", "/no/such/folder/x.json"}} {
		if out := run(t, "", args...); out.status != exitUsage || out.errors == "" {
			t.Errorf("%v: status %d, %q", args, out.status, out.errors)
		}
	}
}
