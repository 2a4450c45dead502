package golden

import (
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/internal/words"
)

func TestMain(m *testing.M) {
	// The toolkit complains of LANG=C.
	if err := os.Setenv("LANG", "en_US.UTF-8"); err != nil {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestFaults(t *testing.T) {
	test.NewTempApp(t)
	long := strings.Repeat("many words ", 20)
	at := func(x, y float32, text string) fyne.CanvasObject {
		c := canvas.NewText(text, nil)
		c.Move(fyne.NewPos(x, y))
		c.Resize(c.MinSize())
		return c
	}
	wrapped := widget.NewLabel(long)
	wrapped.Wrapping = fyne.TextWrapWord
	short := widget.NewLabel(long)
	short.Truncation = fyne.TextTruncateEllipsis
	low := widget.NewLabel("a line\nand another\nand a third")
	hidden := at(0, 0, long)
	hidden.Hide()
	for name, tc := range map[string]struct {
		page fyne.CanvasObject
		want string // what is said; "" for nothing
	}{
		"in its place":         {at(10, 10, "fine"), ""},
		"too wide":             {container.NewWithoutLayout(at(10, 10, long)), "is cut off"},
		"too far left":         {container.NewWithoutLayout(at(-20, 10, "fine")), "is cut off"},
		"below its end":        {container.NewWithoutLayout(at(10, 290, "fine")), "is cut off"},
		"scrolled to":          {container.NewVScroll(container.NewVBox(wrapped, at(0, 0, "x"), container.NewGridWrap(fyne.NewSize(10, 900)), widget.NewLabel("end"))), ""},
		"scrolled, too wide":   {container.NewVScroll(container.NewWithoutLayout(at(0, 900, long))), "is cut off"},
		"shortened":            {short, ""},
		"breaks":               {wrapped, ""},
		"lower than its lines": {container.NewBorder(nil, nil, nil, nil, container.NewWithoutLayout(resized(low, 200, 20))), "is cut off"},
		"over each other":      {container.NewWithoutLayout(at(10, 10, "some"), at(14, 12, "other")), "lies over"},
		"under each other":     {container.NewVBox(widget.NewLabel("some"), widget.NewLabel("other")), ""},
		"not in view":          {container.NewWithoutLayout(hidden, at(10, 10, "some")), ""},
		"in a field":           {&widget.Entry{Text: long}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			win := test.NewTempWindow(t, tc.page)
			win.SetPadded(false)
			win.Resize(fyne.NewSize(300, 300))
			win.Content().Refresh()
			got := strings.Join(Faults(win.Canvas().Content()), "\n")
			if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
				t.Errorf("says %q, want %q", got, tc.want)
			}
		})
	}
}

func resized(o fyne.CanvasObject, width, height float32) fyne.CanvasObject {
	o.Resize(fyne.NewSize(width, height))
	return o
}

// TestPage: a page as it was passes, in both languages and looks.
func TestPage(t *testing.T) {
	Page(t, "sample", func(w *words.Words, fill Fill) fyne.CanvasObject {
		page := container.NewVBox(widget.NewLabel(w.T("window.title")))
		for range map[Fill]int{Empty: 0, Small: 1, Full: 3}[fill] {
			page.Add(widget.NewButton(w.T("window.close"), nil))
		}
		return page
	})
}

func TestBothLooks(t *testing.T) {
	for name, tc := range map[string]struct{ light, dark, want string }{
		"alike":        {"a\nb", "a\nb", "a\nb\n"},
		"a colour":     {"a\n white\nc", "a\n black\nc", "a\n white\ndark black\nc\n"},
		"other layout": {"a\nb", "a", "a\nb\n--- dark ---\na"},
	} {
		if got := both(tc.light, tc.dark); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
