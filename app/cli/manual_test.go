package cli

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"rimbalzo/internal/words"
)

// TestManual: the page names who and which version it is about, every command that help names, and what each status means; in
// both languages, and the same every time.
func TestManual(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {".SH \"NAME\"\n", ".SH \"EXIT STATUS\"\n", ".SS \"report [flags]\"\n", "\\fB\\-\\-lang it or en\\fR\n", ".SS \"account remove NAME\"\n"},
		"it": {".SH \"NOME\"\n", ".SH \"STATO DI USCITA\"\n", "rispedire dopo un guasto"},
	} {
		t.Run(lang, func(t *testing.T) {
			made := func() string {
				var out, bad bytes.Buffer
				env := Env{
					Stdout: &out, Stderr: &bad, Getenv: func(string) string { return "" }, Locale: func() string { return "" },
					Version: "1.2.3", Homepage: "https://home.example/rimbalzo",
				}
				if status := Run(t.Context(), env, []string{"--lang", lang, "manual"}); status != exitDone {
					t.Fatalf("status %d, %s", status, bad.String())
				}
				return out.String()
			}
			text := made()
			if made() != text {
				t.Error("a second page is another")
			}
			want := append(want, ".TH \"RIMBALZO\" \"1\" \"\" \"Rimbalzo 1.2.3\" ", ".UR \"https://home.example/rimbalzo\"\n", "/.config/rimbalzo", "\\fB3\\fR\n")
			for _, w := range want {
				if !strings.Contains(text, w) {
					t.Errorf("%q is not in the page", w)
				}
			}
			for _, command := range []string{"status", "watch", "diagnose", "missing", "demo", "version"} {
				if !strings.Contains(text, ".SS \""+command) {
					t.Errorf("nothing is said of %s", command)
				}
			}
			for _, not := range []string{".SS \"manual", ".SS \"completion", "manual.", "cli."} {
				if strings.Contains(text, not) {
					t.Errorf("%q is in the page", not)
				}
			}
			read(t, text)
		})
	}
}

// read has the reader of manual pages look at one, where it is installed: it warns of what it does not understand.
func read(t *testing.T, text string) {
	t.Helper()
	if _, err := exec.LookPath("groff"); err != nil {
		t.Log("groff is not installed here: the page was not formatted")
		return
	}
	c := exec.Command("groff", "-K", "utf8", "-man", "-Tutf8", "-ww", "-z")
	c.Stdin = strings.NewReader(text)
	said, err := c.CombinedOutput()
	if err != nil || len(said) > 0 {
		t.Errorf("groff: %v: %s", err, said)
	}
}

// TestManualText: what stands in a sentence is shown as it is, and never taken for a command of the page.
func TestManualText(t *testing.T) {
	p := manualPage{words: words.New("en")}
	p.item("--a\\b", "'quoted'\n.SH no\n\n  rimbalzo demo ~ `x` ^")
	p.macro("SH", `a "b"`, "")
	want := `.TP
\fB\-\-a\eb\fR
\(aqquoted\(aq
\&.SH no
.PP
.br
rimbalzo demo \(ti \(gax\(ga \(ha
.SH "a \(dqb\(dq" ""
`
	if p.String() != want {
		t.Errorf("got\n%s\nwant\n%s", p.String(), want)
	}
}
