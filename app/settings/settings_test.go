package settings

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/account/oauth"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

var all = Settings{Language: "it", Theme: "dark", Scale: 150, Quiet: Hours{"22:30", "07:00"}, Mute: []string{"back", "waited"}}

func TestSettingsComeBackAsTheyWereChosen(t *testing.T) {
	for name, s := range map[string]Settings{"nothing": {}, "everything": all, "one": {Scale: 100}} {
		data := filepath.Join(t.TempDir(), "data")
		if got, err := Load(data); err != nil || !reflect.DeepEqual(got, Settings{}) {
			t.Errorf("%s: before any choice %+v, %v", name, got, err)
		}
		for range 2 { // over an older file too
			if err := Save(data, s); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := Load(data); err != nil || !reflect.DeepEqual(got, s) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		left, err := filepath.Glob(filepath.Join(data, "*"))
		if err != nil || len(left) != 1 {
			t.Errorf("%s: in the folder are %v, %v", name, left, err)
		}
		if runtime.GOOS != "windows" {
			file, _ := os.Stat(left[0])
			folder, _ := os.Stat(data)
			if file.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700 {
				t.Errorf("%s: the file is %v in a folder %v, want them for their owner alone", name, file.Mode(), folder.Mode())
			}
		}
	}
}

func TestWhatBreaksARuleIsNotKept(t *testing.T) {
	data := t.TempDir()
	if err := Save(data, all); err != nil {
		t.Fatal(err)
	}
	for rule, s := range map[string]Settings{
		"language": {Language: "de"},
		"theme":    {Theme: "pink"},
		"scale":    {Scale: 99},
		"clock":    {Quiet: Hours{"22:00", "7:00"}},
		"no-hours": {Quiet: Hours{"22:00", "22:00"}},
		"kind":     {Mute: []string{"down", "spam"}},
	} {
		err := Save(data, s)
		var invalid *InvalidError
		if !errors.As(err, &invalid) || invalid.Rule != rule {
			t.Errorf("%+v: %v, want %s", s, err, rule)
		}
	}
	for _, h := range []Hours{{"22:00", ""}, {"", "07:00"}, {"24:00", "07:00"}, {"22:60", "07:00"}, {"\x1b[31m", "07:00"}} {
		if err := Save(data, Settings{Quiet: h}); err == nil {
			t.Errorf("hours of %+v are kept", h)
		}
	}
	if got, err := Load(data); err != nil || !reflect.DeepEqual(got, all) {
		t.Errorf("afterwards: %+v, %v", got, err)
	}
}

// TestOneBadLineLosesNothingOfTheOthers, and the file somebody wrote is never lost.
func TestOneBadLineLosesNothingOfTheOthers(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want Settings
		line int
		rule string
	}{
		"by hand":       {"\n# mine\n language = 'it' # I am\r\nscale=125\nmute = [ \"back\", 'down' ,]\n", Settings{Language: "it", Scale: 125, Mute: []string{"back", "down"}}, 0, ""},
		"newer":         {"version = 2\nscale = 125\nfont = \"Serif\"\n", Settings{Scale: 125}, 1, "newer"},
		"unknown":       {"scale = 125\ncolour = \"red\"\n", Settings{Scale: 125}, 2, "unknown-key"},
		"no form":       {"scale\ntheme = \"dark\"\n", Settings{Theme: "dark"}, 1, "form"},
		"half a text":   {"theme = \"dark\nscale = 125", Settings{Scale: 125}, 1, "form"},
		"escapes":       {"theme = \"\\u0000\"\nscale = 125", Settings{Scale: 125}, 1, "form"},
		"a list's end":  {"mute = [\n]\nscale = 125", Settings{Scale: 125}, 1, "form"},
		"nesting":       {"mute = " + strings.Repeat("[", 20000) + "\nscale = 125", Settings{Scale: 125}, 1, "form"},
		"too big":       {"scale = 125\nscale-x = 99999999999", Settings{Scale: 125}, 2, "form"},
		"twice":         {"scale = 125\nscale = 150", Settings{Scale: 125}, 2, "twice"},
		"a word":        {"theme = \"dark\"\nscale = \"125\"", Settings{Theme: "dark"}, 2, "wrong-kind"},
		"a number":      {"scale = 125\nlanguage = 7", Settings{Scale: 125}, 2, "wrong-kind"},
		"no theme":      {"scale = 125\ntheme = \"pink\"", Settings{Scale: 125}, 2, "theme"},
		"half an hour":  {"scale = 125\nquiet = [\"22:00\"]", Settings{Scale: 125}, 2, "wrong-kind"},
		"no hour":       {"scale = 125\nquiet = [\"22\", \"7\"]", Settings{Scale: 125}, 2, "clock"},
		"no kind":       {"scale = 125\nmute = [\"spam\"]", Settings{Scale: 125}, 2, "kind"},
		"no text":       {"scale = 125\ntheme = \"\xff\"", Settings{Scale: 125}, 2, "not-text"},
		"NUL":           {"scale = 125\n#\x00", Settings{Scale: 125}, 2, "not-text"},
		"much too long": {strings.Repeat("# words\n", 10000), Settings{}, 0, "too-large"},
	} {
		data := t.TempDir()
		path := filepath.Join(data, "settings.toml")
		if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := Load(data)
		if !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: read %+v, want %+v", name, got, tc.want)
		}
		var file *FileError
		if tc.rule == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !errors.As(err, &file) || file.Problems[0].Line != tc.line || file.Problems[0].Rule != tc.rule {
			t.Errorf("%s: %v, want line %d: %s", name, err, tc.line, tc.rule)
			continue
		}
		for _, lang := range Languages {
			text, ok := Describe(err, words.New(lang))
			if !ok || !strings.Contains(text, path) || strings.Contains(text, "settings.") && !strings.Contains(text, "settings.toml") || strings.Contains(text, "<no value>") {
				t.Errorf("%s in %s: %q", name, lang, text)
			}
		}
		if err := Save(data, all); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if old, err := os.ReadFile(path + ".old"); err != nil || string(old) != tc.text {
			t.Errorf("%s: the file that was written by hand is lost: %.40q, %v", name, old, err)
		}
		if got, err := Load(data); err != nil || !reflect.DeepEqual(got, all) {
			t.Errorf("%s: afterwards %+v, %v", name, got, err)
		}
	}
}

