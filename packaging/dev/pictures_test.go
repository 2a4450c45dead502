package main

import (
	"image"
	"image/color"
	"testing"
)

// TestInPalette: the colours of areas stay as they are, and the edges of letters come near enough not to be seen.
func TestInPalette(t *testing.T) {
	full := image.NewNRGBA(image.Rect(0, 0, 80, 80))
	paper, ink := color.NRGBA{R: 250, G: 249, B: 247, A: 255}, color.NRGBA{R: 200, G: 30, B: 40, A: 255}
	for y := range 80 {
		for x := range 80 {
			switch {
			case y < 30:
				full.Set(x, y, paper)
			case y < 50:
				full.Set(x, y, ink)
			default: // 2,400 colours
				full.Set(x, y, color.NRGBA{R: uint8(3 * x), G: uint8(5 * (y - 50)), B: uint8(x + y), A: 255})
			}
		}
	}
	small := inPalette(full)
	if n := len(small.Palette); n > 256 || n < 100 {
		t.Errorf("%d colours", n)
	}
	for y := range 80 {
		for x := range 80 {
			want, got := solid(full, x, y), solid(small, x, y)
			if far := apart(want, got); far > 32*32 || (y < 50 && far != 0) {
				t.Fatalf("%d, %d: %v became %v", x, y, want, got)
			}
		}
	}
}
