package view

import (
	"context"
	"errors"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

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

// contrast is the contrast ratio of two opaque colours (WCAG 2.1, definition of contrast ratio).
func contrast(a, b color.NRGBA) float64 {
	luminance := func(c color.NRGBA) float64 {
		part := func(v uint8) float64 {
			s := float64(v) / 255
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
	}
	hi, lo := luminance(a), luminance(b)
	if hi < lo {
		hi, lo = lo, hi
	}
	return (hi + 0.05) / (lo + 0.05)
}

// over is what is seen of c on an opaque ground.
func over(c, ground color.NRGBA) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*int(c.A) + int(b)*(255-int(c.A))) / 255) }
	return color.NRGBA{R: mix(c.R, ground.R), G: mix(c.G, ground.G), B: mix(c.B, ground.B), A: 255}
}

func TestContrast(t *testing.T) {
	selected := fyne.ThemeColorName("a chosen row of the list") // the selection's colour over the panel's
	pairs := map[float64]map[fyne.ThemeColorName][]fyne.ThemeColorName{
		4.5: {
			theme.ColorNameForeground:          {theme.ColorNameBackground, colourPanel, colourGroup, colourChosen, colourBanner, theme.ColorNameButton, theme.ColorNameInputBackground, selected},
			theme.ColorNamePlaceHolder:         {theme.ColorNameBackground, colourPanel, colourGroup, colourChosen, theme.ColorNameInputBackground, selected},
			theme.ColorNamePrimary:             {colourPanel, colourGroup},
			theme.ColorNameError:               {colourPanel, theme.ColorNameBackground},
			theme.ColorNameForegroundOnPrimary: {theme.ColorNamePrimary},
		},
		3: { // graphics: WCAG 2.1, 1.4.11
			colourAccepted: {colourPanel}, colourRefused: {colourPanel}, colourRejected: {colourPanel}, colourPartial: {colourPanel}, colourNormal: {colourPanel},
			theme.ColorNameInputBorder: {colourPanel, theme.ColorNameInputBackground},
		},
	}
	for _, v := range session.Verdicts {
		pairs[4.5][verdictColour(v)] = []fyne.ThemeColorName{colourPanel, theme.ColorNameButton, selected}
	}
	for name, variant := range map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark} {
		l := newLookIn(variant)
		shade := func(n fyne.ThemeColorName) color.NRGBA {
			c, ok := l.Color(n, variant).(color.NRGBA)
			if n == selected {
				panel, _ := l.Color(colourPanel, variant).(color.NRGBA)
				selection, _ := l.Color(theme.ColorNameSelection, variant).(color.NRGBA)
				return over(selection, panel)
			}
			if !ok {
				t.Fatalf("%s has no colour of ours", n)
			}
			return c
		}
		for least, colours := range pairs {
			for fore, grounds := range colours {
				for _, ground := range grounds {
					if got := contrast(shade(fore), shade(ground)); got < least {
						t.Errorf("%s: %s on %s has %.2f, needs %v", name, fore, ground, got, least)
					}
				}
			}
		}
	}
}

// TestSymbols: every verdict has a drawing, which is what those see who tell no colours apart.
func TestSymbols(t *testing.T) {
	test.NewApp().Settings().SetTheme(newLookIn(theme.VariantLight))
	seen := map[string]advice.Verdict{}
	for _, v := range session.Verdicts {
		drawing := strings.ReplaceAll(string(verdictSymbol(v).Content()), hexOf(verdictColour(v)), symbolInk)
		if !strings.HasPrefix(drawing, "<svg") {
			t.Errorf("%s has no drawing", v)
		}
		if other, twice := seen[drawing]; twice {
			t.Errorf("%s and %s look alike", v, other)
		}
		seen[drawing] = v
	}
}