// TestTheTablesOfOthersStay: the same file holds what a person registered at Google and Microsoft.
func TestTheTablesOfOthersStay(t *testing.T) {
	for name, own := range map[string]string{"nothing before": "", "a choice": "scale = 125\n", "a fault": "scale = \"x\"\nclient_secret = \"hush\"\n"} {
		data := t.TempDir()
		path := filepath.Join(data, oauth.SettingsFile)
		tables := "  [oauth.google] # mine\nclient_id = \"me\"\nclient_secret = \"hush\"\nlanguage = \"it\"\n"
		if err := os.WriteFile(path, []byte(own+tables), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Load(data)
		if s.Language != "" || err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
		for range 2 {
			if err := Save(data, all); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := Load(data); err != nil || !reflect.DeepEqual(got, all) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if text, err := os.ReadFile(path); err != nil || !strings.HasSuffix(string(text), "\n\n"+tables) {
			t.Errorf("%s: %s, %v", name, text, err)
		}
		google, _ := oauth.ByID("google")
		if c, err := oauth.ClientFor(data, google); err != nil || c.ID != "me" || c.Secret != "hush" {
			t.Errorf("%s: the client is %+v, %v", name, c, err)
		}
	}
}

func TestManyFaultyFilesAreKeptApart(t *testing.T) {
	data := t.TempDir()
	path := filepath.Join(data, "settings.toml")
	for i := range mostAside + 3 {
		if err := os.WriteFile(path, []byte(strings.Repeat("?", i+1)), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Save(data, all); err != nil {
			t.Fatal(err)
		}
	}
	list, err := filepath.Glob(path + "*")
	if first, _ := os.ReadFile(path + ".old"); err != nil || len(list) != mostAside+1 || string(first) != "?" {
		t.Errorf("%v, %q, %v", list, first, err)
	}
}

// TestAFolderInTheFilesPlace is told, does not hang, and makes room.
func TestAFolderInTheFilesPlace(t *testing.T) {
	data := t.TempDir()
	path := filepath.Join(data, "settings.toml")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Load(data)
	text, ok := Describe(err, words.New("en"))
	if !errors.Is(err, ErrNotRegular) || !ok || !strings.Contains(text, path) {
		t.Errorf("%v, %q", err, text)
	}
	if err := Save(data, all); err != nil {
		t.Error(err)
	}
	if got, err := Load(data); err != nil || !reflect.DeepEqual(got, all) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestTwoWhoChangeAtOnce: the window holds what it read an hour ago, and the command line has changed something since.
func TestTwoWhoChangeAtOnce(t *testing.T) {
	window := Settings{Language: "it", Mute: []string{"back", "waited"}}
	disk := Settings{Language: "it", Scale: 150, Quiet: Hours{"23:00", "06:00"}, Mute: []string{"down", "back", "waited"}}
	now := window
	now.Theme, now.Mute = "dark", []string{"waited", "bounces"}
	want := Settings{Language: "it", Theme: "dark", Scale: 150, Quiet: Hours{"23:00", "06:00"}, Mute: []string{"down", "bounces", "waited"}}
	if got := disk.Changed(window, now); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	want = Settings{Scale: 100, Mute: []string{"down"}}
	if got := disk.Changed(all, Settings{Scale: 100}); !reflect.DeepEqual(got, want) {
		t.Errorf("taking back: %+v, want %+v", got, want)
	}
}

func TestKeptBack(t *testing.T) {
	for _, tc := range []struct {
		s    Settings
		want watch.Quiet
	}{
		{Settings{Language: "it"}, watch.Quiet{}},
		{all, watch.Quiet{From: 22*time.Hour + 30*time.Minute, To: 7 * time.Hour, Mute: []watch.Kind{watch.KindBack, watch.KindWaited}}},
		{Settings{Quiet: Hours{"00:00", "23:59"}}, watch.Quiet{To: 23*time.Hour + 59*time.Minute}},
		{Settings{Quiet: Hours{"25:00", "07:00"}}, watch.Quiet{}},
	} {
		if got := tc.s.KeptBack(); !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%+v: %+v, want %+v", tc.s, got, tc.want)
		}
	}
}

// FuzzParse has nothing of the file get past the rules, and everything that got past them come back.
func FuzzParse(f *testing.F) {
	text, err := all.encode("")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("mute = [\"down\", 'back',]\nquiet=['1','2']\nscale = 007\n[x]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, _ := parse(text)
		if key, rule, _ := s.fault(); rule != "" {
			t.Fatalf("%s breaks %s: %+v", key, rule, s)
		}
		again, err := s.encode("")
		if err != nil {
			t.Fatal(err)
		}
		got, wrong := parse(again)
		if len(wrong) > 0 || !reflect.DeepEqual(got, s) && !(len(got.Mute) == 0 && len(s.Mute) == 0) {
			t.Fatalf("%+v comes back as %+v, %+v", s, got, wrong)
		}
	})
}
