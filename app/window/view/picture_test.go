package view

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
)

func TestPicture(t *testing.T) {
	img, err := Picture(params("it"), sample(t, 40), session.Shot{Place: atChecklist, Size: image.Pt(1280, 800)})
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
		if _, err := Picture(params("it"), sample(t, 1), session.Shot{Place: atNow, Size: size}); err == nil {
			t.Errorf("draws a picture of %v", size)
		}
	}
}