// window shows a sample of n messages.
func window(t *testing.T, lang string, variant fyne.ThemeVariant, n int) (*Frame, fyne.Window) {
	t.Helper()
	test.NewApp().Settings().SetTheme(newLookIn(variant))
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
	l := f.board.list
	if win.Canvas().Focused() != fyne.Focusable(l) {
		t.Fatalf("the keys go to %T", win.Canvas().Focused())
	}
	press := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	first := l.item()
	press(fyne.KeyDown)
	if l.item() == first || l.item() == nil || f.board.shown != l.item() {
		t.Errorf("Down chose %v, the reasons are of %v", l.item(), f.board.shown)
	}
	press(fyne.KeySpace)
	if !f.p.Ticks.Has(l.item()) || f.p.Ticks.Has(first) {
		t.Error("Space did not tick the chosen message")
	}
	press(fyne.KeySpace)
	if f.p.Ticks.Has(l.item()) {
		t.Error("Space a second time did not take the tick away")
	}
	press(fyne.KeyEnd, fyne.KeyDown)
	if l.at != len(l.rows)-1 {
		t.Errorf("End leads to row %d of %d", l.at, len(l.rows))
	}
	press(fyne.KeyHome, fyne.KeyUp)
	if l.item() != first {
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
	f.board.list.tick(f.board.list.item(), f.board.list.at)
	if saved != 1 || !strings.Contains(f.board.headline.Text, "1 ticked off") {
		t.Errorf("saved %d times; %q", saved, f.board.headline.Text)
	}
	f.p.SaveTicks = func(*checklist.Ticks) error { return errors.New("disk full") }
	f.board.list.tick(f.board.list.item(), f.board.list.at)
	f.board.list.tick(f.board.list.item(), f.board.list.at)
	if n := len(f.win.Canvas().Overlays().List()); n != 1 {
		t.Errorf("a full disk is told %d times", n)
	}
}

func TestFilters(t *testing.T) {
	f, _ := window(t, "it", theme.VariantLight, 35)
	b := f.board
	all := len(b.list.rows)
	test.Tap(b.filters[advice.Wait])
	for _, r := range b.list.rows {
		if r.Item != nil && r.Item.Verdict != advice.Wait {
			t.Fatalf("«Aspetta» shows %s", r.Item.Verdict)
		}
	}
	if b.shown == nil || b.shown.Verdict != advice.Wait {
		t.Errorf("the reasons are of %v", b.shown)
	}
	test.Tap(b.outage.axis.boxes[1])
	for _, r := range b.list.rows {
		if r.Item != nil && r.Item.Phase != "refuse" {
			t.Errorf("the phase's messages hold one of %s", r.Item.Phase)
		}
	}
	test.Tap(b.filters[advice.Wait])
	test.Tap(b.outage.axis.boxes[1])
	if len(b.list.rows) != all {
		t.Errorf("%d rows after letting go of both, %d before", len(b.list.rows), all)
	}
}

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
		for !so() {
			select {
			case do := <-queue:
				do()
			case <-time.After(10 * time.Second):
				t.Fatalf("in vain; shown is\n%s", texts(win.Content()))
			}
		}
	}
}

// TestMoments: choosing a moment reviews the same mail for it, and the verdicts change in view.
func TestMoments(t *testing.T) {
	test.NewApp().Settings().SetTheme(newLookIn(theme.VariantLight))
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
		pump(func() bool { return f.board != nil && f.board.shown != nil && f.board.shown.Verdict == v })
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
	f.board.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	f.board.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	chosen := f.board.shown
	f.speak("en")
	if told != "en" || f.board.shown != chosen {
		t.Errorf("told %q; chosen %v, before %v", told, f.board.shown, chosen)
	}
	if s := texts(win.Content()); !strings.Contains(s, "Why") || strings.Contains(s, "Perché") || strings.Contains(s, "Rispedisci") {
		t.Errorf("still speaks Italian:\n%s", s)
	}
}

// TestHostileText: what strangers wrote stays text, on its line, in its direction.
func TestHostileText(t *testing.T) {
	test.NewApp().Settings().SetTheme(newLookIn(theme.VariantDark))
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
			f.board.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
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
	f.board.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if !strings.Contains(texts(win.Content()), "Arretrati") || f.board.list.at != len(f.board.list.rows)-1 {
		t.Error("its end is not in view")
	}
}

