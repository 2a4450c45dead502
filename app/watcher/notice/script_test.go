package notice

import (
	"encoding/base64"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile are subjects that somebody may write in order to harm who is told of them.
var hostile = []string{
	`$(calc)`, "`calc`", `"; calc; "`, `'); calc; ('`, `'' + (calc) + ''`, `@"` + "\n" + `"@`, `%COMSPEC%`, `$env:USERNAME`, `"" & calc & ""`, `<b>bold</b> & <script>`,
	`" & (do shell script "calc") & "`, "line\r\nline\x00\x1b[31m\a", "\u202egpj.exe\u202c \u2066x\u2069", strings.Repeat("x", 10_000), strings.Repeat("\u0301", 500), "\xff\xfe", `-e display`, `--`,
}

func TestScriptsNeverHoldTheText(t *testing.T) {
	for _, make := range []func(Params, Notice) (string, []string, []string){toast, appleNotice} {
		plainName, plainArgs, plainEnv := make(Params{ID: "app"}, Notice{Key: "k", Title: "T", Body: "B"})
		for _, text := range hostile {
			n := Notice{Key: "k", Title: text, Body: text}.harmless()
			name, args, env := make(Params{ID: "app"}, n)
			if name != plainName || len(args) != len(plainArgs) || len(env) != len(plainEnv) {
				t.Fatalf("%q changes the command to %s %q", text, name, args)
			}
			for i := range args {
				// All but the last two arguments of osascript are the same whatever the text is.
				if args[i] != plainArgs[i] && (plainArgs[i] != "T" && plainArgs[i] != "B") {
					t.Errorf("%q changes argument %d to %q", text, i, args[i])
				}
			}
			if i := slices.Index(args, "--"); name != "powershell.exe" && i != len(args)-3 {
				t.Errorf("%q: its text is not behind \"--\": %q", text, args)
			}
		}
	}
}

func TestHarmlessText(t *testing.T) {
	for _, text := range hostile {
		n := Notice{Title: text, Body: text, Actions: []Action{{"a", text}, {"b", ""}, {"c", ""}, {"d", ""}}}.harmless()
		for _, s := range []string{n.Title, n.Body, n.Actions[0].Label} {
			if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxBody || strings.ContainsAny(s, "\r\n\x00\x1b\a\u202e\u2066") {
				t.Errorf("%q becomes %q", text, s)
			}
		}
		if len(n.Actions) != maxActions {
			t.Errorf("%d buttons", len(n.Actions))
		}
	}
}

// TestEncodedScript reads the script back as PowerShell would.
func TestEncodedScript(t *testing.T) {
	raw, err := base64.StdEncoding.DecodeString(encoded(toastScript))
	if err != nil || len(raw) != 2*len(toastScript) || raw[1] != 0 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
}

// TestEnvironmentReachesTheProgram shows that a text arrives whole where the script looks for it.
func TestEnvironmentReachesTheProgram(t *testing.T) {
	if os.Getenv("NOTICE_TEST_CHILD") != "" {
		os.Stdout.WriteString(os.Getenv("RIMBALZO_TITLE"))
		os.Exit(0)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range hostile {
		n := Notice{Title: text}.harmless()
		_, _, env := toast(Params{}, n)
		cmd := exec.Command(exe, "-test.run=^TestEnvironmentReachesTheProgram$")
		cmd.Env = append(append(os.Environ(), env...), "NOTICE_TEST_CHILD=1")
		out, err := cmd.Output()
		if err != nil || string(out) != n.Title {
			t.Errorf("%q arrives as %q, %v", n.Title, out, err)
		}
	}
}
