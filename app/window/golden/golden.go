// Package golden holds the window's pages to what they looked like when somebody last looked at them: in both languages, light
// and dark, with nothing, a little and much in them. It is for tests.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/window/kit"
	"rimbalzo/internal/words"
)

var update = flag.Bool("update", false, "write the goldens anew: look at the pictures before")

// Fill is how much is in a page.
type Fill string

// The fills. A page with little in it is drawn in a window of 1280x800 at 200 %, the others at 100 %.
const (
	Empty Fill = "empty"
	Small Fill = "small"
	Full  Fill = "full"
)

// The room that a page has beside the rail: in a window of 1280x800 at 100 % and at 200 %.
var (
	Room  = fyne.NewSize(1104, 800)
	Scant = fyne.NewSize(562, 400)
)

// Page draws a page with each fill in each language and look, and compares each with testdata/NAME-LANGUAGE-FILL.txt: the
// rendered markup, in which a line that is another one in a dark window stands twice. What differs is written to
// testdata/failed; "go test -update" takes it. It also fails on words that are cut off or lie over others, and
// on a page that does not fit its room. With RIMBALZO_LOOK set to a folder, pictures of all are left there.
//
// build is called with the toolkit's app in place, and must give a page of its own each time.
func Page(t *testing.T, name string, build func(w *words.Words, fill Fill) fyne.CanvasObject) {
	t.Helper()
	for _, lang := range words.Languages {
		for _, fill := range []Fill{Empty, Small, Full} {
			t.Run(lang+"-"+string(fill), func(t *testing.T) {
				light := draw(t, name, lang, fill, theme.VariantLight, build)
				dark := draw(t, name, lang, fill, theme.VariantDark, build)
				compare(t, name+"-"+lang+"-"+string(fill)+".txt", both(light, dark))
			})
		}
	}
}

func draw(t *testing.T, name, lang string, fill Fill, variant fyne.ThemeVariant, build func(*words.Words, Fill) fyne.CanvasObject) string {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewLookIn(variant))
	size := Room
	if fill == Small {
		size = Scant
	}
	page := build(words.New(lang), fill)
	win := test.NewTempWindow(t, page)
	win.SetPadded(false)
	win.Resize(size)
	// Lines that break are as high as the width that they were last given: the second pass knows it.
	win.Content().Refresh()
	if variant == theme.VariantLight {
		Check(t, win)
	}
	picture(t, win, strings.Join([]string{name, lang, string(fill), map[fyne.ThemeVariant]string{theme.VariantLight: "light", theme.VariantDark: "dark"}[variant]}, "-"))
	return test.RenderToMarkup(win.Canvas())
}

// Check fails on a window whose words are cut off or lie over others, or that wants to be larger than it is.
func Check(t *testing.T, win fyne.Window) {
	t.Helper()
	for _, wrong := range Faults(win.Canvas().Content()) {
		t.Error(wrong)
	}
	want, has := win.Canvas().Content().MinSize(), win.Canvas().Size()
	if want.Width > has.Width+1 || want.Height > has.Height+1 {
		t.Errorf("it wants %v, and has %v", want, has)
	}
}

// both puts two renderings of a page into one text: a line that both have stands once, others stand after each other.
func both(light, dark string) string {
	a, b := strings.Split(light, "\n"), strings.Split(dark, "\n")
	var out strings.Builder
	if len(a) != len(b) {
		return light + "\n--- dark ---\n" + dark
	}
	for i := range a {
		if out.WriteString(a[i] + "\n"); a[i] != b[i] {
			out.WriteString("dark" + b[i] + "\n")
		}
	}
	return out.String()
}

// compare holds a page to its golden, and tells the first line that differs: the toolkit's own comparison prints both whole.
func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		keep(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	}
	lines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i < len(lines) && line == lines[i] {
			continue
		}
		failed := filepath.Join("testdata", "failed", name)
		keep(t, failed, got)
		t.Fatalf("line %d is now %s: if that is meant, %s takes the place of the old one (-update)", i+1, strings.TrimSpace(line), failed)
	}
}

func keep(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
