package view

import (
	"os"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/settings"
	"rimbalzo/app/window/kit"
)

// scaleVariable is where the toolkit looks for the person's scale; it knows no other way from within a program
// (https://docs.fyne.io/architecture/scaling/).
const scaleVariable = "FYNE_SCALE"

// largest are the window's measures at the start, in the toolkit's units at 100 %.
const startWidth, startHeight = 1200, 740

// Dress gives an app the colours, the sizes and the scale that a person chose.
func Dress(a fyne.App, s settings.Settings) error {
	if s.Scale != 0 {
		if err := os.Setenv(scaleVariable, strconv.FormatFloat(float64(s.Scale)/settings.MinScale, 'f', 2, 64)); err != nil {
			return err
		}
	}
	a.Settings().SetTheme(look(s))
	return nil
}

// look is the theme of a choice.
func look(s settings.Settings) fyne.Theme {
	switch s.Theme {
	case "light":
		return kit.NewLookIn(theme.VariantLight)
	case "dark":
		return kit.NewLookIn(theme.VariantDark)
	}
	return kit.NewLook()
}

// StartSize is the window's size at the start: on the screen it is the same whatever the scale.
func StartSize(s settings.Settings) fyne.Size {
	return shrunk(fyne.NewSize(startWidth, startHeight), 1, factor(s))
}

func factor(s settings.Settings) float32 {
	if s.Scale == 0 {
		return 1
	}
	return float32(s.Scale) / settings.MinScale
}

// shrunk gives the size that takes the same room on the screen at another scale.
func shrunk(size fyne.Size, from, to float32) fyne.Size {
	return fyne.NewSize(size.Width*from/to, size.Height*from/to)
}

// apply makes what a person chose count in the window at once. The page in view is built anew, in the language and the looks of
// the choice.
func (f *Frame) apply(s settings.Settings) {
	was := f.chosen
	f.chosen = s
	lang := s.Language
	if lang == "" {
		lang = f.usual
	}
	f.speak(lang)
	if s.Theme == was.Theme && s.Scale == was.Scale {
		return
	}
	size, from := f.win.Canvas().Size(), f.win.Canvas().Scale()
	if s.Scale != was.Scale && s.Scale == 0 {
		s.Scale = settings.MinScale
	}
	if err := Dress(fyne.CurrentApp(), s); err != nil {
		f.tell("window.failed", f.explain(err))
		return
	}
	if s.Scale != was.Scale {
		f.win.Resize(shrunk(size, from, from*factor(s)/factor(was)))
	}
}