func TestPages(t *testing.T) {
	test.NewApp().Settings().SetTheme(newLookIn(theme.VariantLight))
	for name, tc := range map[string]struct {
		open func(*Frame)
		want []string
	}{
		"welcome":    {func(*Frame) {}, []string{"What became of your mail?", "Connect an account", "Try the demo", "changes nothing"}},
		"mail files": {(*Frame).openMail, []string{"Received mail", "Sent mail"}},
		"an account": {func(f *Frame) { f.show(f.imapPage) }, []string{"IMAP server", "stays in memory"}},
		"reading":    {func(f *Frame) { f.show(f.readingPage); f.count.set(1234) }, []string{"1,234 messages read", "Cancel"}},
		"a failure":  {func(f *Frame) { f.fail(errors.New("wrong password")) }, []string{"Something did not work", "wrong password", "Nothing has changed"}},
		"nothing":    {func(f *Frame) { f.show(f.boardPage) }, []string{"No message was touched", "another folder"}},
		"no selection": {func(f *Frame) {
			f.p.Moments = []session.Moment{{Title: "x"}}
			f.finished(checklist.Report{}, nil)
		}, []string{"There is no message here", "Choose a message", "No known outage"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := params("en")
			p.Start, p.Moments, p.Banner = nil, nil, ""
			p.Demo = func(context.Context, *words.Words) (session.Demo, error) { return session.Demo{}, nil }
			win := test.NewWindow(nil)
			f := NewFrame(p, win)
			defer f.Close()
			win.Resize(fyne.NewSize(1024, 640))
			tc.open(f)
			shown := strings.ReplaceAll(texts(win.Content()), "\n", " ")
			for _, want := range tc.want {
				if !strings.Contains(shown, want) {
					t.Errorf("does not say %q:\n%s", want, shown)
				}
			}
			if regexp.MustCompile(`window\.[a-z]`).MatchString(shown) {
				t.Errorf("a sentence is missing:\n%s", shown)
			}
		})
	}
}

// TestAccountPage: what was typed becomes a review; the password goes along in memory and is asked for when missing.
func TestAccountPage(t *testing.T) {
	test.NewApp().Settings().SetTheme(newLookIn(theme.VariantLight))
	p := params("en")
	p.Start = nil
	got := make(chan review.Request, 1)
	p.Review = func(_ context.Context, req review.Request) (checklist.Report, error) {
		got <- req
		return checklist.Report{}, nil
	}
	f, win, pump := pumped(t, p)
	f.mail = session.Account{Address: "anna@libero.it", Server: "imapmail.libero.it"}
	f.show(f.imapPage)
	var password *widget.Entry
	var connect *widget.Button
	for _, o := range test.LaidOutObjects(win.Content()) {
		switch o := o.(type) {
		case *widget.Entry:
			if o.Password {
				password = o
			}
		case *widget.Button:
			if o.Text == "Connect and read" {
				connect = o
			}
		}
	}
	test.Tap(connect)
	if s := texts(win.Content()); !strings.Contains(s, "The password is missing.") {
		t.Fatalf("does not ask for the password:\n%s", s)
	}
	password.SetText("segreto")
	test.Tap(connect)
	pump(func() bool { return f.reviewed })
	req := <-got
	secret, err := req.Password(t.Context())
	if req.IMAP != "imaps://anna%40libero.it@imapmail.libero.it:993" || secret != "segreto" || err != nil {
		t.Errorf("reads %q with %q, %v", req.IMAP, secret, err)
	}
	if strings.Contains(req.IMAP, "segreto") || req.Catalogue == nil || req.At.IsZero() {
		t.Errorf("asks for %+v", req)
	}
}

// TestClosingEndsTheReview: nothing goes on reading mail after the window is gone.
func TestClosingEndsTheReview(t *testing.T) {
	test.NewApp()
	p := params("en")
	ended := make(chan struct{})
	p.Review = func(ctx context.Context, _ review.Request) (checklist.Report, error) {
		<-ctx.Done()
		close(ended)
		return checklist.Report{}, ctx.Err()
	}
	f := NewFrame(p, test.NewWindow(nil))
	f.Close()
	select {
	case <-ended:
	default:
		t.Error("the review still runs")
	}
}

