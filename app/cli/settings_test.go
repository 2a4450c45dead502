package cli

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rimbalzo/app/window/session"
)

func TestSettingsAreShownAndChanged(t *testing.T) {
	h := newHouse(t)
	for _, tc := range []struct {
		args   string
		status int
		out    string // what standard output is, or begins with where it ends in "…"
		errors string // a part of what is said on standard error
	}{
		{"settings", exitDone, "language   system\ntheme      system\nscale      system\nquiet      off\nmute       none\nat-login   off\n", ""},
		{"settings quiet", exitDone, "off\n", ""},
		{"settings quiet 22:30-07:00", exitDone, "Done: quiet is 22:30-07:00.…", ""},
		{"settings quiet 22:30-7", exitUsage, "", "“7” is not a time of day"},
		{"settings quiet 22:30", exitUsage, "", "not a value of quiet"},
		{"settings scale 125%", exitDone, "Done: scale is 125.…", ""},
		{"settings scale 0", exitUsage, "", "not a value of scale"},
		{"settings scale 201", exitUsage, "", "from 100 to 200"},
		{"settings theme dark", exitDone, "Done: theme is dark.…", ""},
		{"settings theme pink", exitUsage, "", "light and dark"},
		{"settings mute waited,back,waited", exitDone, "Done: mute is waited,back.…", ""},
		{"settings mute spam", exitUsage, "", "not a kind of notice"},
		{"settings language de", exitUsage, "", "not a language"},
		{"settings colour", exitUsage, "", "no setting “colour”"},
		{"settings a b c", exitUsage, "", "two words"},
		{"settings --format xml", exitUsage, "", "xml"},
		{"settings", exitDone, "language   system\ntheme      dark\nscale      125\nquiet      22:30-07:00\nmute       waited,back\nat-login   off\n", ""},
		{"settings scale system", exitDone, "Done: scale is system.…", ""},
		{"settings mute none", exitDone, "Done: mute is none.…", ""},
		{"settings quiet off", exitDone, "Done: quiet is off.…", ""},
		{"settings", exitDone, "language   system\ntheme      dark\nscale      system\nquiet      off\nmute       none\nat-login   off\n", ""},
	} {
		o := h.run(t.Context(), "", strings.Fields(tc.args)...)
		begin, open := strings.CutSuffix(tc.out, "…")
		if o.status != tc.status || (open && !strings.HasPrefix(o.out, begin)) || (!open && o.out != tc.out) || !strings.Contains(o.errors, tc.errors) || tc.errors == "" && o.errors != "" {
			t.Errorf("%s: %+v", tc.args, o)
		}
	}
	o := h.run(t.Context(), "", "settings", "--format", "json")
	var got map[string]any
	if err := json.Unmarshal([]byte(o.out), &got); err != nil || got["language"] != nil || got["theme"] != "dark" || got["quiet"] != nil || got["at_login"] != false || got["mute"] == nil {
		t.Errorf("%s, %v", o.out, err)
	}
}

