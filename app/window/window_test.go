package window

import (
	"image"
	"strings"
	"testing"
	"time"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// TestAbsent: a program built without a C compiler says how to come by the window, in either language.
func TestAbsent(t *testing.T) {
	if Built {
		t.Skip("this program has the window")
	}
	for lang, want := range map[string]string{"it": "senza finestra", "en": "without its window"} {
		err := Run(Params{Words: words.New(lang)})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "go run ./packaging/dev demo") {
			t.Errorf("%s: %v", lang, err)
		}
	}
}

func TestPictureNeedsNoDisplay(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	p := Params{Words: words.New("it"), Zone: time.UTC}
	img, err := Picture(p, checklist.Report{At: time.Date(2023, 1, 27, 18, 0, 0, 0, time.UTC)}, session.Shot{Place: "now", Size: image.Pt(800, 600)})
	if err != nil || img.Bounds().Dx() != 800 {
		t.Errorf("%v, %v", img, err)
	}
}