// TestDemo: the button starts the demo off the toolkit's goroutine, shows its mail and its moments, and leaving stops it.
func TestDemo(t *testing.T) {
	test.NewApp().Settings().SetTheme(newLookIn(theme.VariantLight))
	p := params("en")
	demo := session.Demo{Start: *p.Start, Moments: p.Moments, Banner: "This is the demo."}
	stopped := 0
	demo.Stop = func() { stopped++ }
	p.Start, p.Moments, p.Banner = nil, nil, ""
	p.Demo = func(context.Context, *words.Words) (session.Demo, error) { return demo, nil }
	p.Review = func(_ context.Context, req review.Request) (checklist.Report, error) { return sample(t, 7), nil }
	f, win, pump := pumped(t, p)
	f.tryDemo()
	pump(func() bool { return f.reviewed })
	if s := texts(win.Content()); !strings.Contains(s, "This is the demo.") || !strings.Contains(s, "3 feb, 9:00") {
		t.Errorf("shows\n%s", s)
	}
	if f.moment != 2 || stopped != 0 {
		t.Errorf("stands at moment %d, stopped %d times", f.moment, stopped)
	}
	f.leave()
	if s := texts(win.Content()); stopped != 1 || strings.Contains(s, "This is the demo.") {
		t.Errorf("stopped %d times, shows\n%s", stopped, s)
	}
}

func TestPicture(t *testing.T) {
	img, err := Picture(params("it"), sample(t, 40), image.Pt(1280, 800))
	if err != nil || img.Bounds().Size() != image.Pt(1280, 800) {
		t.Fatalf("%v, %v", img, err)
	}
	inks := map[color.Color]int{}
	for y := range 800 {
		for x := range 1280 {
			inks[img.At(x, y)]++
		}
	}
	panel := palette[colourPanel].light
	if n := inks[panel]; n < 200_000 {
		t.Errorf("only %d points of paper", n)
	}
	for _, name := range []fyne.ThemeColorName{colourRefused, colourRejected, verdictColour(advice.Resend), theme.ColorNameForeground} {
		if inks[palette[name].light] < 50 {
			t.Errorf("%d points of %s", inks[palette[name].light], name)
		}
	}
	for _, size := range []image.Point{{}, {-1, 5}, {100_000, 100}} {
		if _, err := Picture(params("it"), sample(t, 1), size); err == nil {
			t.Errorf("draws a picture of %v", size)
		}
	}
}

// TestGolden compares the main page with what it was when somebody last looked at it; testdata/failed holds what it is now.
func TestGolden(t *testing.T) {
	for name, tc := range map[string]struct {
		lang    string
		variant fyne.ThemeVariant
		size    fyne.Size
		items   int
	}{
		"board-it-light": {"it", theme.VariantLight, fyne.NewSize(1280, 800), 6},
		"board-en-dark":  {"en", theme.VariantDark, fyne.NewSize(1280, 800), 6},
		"board-it-small": {"it", theme.VariantLight, fyne.NewSize(1024, 640), 6},
		"board-en-empty": {"en", theme.VariantLight, fyne.NewSize(1024, 640), 0},
	} {
		t.Run(name, func(t *testing.T) {
			test.NewApp().Settings().SetTheme(newLookIn(tc.variant))
			f, win := still(params(tc.lang), sample(t, tc.items))
			defer f.Close()
			win.Resize(tc.size)
			win.Content().Refresh()
			compare(t, name+".xml", test.RenderToMarkup(win.Canvas()))
		})
	}
}

// compare holds a page to its picture in words, and tells the first line that differs: the toolkit's own comparison prints
// both as a whole.
func compare(t *testing.T, name, got string) {
	t.Helper()
	want, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Error(err)
	}
	lines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i < len(lines) && line == lines[i] {
			continue
		}
		failed := filepath.Join("testdata", "failed", name)
		if err := os.MkdirAll(filepath.Dir(failed), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(failed, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Fatalf("line %d is now %s: if that is meant, %s takes the place of the old one", i+1, strings.TrimSpace(line), failed)
	}
}

// TestNothingOverlaps: whatever the sentences and filters above it say, the list begins below them.
func TestNothingOverlaps(t *testing.T) {
	f, win := window(t, "it", theme.VariantLight, 60)
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	check := func(when string) {
		t.Helper()
		top := where(f.board.list).Y
		for v, p := range f.board.filters {
			if end := where(p).Y + p.Size().Height; p.Visible() && end > top {
				t.Errorf("%s: the filter %q ends at %v, the list begins at %v", when, v, end, top)
			}
		}
		for name, l := range map[string]*widget.Label{"headline": f.board.headline, "first step": f.board.first} {
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
