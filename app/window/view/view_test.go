package view

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/review"
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

func TestKeyboard(t *testing.T) {
	f, win := window(t, "en", theme.VariantLight, 30)
	l := f.board.List
	if win.Canvas().Focused() != fyne.Focusable(l) {
		t.Fatalf("the keys go to %T", win.Canvas().Focused())
	}
	press := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	first := l.Item()
	press(fyne.KeyDown)
	if l.Item() == first || l.Item() == nil || f.board.Shown != l.Item() {
		t.Errorf("Down chose %v, the reasons are of %v", l.Item(), f.board.Shown)
	}
	press(fyne.KeySpace)
	if !f.p.Ticks.Has(l.Item()) || f.p.Ticks.Has(first) {
		t.Error("Space did not tick the chosen message")
	}
	press(fyne.KeySpace)
	if f.p.Ticks.Has(l.Item()) {
		t.Error("Space a second time did not take the tick away")
	}
	press(fyne.KeyEnd, fyne.KeyDown)
	if l.At != len(l.Rows)-1 {
		t.Errorf("End leads to row %d of %d", l.At, len(l.Rows))
	}
	press(fyne.KeyHome, fyne.KeyUp)
	if l.Item() != first {
		t.Error("Home does not lead to the first message")
	}
}

func TestTickIsSavedAndCounted(t *testing.T) {
	f, _ := window(t, "en", theme.VariantLight, 12)
	saved := 0
	f.p.SaveTicks = func(ticks *checklist.Ticks) error {
		saved++
		return nil
	}
	f.board.List.Tick(f.board.List.Item(), f.board.List.At)
	if saved != 1 || !strings.Contains(f.board.Headline.Text, "1 ticked off") {
		t.Errorf("saved %d times; %q", saved, f.board.Headline.Text)
	}
	f.p.SaveTicks = func(*checklist.Ticks) error { return errors.New("disk full") }
	f.board.List.Tick(f.board.List.Item(), f.board.List.At)
	f.board.List.Tick(f.board.List.Item(), f.board.List.At)
	if n := len(f.win.Canvas().Overlays().List()); n != 1 {
		t.Errorf("a full disk is told %d times", n)
	}
}

func TestFilters(t *testing.T) {
	f, _ := window(t, "it", theme.VariantLight, 35)
	b := f.board
	all := len(b.List.Rows)
	test.Tap(b.Filters[advice.Wait])
	for _, r := range b.List.Rows {
		if r.Item != nil && r.Item.Verdict != advice.Wait {
			t.Fatalf("«Aspetta» shows %s", r.Item.Verdict)
		}
	}
	if b.Shown == nil || b.Shown.Verdict != advice.Wait {
		t.Errorf("the reasons are of %v", b.Shown)
	}
	test.Tap(b.Outage.Axis.Boxes[1])
	for _, r := range b.List.Rows {
		if r.Item != nil && r.Item.Phase != "refuse" {
			t.Errorf("the phase's messages hold one of %s", r.Item.Phase)
		}
	}
	test.Tap(b.Filters[advice.Wait])
	test.Tap(b.Outage.Axis.Boxes[1])
	if len(b.List.Rows) != all {
		t.Errorf("%d rows after letting go of both, %d before", len(b.List.Rows), all)
	}
}

// longestHold is how long anything may hold the toolkit's goroutine in tests. The window feels stuck from 100 ms on; a busy
// machine that draws a whole page gets several times that, and the slow keyring and watcher of the tests take longer by far.
const longestHold = 700 * time.Millisecond

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
				began := time.Now()
				do()
				if held := time.Since(began); held > longestHold {
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

// TestMoments: choosing a moment reviews the same mail for it, and the verdicts change in view.
func TestMoments(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	p := params("en")
	asked := make(chan review.Request, 4)
	p.Review = func(_ context.Context, req review.Request) (checklist.Report, error) {
		asked <- req
		r := checklist.Report{At: req.At, Items: []advice.Item{{MessageID: "1", Recipient: "a@libero.it", Subject: "x", Verdict: advice.Wait}}}
		if req.At.After(january(30, 0, 0)) {
			r.Items[0].Verdict = advice.Resend
		}
		return r, nil
	}
	f, _, pump := pumped(t, p)
	shows := func(v advice.Verdict) {
		t.Helper()
		pump(func() bool { return f.board != nil && f.board.Shown != nil && f.board.Shown.Verdict == v })
	}
	shows(advice.Wait)
	f.move(3)
	shows(advice.Resend)
	first, second := <-asked, <-asked
	if !second.At.Equal(p.Moments[3].At) || second.Catalogue != first.Catalogue || !second.Demo {
		t.Errorf("asked for %+v", second)
	}
}

func TestLanguageSwitch(t *testing.T) {
	f, win := window(t, "it", theme.VariantLight, 14)
	told := ""
	f.p.LanguageChosen = func(lang string) { told = lang }
	f.board.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	f.board.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	chosen := f.board.Shown
	f.speak("en")
	if told != "en" || f.board.Shown != chosen {
		t.Errorf("told %q; chosen %v, before %v", told, f.board.Shown, chosen)
	}
	if s := texts(win.Content()); !strings.Contains(s, "Why") || strings.Contains(s, "Perché") || strings.Contains(s, "Rispedisci") {
		t.Errorf("still speaks Italian:\n%s", s)
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

// TestManyMessages: a list of 100,000 is as quick as a short one, for only what is in view is drawn.
func TestManyMessages(t *testing.T) {
	fastest := func(f *Frame) time.Duration { // other programs slow a page down, nothing makes it faster
		best := time.Hour
		for range 12 {
			began := time.Now()
			f.board.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
			best = min(best, time.Since(began))
		}
		return best
	}
	few, _ := window(t, "it", theme.VariantLight, 300)
	usual := fastest(few)
	f, win := window(t, "it", theme.VariantLight, 100_000)
	if took := fastest(f); took > 5*usual+20*time.Millisecond {
		t.Errorf("a page takes %v, in a short list %v", took, usual)
	}
	f.board.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if !strings.Contains(texts(win.Content()), "Arretrati") || f.board.List.At != len(f.board.List.Rows)-1 {
		t.Error("its end is not in view")
	}
}

// TestNothingOverlaps: whatever the sentences and filters above it say, the list begins below them.
func TestNothingOverlaps(t *testing.T) {
	f, win := window(t, "it", theme.VariantLight, 60)
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	check := func(when string) {
		t.Helper()
		top := where(f.board.List).Y
		for v, p := range f.board.Filters {
			if end := where(p).Y + p.Size().Height; p.Visible() && end > top {
				t.Errorf("%s: the filter %q ends at %v, the list begins at %v", when, v, end, top)
			}
		}
		for name, l := range map[string]*widget.Label{"headline": f.board.Headline, "first step": f.board.First} {
			if l.Visible() && l.Size().Height < l.MinSize().Height-1 {
				t.Errorf("%s: the %s has %v, needs %v", when, name, l.Size().Height, l.MinSize().Height)
			}
		}
	}
	win.Content().Refresh() // as the program's canvas does when something needs another size
	check("at first")
	for i := range f.report.Items { // all done: short sentences, one filter
		f.report.Items[i].Verdict = advice.Delivered
	}
	f.load()
	check("all delivered")
	for i := range f.report.Items {
		f.report.Items[i].Verdict = session.Verdicts[i%len(session.Verdicts)]
	}
	f.load()
	check("everything again")
	win.Resize(fyne.NewSize(1024, 640))
	win.Content().Refresh()
	check("in a small window")
}
