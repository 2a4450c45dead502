package outages

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// opened is a page in a window.
func opened(t testing.TB, p Params, r checklist.Report, size fyne.Size) (*Page, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	g := New(p)
	g.Load(r, outage.Builtin())
	win := test.NewTempWindow(t, g.Root())
	win.SetPadded(false)
	win.Resize(size)
	win.Content().Refresh()
	return g, win
}

// press types keys at what has the focus.
func press(win fyne.Window, keys ...fyne.KeyName) {
	for _, k := range keys {
		if f := win.Canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
}

// TestKeyboard: Tab goes from lane to lane, the arrows along them, and what is there is told; Enter shows a phase's messages.
func TestKeyboard(t *testing.T) {
	p := past()
	var asked []string
	q := params(words.New("en"), &p)
	q.OnPhase = func(outage, phase string) { asked = append(asked, outage+"/"+phase) }
	g, win := opened(t, q, report(t, 40, "libero-2023-01", "libero-2023-06"), golden.Room)
	says := func(want string) {
		t.Helper()
		if got := g.chart.told.Text; !strings.Contains(got, want) {
			t.Errorf("it says %q, not %q", got, want)
		}
	}
	win.Canvas().Focus(g.First())
	says("Phase 1 of 5")
	press(win, fyne.KeyRight, fyne.KeyRight)
	says("Phase 3 of 5")
	press(win, fyne.KeyReturn)
	press(win, fyne.KeyEnd, fyne.KeyRight, fyne.KeySpace)
	says("Phase 5 of 5")
	if want := []string{"libero-2023-01/restart-550", "libero-2023-01/" + g.known[0].Count.Outage.Phases[4].ID}; !slices.Equal(asked, want) {
		t.Errorf("the messages of %v are asked for, want %v", asked, want)
	}
	press(win, fyne.KeyHome, fyne.KeyUp, fyne.KeyHome)
	says("24 Jan 20:00")
	press(win, fyne.KeyRight)
	says("Was it kept? Not kept.")
	press(win, fyne.KeyUp) // there is no lane above
	says("Was it kept? Not kept.")
	win.Canvas().FocusNext()
	win.Canvas().FocusNext()
	says("warning of delay")
	press(win, fyne.KeyDown, fyne.KeyDown, fyne.KeyHome, fyne.KeyRight)
	says("Reading mail")
	win.Canvas().Unfocus()
	says("Point at something")
}

// TestAsked: Enter on a notice says which messages it is about, on a flag where the statement is written; it stays while the
// pointer and the keys go on to the button in it, and goes with a second Enter.
func TestAsked(t *testing.T) {
	p := past()
	q := params(words.New("en"), &p)
	copied := ""
	q.Copied = func(s string) { copied = s }
	g, win := opened(t, q, report(t, 40, "libero-2023-01"), golden.Room)
	shown := func() string { return golden.Shown(g.chart.more) }
	lane := func(kind session.LaneKind) {
		t.Helper()
		for _, l := range g.chart.lanes {
			if l.data.Kind == kind {
				win.Canvas().Focus(l)
				return
			}
		}
		t.Fatalf("no lane %s", kind)
	}
	lane(session.LaneBounces)
	press(win, fyne.KeyHome, fyne.KeyReturn)
	it := g.mail[0]
	if got := shown(); !strings.Contains(got, "@") || !strings.Contains(got, ", for ") || it.At.IsZero() {
		t.Errorf("of a notice it says %q", got)
	}
	press(win, fyne.KeyReturn)
	if got := shown(); got != "" {
		t.Errorf("a second Enter leaves %q", got)
	}
	lane(session.LaneSaid)
	press(win, fyne.KeyHome, fyne.KeyReturn)
	win.Canvas().Unfocus()
	if got := shown(); !strings.Contains(got, "https://") {
		t.Errorf("of a statement it says %q", got)
	}
	for _, pill := range golden.Pills(g.chart.more) {
		test.Tap(pill)
	}
	if !strings.HasPrefix(copied, "https://") {
		t.Errorf("copied is %q", copied)
	}
}

// TestPointer: what the pointer is on is told, and a click on a phase shows its messages.
func TestPointer(t *testing.T) {
	var asked string
	q := params(words.New("en"), nil)
	q.OnPhase = func(_, phase string) { asked = phase }
	g, _ := opened(t, q, report(t, 40, "libero-2023-01"), golden.Room)
	l := g.chart.lanes[1]
	from, width := l.track()
	piece := l.data.Pieces[1]
	at := fyne.NewPos(from+width*(piece.From+piece.To)/2, 10)
	l.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}})
	if got := g.chart.told.Text; got != piece.Words {
		t.Errorf("it says %q", got)
	}
	test.TapAt(l, at)
	if asked != "refuse" {
		t.Errorf("the messages of %q are shown", asked)
	}
	l.MouseOut()
	if got := g.chart.told.Text; !strings.HasPrefix(got, "Point at something") {
		t.Errorf("away from everything it says %q", got)
	}
	for _, x := range []float32{-50, 0, 1e6} {
		test.TapAt(l, fyne.NewPos(x, 10)) // nothing is there
	}
}

