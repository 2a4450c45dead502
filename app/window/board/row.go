package board

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
)

// Places in a row, in the toolkit's pixels. All rows are of one height: the list is unusable otherwise.
const (
	rowHeight    = 52
	rowTick      = 10  // left edge of the tick
	rowSymbol    = 44  // left edge of the verdict's symbol
	rowWord      = 67  // left edge of the verdict's word
	rowText      = 206 // left edge of subject and recipient
	rowTickSize  = 20
	rowTop       = 5 // of the first line
	rowSecond    = 27
	rowLineGap   = 8 // at the right edge
	rowHeadInset = 10
	rowNarrow    = 480 // a list of less width shows days without times
)

// row is a line of the list: a header or a message. The list reuses a screenful of them for all lines.
type row struct {
	widget.BaseWidget
	list   *list
	at     int // which line it shows
	held   fyne.KeyModifier
	entry  entry
	tick   *tick
	back   *canvas.Rectangle
	symbol *canvas.Image
	word   *canvas.Text
	sent   *canvas.Text
	// Labels, because they shorten text that is too wide.
	brief, subject, recipient, title, dates *widget.Label
}

func newRow(l *list) *row {
	r := &row{
		list:      l,
		tick:      newTick(),
		back:      &canvas.Rectangle{CornerRadius: 4},
		symbol:    &canvas.Image{FillMode: canvas.ImageFillContain},
		word:      &canvas.Text{TextStyle: fyne.TextStyle{Bold: true}},
		sent:      &canvas.Text{Alignment: fyne.TextAlignTrailing},
		brief:     shortLabel(true),
		subject:   shortLabel(false),
		recipient: shortLabel(true),
		title:     shortLabel(false),
		dates:     shortLabel(true),
	}
	r.title.TextStyle.Bold = true
	r.tick.onTapped = func() {
		if it := r.list.Rows[r.at].Item; it != nil {
			r.list.b.tick(it)
		}
	}
	r.ExtendBaseWidget(r)
	return r
}

func shortLabel(small bool) *widget.Label {
	l := widget.NewLabel("")
	l.Truncation = fyne.TextTruncateEllipsis
	if small {
		l.SizeName = theme.SizeNameCaptionText
		l.Importance = widget.LowImportance
	}
	return l
}

// MouseDown remembers which keys are held down.
func (r *row) MouseDown(e *desktop.MouseEvent) { r.held = e.Modifier }

// MouseUp is needed beside MouseDown.
func (r *row) MouseUp(*desktop.MouseEvent) {}

// Tapped chooses the row.
func (r *row) Tapped(*fyne.PointEvent) {
	held := r.held
	r.held = 0
	r.list.click(r.at, held)
}

// AccessibilityLabel is what a screen reader says of the row.
func (r *row) AccessibilityLabel() string { return r.entry.spoken() }

// AccessibilityRole is that of a button: the toolkit knows no rows.
func (r *row) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// show makes the row another line of the list.
func (r *row) show(e entry) {
	if e == r.entry && r.sent.Color == theme.Color(theme.ColorNamePlaceHolder) {
		return
	}
	r.entry = e
	r.title.Text, r.dates.Text = e.title, e.dates
	r.brief.Text, r.subject.Text, r.recipient.Text = e.brief, e.subject, e.recipient
	if e.note != "" {
		r.recipient.Text = "“" + e.note + "” · " + e.recipient
	}
	r.subject.Importance, r.brief.Importance = widget.MediumImportance, widget.LowImportance
	switch {
	case e.ticked:
		r.subject.Importance = widget.LowImportance
	case e.reopened:
		r.brief.Importance = widget.WarningImportance
	}
	r.brief.TextStyle.Bold = e.reopened
	r.tick.set(e.ticked)
	r.Refresh()
}

// retime takes over what changes by the clock, and nothing else.
func (r *row) retime(e entry) {
	if r.entry.brief != e.brief {
		r.entry.brief = e.brief
		r.brief.SetText(e.brief)
	}
}

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	rr := &rowRenderer{r: r}
	rr.Refresh()
	return rr
}

type rowRenderer struct{ r *row }

func (rr *rowRenderer) Destroy() {}

func (rr *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(rowText+100, rowHeight) }

func (rr *rowRenderer) Objects() []fyne.CanvasObject {
	r := rr.r
	return []fyne.CanvasObject{r.back, r.title, r.dates, r.symbol, r.word, r.brief, r.subject, r.recipient, r.sent, r.tick}
}

func (rr *rowRenderer) Layout(size fyne.Size) {
	r := rr.r
	pad := theme.InnerPadding()
	r.back.Move(fyne.NewPos(2, 1))
	r.back.Resize(fyne.NewSize(max(0, size.Width-5), size.Height-2))
	label := func(l *widget.Label, x, y, width float32) {
		l.Move(fyne.NewPos(x-pad, y-pad))
		l.Resize(fyne.NewSize(max(0, width+2*pad), l.MinSize().Height))
	}
	if r.entry.header {
		label(r.title, rowHeadInset, rowTop+1, size.Width-2*rowHeadInset)
		label(r.dates, rowHeadInset, rowSecond, size.Width-2*rowHeadInset)
		return
	}
	r.tick.Move(fyne.NewPos(0, 0))
	r.tick.Resize(fyne.NewSize(rowSymbol-4, size.Height))
	r.symbol.Move(fyne.NewPos(rowSymbol, rowTop+1))
	r.symbol.Resize(fyne.NewSquareSize(18))
	r.word.Move(fyne.NewPos(rowWord, rowTop))
	r.word.Resize(r.word.MinSize())
	label(r.brief, rowSymbol, rowSecond, rowText-rowSymbol-6)
	label(r.subject, rowText, rowTop, size.Width-rowText-rowLineGap)
	r.sent.Text = r.entry.sent
	if size.Width < rowNarrow {
		r.sent.Text = r.entry.sentDay
	}
	sent := r.sent.MinSize()
	r.sent.Move(fyne.NewPos(size.Width-rowLineGap-sent.Width, rowSecond))
	r.sent.Resize(sent)
	label(r.recipient, rowText, rowSecond, size.Width-rowText-rowLineGap-sent.Width-8)
}

func (rr *rowRenderer) Refresh() {
	r := rr.r
	e := r.entry
	for _, o := range []fyne.CanvasObject{r.title, r.dates} {
		kit.SetVisible(o, e.header)
	}
	for _, o := range []fyne.CanvasObject{r.symbol, r.word, r.brief, r.subject, r.recipient, r.sent, r.tick} {
		kit.SetVisible(o, !e.header)
	}
	kit.SetVisible(r.back, e.header || e.chosen || e.here)
	r.back.FillColor, r.back.StrokeWidth = theme.Color(kit.ColourGroup), 0
	if e.chosen {
		r.back.FillColor = theme.Color(kit.ColourChosen)
	} else if !e.header {
		r.back.FillColor = nil
	}
	if e.here {
		r.back.StrokeColor, r.back.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	}
	r.word.Text, r.word.Color, r.word.TextSize = e.word, theme.Color(kit.VerdictColour(e.verdict)), theme.TextSize()
	r.sent.Color, r.sent.TextSize = theme.Color(theme.ColorNamePlaceHolder), theme.CaptionTextSize()
	if !e.header {
		r.symbol.Resource = kit.VerdictSymbol(e.verdict)
	}
	rr.Layout(r.Size())
	for _, o := range rr.Objects() {
		if o.Visible() {
			o.Refresh()
		}
	}
}