func TestAFaultyFileIsSaidAndLosesNothing(t *testing.T) {
	h := newHouse(t)
	path := filepath.Join(h.data, "settings.toml")
	if err := os.MkdirAll(h.data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("language = \"it\"\nscale = big\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := h.run(t.Context(), "", "settings", "theme", "dark")
	if o.status != exitDone || !strings.Contains(o.errors, path) || !strings.Contains(o.errors, "Riga 2") {
		t.Errorf("%+v", o)
	}
	if o := h.run(t.Context(), "", "settings", "theme"); o.out != "dark\n" || o.errors != "" {
		t.Errorf("afterwards: %+v", o)
	}
	if o := h.run(t.Context(), "", "settings", "language"); o.out != "it\n" {
		t.Errorf("the language: %+v", o)
	}
}

// TestTheLanguageThatCounts: --lang before the settings, these before the system's.
func TestTheLanguageThatCounts(t *testing.T) {
	h := newHouse(t)
	english := func(o outcome) bool { return strings.Contains(o.out, "Without words") }
	if o := h.run(t.Context(), "", "settings", "--help"); !english(o) {
		t.Errorf("the system's: %+v", o)
	}
	h.run(t.Context(), "", "settings", "language", "it")
	if o := h.run(t.Context(), "", "settings", "--help"); english(o) {
		t.Errorf("the chosen one: %+v", o)
	}
	if o := h.run(t.Context(), "", "settings", "--help", "--lang", "en"); !english(o) {
		t.Errorf("the one that was asked for: %+v", o)
	}
	// What it starts goes by the settings of the moment, unless a language was asked for.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	h.run(ctx, "")
	if got := strings.Join(h.spawned[0], " "); strings.Contains(got, "--lang") {
		t.Errorf("started: %s", got)
	}
	other := newHouse(t)
	other.run(ctx, "", "--lang", "it")
	if got := strings.Join(other.spawned[0], " "); !strings.Contains(got, "--lang it") {
		t.Errorf("started: %s", got)
	}
}

// TestTheWatcherTakesInSettings that are changed while it runs.
func TestTheWatcherTakesInSettings(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	h.run(ctx, "") // a window, and so a watcher
	if o := h.run(ctx, "", "settings", "quiet", "22:30-07:00"); o.status != exitDone || o.errors != "" {
		t.Errorf("the watcher does not take it in: %+v", o)
	}
}

// TestTheWindowChangesSettings: what it changes is kept, and what another changed meanwhile stays.
func TestTheWindowChangesSettings(t *testing.T) {
	h := newHouse(t)
	h.run(t.Context(), "", "settings", "scale", "125")
	env := h.env(t.Context(), "", io.Discard, io.Discard)
	env.Built = false // no watcher
	env.Window = func(p session.Params) error {
		if p.Settings.Scale != 125 || p.SaveSettings == nil {
			t.Fatalf("the window starts with %+v", p.Settings)
		}
		if o := h.run(t.Context(), "", "settings", "quiet", "23:00-06:00"); o.status != exitDone {
			t.Errorf("%+v", o)
		}
		s := p.Settings
		s.Theme = "dark"
		if err := p.SaveSettings(s); err != nil {
			t.Error(err)
		}
		s.Language, s.Theme = "en", ""
		if err := p.SaveSettings(s); err != nil {
			t.Error(err)
		}
		s.Scale = 99
		if err := p.SaveSettings(s); err == nil || strings.Contains(p.Explain(err, p.Words), "%!") {
			t.Errorf("a scale of 99: %v", err)
		}
		s.Scale = 150
		if err := p.SaveSettings(s); err != nil {
			t.Error(err)
		}
		return nil
	}
	if status := Run(t.Context(), env, []string{"--data", h.data}); status != exitDone {
		t.Fatal(status)
	}
	if o := h.run(t.Context(), "", "settings"); o.out != "language   en\ntheme      system\nscale      150\nquiet      23:00-06:00\nmute       none\nat-login   off\n" {
		t.Errorf("afterwards:\n%s", o.out)
	}
}

// TestTheDemoLooksAsChosen: the demo has the looks that the person chose, and what is changed in it is kept where his are.
func TestTheDemoLooksAsChosen(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	h := newHouse(t)
	for key, value := range map[string]string{"scale": "200", "theme": "dark", "language": "en"} {
		h.run(t.Context(), "", "settings", key, value)
	}
	env := h.env(t.Context(), "", io.Discard, io.Discard)
	env.HasDisplay = func() bool { return true }
	env.Window = func(p session.Params) error {
		if p.Settings.Scale != 200 || p.Settings.Theme != "dark" || p.Words.Lang() != "en" {
			t.Errorf("the demo starts with %+v in %s", p.Settings, p.Words.Lang())
		}
		if p.Data == h.data {
			t.Error("the demo keeps its mail among the person's")
		}
		s := p.Settings
		s.Theme = "light"
		return p.SaveSettings(s)
	}
	if status := Run(t.Context(), env, []string{"--data", h.data, "demo"}); status != exitDone {
		t.Fatal(status)
	}
	if o := h.run(t.Context(), "", "settings", "theme"); o.out != "light\n" {
		t.Errorf("the theme is kept as %q", o.out)
	}
}
