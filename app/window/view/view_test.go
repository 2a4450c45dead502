package view

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

func TestMain(m *testing.M) {
	// The toolkit complains of LANG=C, and fails the goldens by the complaint's absence elsewhere.
	if err := os.Setenv("LANG", "en_US.UTF-8"); err != nil {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// window shows a sample of n messages.
func window(t *testing.T, lang string, variant fyne.ThemeVariant, n int) (*Frame, fyne.Window) {
	t.Helper()
	test.NewApp().Settings().SetTheme(kit.NewLookIn(variant))
	f, win := still(params(lang), sample(t, n))
	// Nothing is handed over from other goroutines: the test's toolkit would draw on them.
	f.later = func(func()) {}
	f.errands = session.NewErrands(f.later)
	t.Cleanup(f.Close)
	win.Resize(fyne.NewSize(1280, 800))
	return f, win
}

// texts are all the texts in view.
func texts(o fyne.CanvasObject) string {
	var b strings.Builder
	for _, part := range test.LaidOutObjects(o) {
		if t, ok := part.(*canvas.Text); ok && t.Visible() {
			b.WriteString(t.Text + "\n")
		}
	}
	return b.String()
}

// How long anything may hold the toolkit's goroutine in tests. The window feels stuck from 100 ms on; what builds a whole page
// draws it by software here, on a machine that others use, and is measured apart. The keyring and the watcher of the tests take a
// second.
const (
	longestHold = 100 * time.Millisecond
	longestDraw = 700 * time.Millisecond
)

// pumped gives a frame whose goroutines hand their work to the test's own, and a pump that does it until something is so.
func pumped(t *testing.T, p session.Params) (*Frame, fyne.Window, func(func() bool)) {
	t.Helper()
	queue := make(chan func(), 1000)
	f, win := new(Frame), test.NewWindow(nil)
	f.init(p, win, func(do func()) { queue <- do })
	t.Cleanup(f.Close)
	f.open()
	win.Resize(fyne.NewSize(1024, 640))
	return f, win, func(so func() bool) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !so(); {
			select {
			case do := <-queue:
				began, drawn, limit := time.Now(), f.drawn, longestHold
				do()
				if f.drawn != drawn {
					limit = longestDraw
				}
				if held := time.Since(began); held > limit {
					t.Errorf("the toolkit's goroutine was held for %v", held)
				}
			case <-time.After(10 * time.Millisecond):
				if time.Now().Before(end) {
					continue
				}
				t.Fatalf("in vain; shown is\n%s", texts(win.Content()))
			}
		}
	}
}

// TestMoments: choosing a moment reviews the same mail for it, and what is in view follows.
func TestMoments(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	p := params("en")
	asked := make(chan review.Request, 4)
	p.Review = func(_ context.Context, req review.Request) (checklist.Report, error) {
		asked <- req
		r := checklist.Report{At: req.At, Demo: true, Items: []advice.Item{{MessageID: "1", Recipient: "a@libero.it", Subject: "x", Verdict: advice.Wait}}}
		if req.At.After(january(30, 0, 0)) {
			r.Items[0].Verdict = advice.Resend
		}
		return r, nil
	}
	f, win, pump := pumped(t, p)
	shows := func(text string) func() bool { return func() bool { return strings.Contains(shownIn(win), text) } }
	pump(shows("1 may still arrive"))
	f.visit(atChecklist)
	pump(shows("Wait 1"))
	f.move(3)
	pump(shows("Send again 1"))
	f.visit(atNow)
	pump(shows("1 to send again"))
	first, second := <-asked, <-asked
	if !second.At.Equal(p.Moments[3].At) || second.Catalogue != first.Catalogue || !second.Demo {
		t.Errorf("asked for %+v", second)
	}
}

// TestLanguageSwitch: the page in view is built anew in the other language, with what was chosen on it.
func TestLanguageSwitch(t *testing.T) {
	f, win := window(t, "it", theme.VariantLight, 14)
	told := ""
	f.p.LanguageChosen = func(lang string) { told = lang }
	for range 2 {
		win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	f.hooks.keep()
	chosen := f.left.board.Shown
	f.speak("en")
	f.hooks.keep()
	if told != "en" || chosen == nil || f.left.board.Shown != chosen {
		t.Errorf("told %q; chosen %v, before %v", told, f.left.board.Shown, chosen)
	}
	if s := texts(win.Content()); !strings.Contains(s, "Why") || strings.Contains(s, "Perché") || strings.Contains(s, "Rispedisci") {
		t.Errorf("still speaks Italian:\n%s", s)
	}
}

// TestPlaces: the rail and the keys lead to each place, which says what it is; the keys go to the page that opened.
func TestPlaces(t *testing.T) {
	for lang, want := range map[string]map[string]string{
		"it": {atNow: "C'è un guasto conosciuto", atChecklist: "Rispedisci", atOutage: "Libero Mail", atHelp: "Primi passi"},
		"en": {atNow: "There is a known outage", atChecklist: "Send again", atOutage: "Libero Mail", atHelp: "First steps"},
	} {
		f, win := window(t, lang, theme.VariantDark, 14)
		for _, p := range f.places() {
			if p.id == atAccounts {
				continue
			}
			if p.digit != "" {
				chords, _ := f.chords()
				chords[fyne.KeyName(p.digit)]()
			} else {
				win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: p.key})
			}
			if f.at != p.id {
				t.Errorf("the keys of %s lead to %s", p.id, f.at)
			}
			if got := shownIn(win); want[p.id] != "" && !strings.Contains(got, want[p.id]) {
				t.Errorf("%s: %s does not say %q, but %s", lang, p.id, want[p.id], got)
			}
		}
	}
}

