package kit

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
)

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
			theme.ColorNameForeground:          {theme.ColorNameBackground, ColourPanel, ColourGroup, ColourChosen, ColourBanner, ColourRail, theme.ColorNameButton, theme.ColorNameInputBackground, selected},
			theme.ColorNamePlaceHolder:         {theme.ColorNameBackground, ColourPanel, ColourGroup, ColourChosen, theme.ColorNameInputBackground, ColourRail, selected},
			theme.ColorNamePrimary:             {ColourPanel, ColourGroup, ColourChosen},
			theme.ColorNameError:               {ColourPanel, theme.ColorNameBackground},
			theme.ColorNameForegroundOnPrimary: {theme.ColorNamePrimary},
			theme.ColorNameWarning:             {ColourGroup}, // a promise that was not
		},
		3: { // graphics: WCAG 2.1, 1.4.11
			colourAccepted: {ColourPanel}, ColourRefused: {ColourPanel}, ColourRejected: {ColourPanel}, colourPartial: {ColourPanel}, colourNormal: {ColourPanel},
			theme.ColorNameInputBorder: {ColourPanel, theme.ColorNameInputBackground},
			theme.ColorNameSuccess:     {ColourPanel}, // a promise that was kept; its tick has the panel's colour
		},
	}
	for _, v := range session.Verdicts {
		pairs[4.5][VerdictColour(v)] = []fyne.ThemeColorName{ColourPanel, theme.ColorNameButton, selected}
	}
	for name, variant := range map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark} {
		l := NewLookIn(variant)
		shade := func(n fyne.ThemeColorName) color.NRGBA {
			c, ok := l.Color(n, variant).(color.NRGBA)
			if n == selected {
				panel, _ := l.Color(ColourPanel, variant).(color.NRGBA)
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
	test.NewApp().Settings().SetTheme(NewLookIn(theme.VariantLight))
	seen := map[string]advice.Verdict{}
	for _, v := range session.Verdicts {
		drawing := strings.ReplaceAll(string(VerdictSymbol(v).Content()), hexOf(VerdictColour(v)), symbolInk)
		if !strings.HasPrefix(drawing, "<svg") {
			t.Errorf("%s has no drawing", v)
		}
		if other, twice := seen[drawing]; twice {
			t.Errorf("%s and %s look alike", v, other)
		}
		seen[drawing] = v
	}
}
