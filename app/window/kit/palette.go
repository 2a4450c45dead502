package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
)

// Colour names of our own, beside those of the toolkit.
const (
	ColourPanel    fyne.ThemeColorName = "rimbalzoPanel"  // what text stands on
	ColourGroup    fyne.ThemeColorName = "rimbalzoGroup"  // header rows and boxes
	ColourChosen   fyne.ThemeColorName = "rimbalzoChosen" // the chosen row
	ColourBanner   fyne.ThemeColorName = "rimbalzoBanner"
	ColourRail     fyne.ThemeColorName = "rimbalzoRail"     // the navigation
	colourAccepted fyne.ThemeColorName = "rimbalzoAccepted" // phases
	ColourRefused  fyne.ThemeColorName = "rimbalzoRefused"
	ColourRejected fyne.ThemeColorName = "rimbalzoRejected"
	colourPartial  fyne.ThemeColorName = "rimbalzoPartial"
	colourNormal   fyne.ThemeColorName = "rimbalzoNormal"
)

func VerdictColour(v advice.Verdict) fyne.ThemeColorName {
	return fyne.ThemeColorName("rimbalzoVerdict-" + string(v))
}

func PhaseColour(b outage.Behaviour) fyne.ThemeColorName {
	switch b {
	case outage.AcceptAndQueue, outage.AcceptAndHold:
		return colourAccepted
	case outage.RefuseConnection, outage.RefuseUnknown:
		return ColourRefused
	case outage.RejectPermanentFalse:
		return ColourRejected
	case outage.RejectTemporarySome, outage.Reopening:
		return colourPartial
	}
	return colourNormal
}

// shades are one colour in a light and in a dark window.
type shades struct{ Light, dark color.NRGBA }

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

func rgba(hex uint32, alpha uint8) color.NRGBA {
	c := rgb(hex)
	c.A = alpha
	return c
}

// Palette holds every colour of the window. Text keeps a contrast of 4.5 and graphics of 3 to what they stand on
// (WCAG 2.1, 1.4.3 and 1.4.11); a test computes it.
var Palette = map[fyne.ThemeColorName]shades{
	theme.ColorNameBackground:          {rgb(0xf4f2ee), rgb(0x1b1d22)},
	ColourPanel:                        {rgb(0xffffff), rgb(0x23262c)},
	ColourGroup:                        {rgb(0xf0ede6), rgb(0x2d3138)},
	ColourChosen:                       {rgb(0xe3edfb), rgb(0x2b3d57)},
	ColourRail:                         {rgb(0xe9e6df), rgb(0x15171b)},
	ColourBanner:                       {rgb(0xfff3d1), rgb(0x453a1c)},
	theme.ColorNameForeground:          {rgb(0x1f2328), rgb(0xe9e7e2)},
	theme.ColorNamePlaceHolder:         {rgb(0x5b616a), rgb(0xaeb3bb)},
	theme.ColorNameDisabled:            {rgb(0x6b717a), rgb(0x969ca5)},
	theme.ColorNamePrimary:             {rgb(0x1d5fae), rgb(0x8dbcff)},
	theme.ColorNameForegroundOnPrimary: {rgb(0xffffff), rgb(0x10233d)},
	theme.ColorNameHyperlink:           {rgb(0x1d5fae), rgb(0x8dbcff)},
	theme.ColorNameButton:              {rgb(0xe6e2d9), rgb(0x363b44)},
	theme.ColorNameDisabledButton:      {rgb(0xece9e2), rgb(0x2b2f36)},
	theme.ColorNameHeaderBackground:    {rgb(0xf0ede6), rgb(0x2d3138)},
	theme.ColorNameInputBackground:     {rgb(0xffffff), rgb(0x1b1d22)},
	theme.ColorNameInputBorder:         {rgb(0x868b93), rgb(0x787f8a)},
	theme.ColorNameMenuBackground:      {rgb(0xffffff), rgb(0x2d3138)},
	theme.ColorNameOverlayBackground:   {rgb(0xffffff), rgb(0x23262c)},
	theme.ColorNameSeparator:           {rgb(0xddd8cd), rgb(0x3a3f48)},
	theme.ColorNameHover:               {rgba(0x1f2328, 0x12), rgba(0xffffff, 0x12)},
	theme.ColorNamePressed:             {rgba(0x1f2328, 0x22), rgba(0xffffff, 0x22)},
	theme.ColorNameFocus:               {rgba(0x1d5fae, 0x55), rgba(0x8dbcff, 0x66)},
	theme.ColorNameSelection:           {rgba(0x1d5fae, 0x24), rgba(0x8dbcff, 0x2c)},
	theme.ColorNameShadow:              {rgba(0x000000, 0x26), rgba(0x000000, 0x60)},
	theme.ColorNameError:               {rgb(0xa3231c), rgb(0xff9d92)},
	theme.ColorNameForegroundOnError:   {rgb(0xffffff), rgb(0x3d0f0b)},
	theme.ColorNameSuccess:             {rgb(0x1e6b3a), rgb(0x84d69b)},
	theme.ColorNameWarning:             {rgb(0x7a5500), rgb(0xf0c24b)},

	VerdictColour(advice.Resend):    {rgb(0xb03a0c), rgb(0xffa072)},
	VerdictColour(advice.Check):     {rgb(0x755300), rgb(0xf0c75e)},
	VerdictColour(advice.Fix):       {rgb(0xa3215f), rgb(0xff9dc4)},
	VerdictColour(advice.Wait):      {rgb(0x5443ad), rgb(0xbfb4ff)},
	VerdictColour(advice.Delivered): {rgb(0x1e6b3a), rgb(0x84d69b)},
	VerdictColour(advice.Resent):    {rgb(0x2f6272), rgb(0x93cfe0)},

	colourAccepted: {rgb(0x5443ad), rgb(0xa396f5)},
	ColourRefused:  {rgb(0xa06c00), rgb(0xe0b04a)},
	ColourRejected: {rgb(0xb03a0c), rgb(0xf08a58)},
	colourPartial:  {rgb(0x2b7f9e), rgb(0x6fb9d4)},
	colourNormal:   {rgb(0x3d8357), rgb(0x79be8f)},
}

// sizes differ from the toolkit's where a list of hundreds of messages wants to be denser.
var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:           14,
	theme.SizeNameCaptionText:    12,
	theme.SizeNameSubHeadingText: 18,
	theme.SizeNameHeadingText:    24,
	theme.SizeNameInnerPadding:   7,
}

// look is the window's theme: the toolkit's own, our colours and sizes over it.
type look struct {
	fyne.Theme
	forced *fyne.ThemeVariant // light or dark whatever the system says; nil to follow it
}

// NewLook gives a theme that follows the system's choice of light and dark.
func NewLook() look { return look{Theme: theme.DefaultTheme()} }

// NewLookIn gives a theme that is always light or always dark.
func NewLookIn(variant fyne.ThemeVariant) look {
	return look{Theme: theme.DefaultTheme(), forced: &variant}
}

func (l look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if l.forced != nil {
		variant = *l.forced
	}
	s, ok := Palette[name]
	switch {
	case !ok:
		return l.Theme.Color(name, variant)
	case variant == theme.VariantDark:
		return s.dark
	}
	return s.Light
}

func (l look) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := sizes[name]; ok {
		return s
	}
	return l.Theme.Size(name)
}
