package board

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/kit"
	"rimbalzo/internal/advice"
)

// Places in a row, in the toolkit's pixels. All rows are of one height: the list is unusable otherwise.
const (
	rowHeight    = 52
	rowTick      = 10  // left edge of the tick
	rowSymbol    = 44  // left edge of the verdict's symbol
	rowWord      = 67  // left edge of the verdict's word
	rowText      = 210 // left edge of subject and recipient
	rowTickSize  = 20
	rowTop       = 5 // of the first line
	rowSecond    = 27
	rowLineGap   = 8 // at the right edge
	rowHeadInset = 10
	rowNarrow    = 480 // a list of less width shows days without times
)

// entry is what a row shows.
type entry struct {
	header        bool
	title, dates  string // of a header
	verdict       advice.Verdict
	word, brief   string
	subject       string
	recipient     string
	sent, sentDay string // with its time of day, and without where the list is narrow
	ticked        bool
}

// row is a line of the list: a header or a message. The list reuses a screenful of them for all lines.
type row struct {
	widget.BaseWidget
	entry  entry
	tick   *tick
	back   *canvas.Rectangle
	symbol *canvas.Image
	word   *canvas.Text
	sent   *canvas.Text
	// Labels, because they shorten text that is too wide.
	brief, subject, recipient, title, dates *widget.Label
}

func newRow() *row {
	r := &row{
		tick:      newTick(),
		back:      canvas.NewRectangle(nil),
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

// show makes the row another line of the list.
func (r *row) show(e entry) {
	r.entry = e
	r.title.Text, r.dates.Text = e.title, e.dates
	r.brief.Text, r.subject.Text, r.recipient.Text = e.brief, e.subject, e.recipient
	r.subject.Importance = widget.MediumImportance
	if e.ticked {
		r.subject.Importance = widget.LowImportance
	}
	r.tick.set(e.ticked)
	r.Refresh()
}

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	return &rowRenderer{r: r}
}

type rowRenderer struct{ r *row }

func (rr *rowRenderer) Destroy() {}

func (rr *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(rowText+120, rowHeight) }

func (rr *rowRenderer) Objects() []fyne.CanvasObject {
	r := rr.r
	return []fyne.CanvasObject{r.back, r.title, r.dates, r.symbol, r.word, r.brief, r.subject, r.recipient, r.sent, r.tick}
}

func (rr *rowRenderer) Layout(size fyne.Size) {
	r := rr.r
	pad := theme.InnerPadding()
	r.back.Resize(size)
	label := func(l *widget.Label, x, y, width float32) {
		l.Move(fyne.NewPos(x-pad, y-pad))
		l.Resize(fyne.NewSize(max(0, width+2*pad), l.MinSize().Height))
	}
	label(r.title, rowHeadInset, rowTop+1, size.Width-2*rowHeadInset)
	label(r.dates, rowHeadInset, rowSecond, size.Width-2*rowHeadInset)

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
	for _, o := range []fyne.CanvasObject{r.title, r.dates, r.back} {
		kit.SetVisible(o, r.entry.header)
	}
	for _, o := range []fyne.CanvasObject{r.symbol, r.word, r.brief, r.subject, r.recipient, r.sent, r.tick} {
		kit.SetVisible(o, !r.entry.header)
	}
	r.back.FillColor = theme.Color(kit.ColourGroup)
	r.word.Text, r.word.Color, r.word.TextSize = r.entry.word, theme.Color(kit.VerdictColour(r.entry.verdict)), theme.TextSize()
	r.sent.Color, r.sent.TextSize = theme.Color(theme.ColorNamePlaceHolder), theme.CaptionTextSize()
	if !r.entry.header {
		r.symbol.Resource = kit.VerdictSymbol(r.entry.verdict)
	}
	rr.Layout(r.Size())
	for _, o := range rr.Objects() {
		o.Refresh()
	}
}