// TestTable: a line of the table is pressed by keys, its sources come and go.
func TestTable(t *testing.T) {
	var asked string
	q := params(words.New("it"), nil)
	q.OnPhase = func(_, phase string) { asked = phase }
	_, win := opened(t, q, report(t, 40, "libero-2023-01"), golden.Room)
	var row *phaseRow
	var pill *kit.Pill
	for range 40 {
		win.Canvas().FocusNext()
		if r, ok := win.Canvas().Focused().(*phaseRow); ok {
			row = r
			press(win, fyne.KeyEnter)
			win.Canvas().FocusNext()
			pill, _ = win.Canvas().Focused().(*kit.Pill)
			break
		}
	}
	if row == nil || asked != "accept-queue" {
		t.Fatalf("the keys do not reach the table, and show %q", asked)
	}
	if pill == nil || pill.Text != "4 fonti" {
		t.Fatalf("after the line comes %v", pill)
	}
	shown := func() bool { return strings.Contains(test.RenderToMarkup(win.Canvas()), "Il Giornale, 23/01/2023") }
	if press(win, fyne.KeySpace); !shown() || !pill.Chosen {
		t.Error("its sources are not shown")
	}
	if press(win, fyne.KeySpace); shown() || pill.Chosen {
		t.Error("its sources are not hidden again")
	}
}

// TestBars: the arrows walk the bars of availability, and each is told.
func TestBars(t *testing.T) {
	p := past()
	g, win := opened(t, params(words.New("en"), &p), report(t, 4, "libero-2023-01"), golden.Room)
	var b *bars
	for range 60 {
		win.Canvas().FocusNext()
		if b, _ = win.Canvas().Focused().(*bars); b != nil {
			break
		}
	}
	if b == nil {
		t.Fatal("the keys do not reach the bars")
	}
	said := ""
	tell := b.tell
	b.tell = func(s string) { said = s; tell(s) }
	for _, c := range []struct {
		key  fyne.KeyName
		want string
	}{{fyne.KeyHome, "4 Jan: it worked."}, {fyne.KeyEnd, "3 Feb: it worked."}} {
		if press(win, c.key); said != c.want {
			t.Errorf("%s tells %q, want %q", c.key, said, c.want)
		}
	}
	for range 8 {
		press(win, fyne.KeyLeft)
	}
	if want := "26 Jan: it did not work."; said != want {
		t.Errorf("it tells %q, want %q", said, want)
	}
	if want := (State{"libero-2023-01", session.LastMonth}); g.State() != want {
		t.Errorf("its state is %+v", g.State())
	}
}

// TestHistoryWords: while the history is read, when it cannot be, and when there is none, the page says so, and never that
// nobody looked.
func TestHistoryWords(t *testing.T) {
	broken := params(words.New("en"), nil)
	broken.History = func(context.Context, time.Time) (session.Past, error) {
		return session.Past{}, errors.New("the disk is gone")
	}
	slow := params(words.New("en"), &session.Past{})
	slow.Run = func(func(context.Context) func()) {}
	demo := report(t, 5, "libero-2023-01")
	demo.Demo = true
	for name, tc := range map[string]struct {
		params    Params
		report    checklist.Report
		want, not string
	}{
		"reading": {slow, report(t, 5, "libero-2023-01"), "Reading what was seen…", "did not look"},
		"broken":  {broken, report(t, 5, "libero-2023-01"), "the disk is gone", "did not look"},
		"empty":   {params(words.New("en"), &session.Past{}), report(t, 5, "libero-2023-01"), "Nothing was looked at yet.", "the disk"},
		"demo":    {params(words.New("en"), &session.Past{}), demo, "these checks are invented", "Nothing was looked at yet"},
	} {
		t.Run(name, func(t *testing.T) {
			_, win := opened(t, tc.params, tc.report, fyne.NewSize(1104, 3000))
			markup := test.RenderToMarkup(win.Canvas())
			if !strings.Contains(markup, tc.want) || strings.Contains(markup, tc.not) {
				t.Errorf("it does not say %q, or says %q", tc.want, tc.not)
			}
		})
	}
}

// TestLateHistory: what an older load asked for does not overwrite the newer one's.
func TestLateHistory(t *testing.T) {
	p := past()
	q := params(words.New("en"), &p)
	var late []func(context.Context) func()
	q.Run = func(do func(context.Context) func()) { late = append(late, do) }
	g, _ := opened(t, q, report(t, 5, "libero-2023-01"), golden.Room)
	g.Load(report(t, 5, "libero-2023-01"), nil)
	p = session.Past{}
	late[1](context.Background())()
	p = past()
	late[0](context.Background())()
	if len(g.seen) != 0 {
		t.Errorf("%d services of the older look are shown", len(g.seen))
	}
}

// TestRooms: nothing is cut off in the room of a small window, nor at the edge where the table changes its form.
func TestRooms(t *testing.T) {
	for _, width := range []float32{562, 640, 848, 870, 1400} {
		for _, lang := range words.Languages {
			p := past()
			g, win := opened(t, params(words.New(lang), &p), report(t, 40, "libero-2023-06"), fyne.NewSize(width, 640))
			golden.Check(t, win)
			g.chart.lanes[1].step(4)
			win.Content().Refresh()
			golden.Check(t, win)
		}
	}
}

// BenchmarkPage draws an outage of 10,000 notices and a year of five services, from the report to the picture's objects.
func BenchmarkPage(b *testing.B) {
	p := past()
	r := report(b, 10_000, "libero-2023-01")
	b.Logf("%d looks, %d sums", len(p.Looks), len(p.Sums))
	test.NewTempApp(b).Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	q := params(words.New("en"), &p)
	g := New(q)
	win := test.NewTempWindow(b, g.Root())
	win.SetPadded(false)
	win.Resize(golden.Room)
	g.Restore(State{Period: session.LastYear})
	for b.Loop() {
		g.Load(r, outage.Builtin())
	}
}
