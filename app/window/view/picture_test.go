package view

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/window/kit"
	"rimbalzo/internal/advice"
)

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
	panel := kit.Palette[kit.ColourPanel].Light
	if n := inks[panel]; n < 200_000 {
		t.Errorf("only %d points of paper", n)
	}
	for _, name := range []fyne.ThemeColorName{kit.ColourRefused, kit.ColourRejected, kit.VerdictColour(advice.Resend), theme.ColorNameForeground} {
		if inks[kit.Palette[name].Light] < 50 {
			t.Errorf("%d points of %s", inks[kit.Palette[name].Light], name)
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
			test.NewApp().Settings().SetTheme(kit.NewLookIn(tc.variant))
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
