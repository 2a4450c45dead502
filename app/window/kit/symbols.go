package kit

import (
	"bytes"
	"embed"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/internal/advice"
)

//go:embed symbols/*.svg
var symbolFiles embed.FS

// symbolInk is the colour in which the drawings are stored, and which is replaced. The toolkit's own way
// (theme.NewColoredResource) leaves strokes alone, and these drawings are strokes.
const symbolInk = "#000000"

// symbols keeps the drawings in the colours asked for so far: rows ask for them while scrolling. It is used on the
// toolkit's goroutine alone.
var symbols = map[string]fyne.Resource{}

// Symbol gives one of our drawings in a colour of the theme; a name that is not there gives the toolkit's broken picture.
func Symbol(name string, colour fyne.ThemeColorName) fyne.Resource {
	ink := hexOf(colour)
	key := name + ink + ".svg"
	if r, ok := symbols[key]; ok {
		return r
	}
	data, err := symbolFiles.ReadFile("symbols/" + name + ".svg")
	if err != nil {
		return theme.BrokenImageIcon()
	}
	r := fyne.NewStaticResource(key, bytes.ReplaceAll(data, []byte(symbolInk), []byte(ink)))
	symbols[key] = r
	return r
}

// hexOf gives a colour of the theme as SVG writes it.
func hexOf(colour fyne.ThemeColorName) string {
	r, g, b, _ := theme.Color(colour).RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

func VerdictSymbol(v advice.Verdict) fyne.Resource { return Symbol(string(v), VerdictColour(v)) }
