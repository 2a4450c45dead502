package settings

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	chosen "rimbalzo/app/settings"
	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/words"
)

func TestMain(m *testing.M) {
	// The toolkit complains of LANG=C.
	if err := os.Setenv("LANG", "en_US.UTF-8"); err != nil {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// desk is a window with the page in it: it builds the page anew for every choice, as the frame may.
type desk struct {
	t       *testing.T
	p       Params
	page    *Page
	win     fyne.Window
	pending chan func()
	kept    []chosen.Settings
	keepErr error
}

func newDesk(t *testing.T, s chosen.Settings) *desk {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	d := &desk{t: t, pending: make(chan func(), 100)}
	d.win = test.NewTempWindow(t, widget.NewLabel(""))
	d.p = Params{
		Words: words.New("en"), Settings: s, Errands: session.NewErrands(func(f func()) { d.pending <- f }),
		Keep:    func(s chosen.Settings) error { d.kept = append(d.kept, s); return d.keepErr },
		Explain: func(err error) string { return "Because " + err.Error() + "." },
	}
	t.Cleanup(func() { d.p.Errands.Close(time.Second) })
	d.p.Apply = func(s chosen.Settings) {
		state := d.page.State()
		d.p.Settings = s
		if s.Language != "" {
			d.p.Words = words.New(s.Language)
		}
		d.build()
		d.page.Restore(state)
	}
	d.build()
	return d
}

func (d *desk) build() {
	d.page = New(d.p)
	d.win.SetContent(d.page.Root())
	d.win.Resize(fyne.NewSize(900, 1400))
}

// settle waits for what was asked of the errands.
func (d *desk) settle(n int) {
	d.t.Helper()
	for range n {
		select {
		case f := <-d.pending:
			f()
		case <-time.After(10 * time.Second):
			d.t.Fatal("an errand does not end")
		}
	}
}

// press presses a control as the keyboard does.
func (d *desk) press(id string) {
	d.t.Helper()
	c, ok := d.page.controls[id]
	if !ok {
		d.t.Fatalf("there is no %s", id)
	}
	if check, ok := c.(*widget.Check); ok {
		check.TypedRune(' ')
		return
	}
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
}

// TestChoices: each choice counts at once and is kept, and the control that was used keeps the keys.
func TestChoices(t *testing.T) {
	d := newDesk(t, chosen.Settings{})
	want := chosen.Settings{}
	for _, step := range []struct {
		id   string
		want func(*chosen.Settings)
	}{
		{"language-it", func(s *chosen.Settings) { s.Language = "it" }},
		{"theme-dark", func(s *chosen.Settings) { s.Theme = "dark" }},
		{"scale-150", func(s *chosen.Settings) { s.Scale = 150 }},
		{"quiet", func(s *chosen.Settings) { s.Quiet = usual }},
		{"notice-waited", func(s *chosen.Settings) { s.Mute = []string{"waited"} }},
		{"notice-down", func(s *chosen.Settings) { s.Mute = []string{"waited", "down"} }},
		{"notice-waited", func(s *chosen.Settings) { s.Mute = []string{"down"} }},
		{"quiet", func(s *chosen.Settings) { s.Quiet = chosen.Hours{} }},
		{"theme", func(s *chosen.Settings) { s.Theme = "" }},
	} {
		step.want(&want)
		d.press(step.id)
		d.settle(1)
		if last := d.kept[len(d.kept)-1]; !equal(last, want) || !equal(d.p.Settings, want) {
			t.Fatalf("%s kept %+v and shows %+v, want %+v", step.id, last, d.p.Settings, want)
		}
		if d.page.First() != d.page.controls[step.id] {
			t.Errorf("after %s the keys go elsewhere", step.id)
		}
	}
	if text := golden.Shown(d.page.Root()); !strings.Contains(text, "• Italiano") || !strings.Contains(text, "Impostazioni") || !strings.Contains(text, "• 150 %") {
		t.Errorf("shows\n%s", text)
	}
	before := len(d.kept)
	d.press("language-it")
	if len(d.pending) > 0 || len(d.kept) != before {
		t.Error("what is chosen already is kept again")
	}
}

// TestReset: everything goes back to how it was at first, and that can be undone.
func TestReset(t *testing.T) {
	own := chosen.Settings{Language: "en", Theme: "dark", Scale: 130, Quiet: chosen.Hours{From: "23:00", To: "06:00"}, Mute: []string{"down"}}
	d := newDesk(t, own)
	if !strings.Contains(golden.Shown(d.page.Root()), "• 130 %") || d.page.quiet.from.Text != "23:00" {
		t.Errorf("a size of the person's own is not shown:\n%s", golden.Shown(d.page.Root()))
	}
	d.press("reset")
	d.settle(1)
	if !equal(d.p.Settings, chosen.Settings{}) || !strings.Contains(golden.Shown(d.page.Root()), "Undo: put my choices back") {
		t.Errorf("%+v\n%s", d.p.Settings, golden.Shown(d.page.Root()))
	}
	d.press("reset")
	d.settle(1)
	if !equal(d.p.Settings, own) || !equal(d.kept[len(d.kept)-1], own) || strings.Contains(golden.Shown(d.page.Root()), "Undo") {
		t.Errorf("%+v\n%s", d.p.Settings, golden.Shown(d.page.Root()))
	}
	d.press("reset")
	d.press("notice-back")
	d.settle(1)
	if strings.Contains(golden.Shown(d.page.Root()), "Undo") {
		t.Error("after another choice there is still an undo, which would take that choice away")
	}
}

// TestNotKept: a choice that cannot be kept counts all the same, and the page says so, also when it was built anew meanwhile.
func TestNotKept(t *testing.T) {
	d := newDesk(t, chosen.Settings{})
	d.keepErr = errors.New("the disk is full")
	d.press("theme-dark")
	d.settle(1)
	if text := golden.Shown(d.page.Root()); d.p.Settings.Theme != "dark" || !strings.Contains(text, "could not be kept. Because the disk is full.") {
		t.Errorf("%+v\n%s", d.p.Settings, text)
	}
	d.keepErr = nil
	d.press("theme-light")
	d.settle(1)
	if text := golden.Shown(d.page.Root()); strings.Contains(text, "could not be kept") {
		t.Errorf("it goes on complaining:\n%s", text)
	}
}

// TestOneAfterTheOther: choices made while one is being kept are kept after it, and only the last of them.
func TestOneAfterTheOther(t *testing.T) {
	d := newDesk(t, chosen.Settings{})
	for _, id := range []string{"scale-125", "scale-150", "scale-175", "scale-200"} {
		d.press(id)
	}
	d.settle(2)
	if len(d.kept) != 2 || d.kept[0].Scale != 125 || d.kept[1].Scale != 200 {
		t.Errorf("kept %+v", d.kept)
	}
}

func TestQuietHours(t *testing.T) {
	d := newDesk(t, chosen.Settings{Quiet: usual})
	for _, tc := range []struct {
		from, to string
		kept     chosen.Hours // zero for nothing new
		says     string
	}{
		{"7.05", "", chosen.Hours{From: "07:05", To: "07:30"}, ""},
		{"7", "", chosen.Hours{}, "“7” is not a time of day. Write it like 22:30."},
		{"24:00", "", chosen.Hours{}, "“24:00” is not a time of day."},
		{"22:60", "", chosen.Hours{}, "is not a time of day"},
		{"07:30", "", chosen.Hours{}, "begin and end at 07:30 would never end"},
		{"21:00", "9:15", chosen.Hours{From: "21:00", To: "09:15"}, ""},
		{"\u202e21:00", "", chosen.Hours{}, "is not a time of day"},
	} {
		before := d.p.Settings.Quiet
		d.page.quiet.from.SetText(tc.from)
		if tc.to != "" {
			d.page.quiet.to.SetText(tc.to)
		}
		want := tc.kept
		if want == (chosen.Hours{}) {
			want = before
		}
		if d.p.Settings.Quiet != want {
			t.Errorf("%q: quiet hours are %v", tc.from, d.p.Settings.Quiet)
		}
		text := golden.Shown(d.page.Root())
		if tc.says == "" && d.page.quiet.wrong.Visible() || !strings.Contains(text, tc.says) {
			t.Errorf("%q: says %q", tc.from, d.page.quiet.wrong.Text)
		}
	}
}

func TestAtLogin(t *testing.T) {
	d := newDesk(t, chosen.Settings{})
	if strings.Contains(golden.Shown(d.page.Root()), "the moment I log in") {
		t.Error("a start at login that cannot be chosen is offered")
	}
	on, fails := true, error(nil)
	d.p.AtLogin = func() (bool, error) { return on, nil }
	d.p.SetAtLogin = func(want bool) error {
		if fails == nil {
			on = want
		}
		return fails
	}
	d.build()
	if !d.page.atLogin.Disabled() {
		t.Error("it can be chosen before it is known")
	}
	d.settle(1)
	if !d.page.atLogin.Checked || d.page.atLogin.Disabled() {
		t.Error("it is on, and not shown so")
	}
	d.press("at-login")
	d.settle(1)
	if on || d.page.atLogin.Checked {
		t.Error("it was not switched off")
	}
	fails = errors.New("nobody may")
	d.press("at-login")
	d.settle(1)
	if on || d.page.atLogin.Checked || !strings.Contains(golden.Shown(d.page.Root()), "Because nobody may.") {
		t.Errorf("a failure is not told:\n%s", golden.Shown(d.page.Root()))
	}
}

func TestGolden(t *testing.T) {
	golden.Page(t, "settings", func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
		p := Params{
			Words: w, Errands: session.NewErrands(func(func()) {}), Apply: func(chosen.Settings) {}, Explain: error.Error,
			AtLogin: func() (bool, error) { return false, nil }, SetAtLogin: func(bool) error { return nil },
		}
		switch fill {
		case golden.Empty:
			p.AtLogin = nil
		case golden.Full:
			p.Settings = chosen.Settings{Language: w.Lang(), Theme: "dark", Scale: 150, Quiet: usual, Mute: []string{"waited", "bounces"}}
		}
		g := New(p)
		if fill == golden.Full {
			g.wrong = w.T("settingspage.not-kept", "Why", "…")
			g.tell()
		}
		return g.Root()
	})
}