// TestWholeWindowAtTwiceTheSize: in a window of 1280x800 at 200 % each place is whole.
func TestWholeWindowAtTwiceTheSize(t *testing.T) {
	for _, lang := range words.Languages {
		f, win := window(t, lang, theme.VariantLight, 40)
		win.Resize(fyne.NewSize(640, 400))
		for _, p := range f.places() {
			if p.id == atAccounts {
				continue
			}
			t.Run(lang+"-"+p.id, func(t *testing.T) {
				f.visit(p.id)
				win.Resize(fyne.NewSize(640, 400))
				win.Content().Refresh()
				golden.Check(t, win)
			})
		}
	}
}

// TestHostileText: what strangers wrote stays text, on its line, in its direction.
func TestHostileText(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantDark))
	r := sample(t, 7)
	evil := "**b** [x](https://evil.example) \u202etxt.exe\x00\x1b[31m <script>\n\n# h " + strings.Repeat("W", 100_000)
	for i := range r.Items {
		it := &r.Items[i]
		it.Subject, it.Recipient = evil, evil
		for j := range it.Bounces {
			b := &it.Bounces[j]
			b.Reply, b.Text, b.Source, b.ReportedBy.Host = evil, evil, evil, evil
		}
	}
	f, win := still(params("en"), r)
	defer f.Close()
	win.Resize(fyne.NewSize(1024, 640))
	if width := win.Canvas().Size().Width; width > 1024 {
		t.Errorf("it widens the window to %v", width)
	}
	shown := texts(win.Content())
	if !strings.Contains(shown, "**b**") || !strings.Contains(shown, "<script>") {
		t.Errorf("markup was read as such:\n%.2000s", shown)
	}
	for _, bad := range []string{"\u202e", "\x00", "\x1b"} {
		if strings.Contains(shown, bad) {
			t.Errorf("shows %q", bad)
		}
	}
	for _, o := range test.LaidOutObjects(win.Content()) {
		if _, ok := o.(*widget.Hyperlink); ok {
			t.Error("makes a link of it")
		}
	}
	if len(shown) > 40_000 {
		t.Errorf("shows %d characters", len(shown))
	}
}
