package golden

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
)

// picture leaves a picture of a window where somebody wants to look at it: in the folder that RIMBALZO_LOOK names.
func picture(t *testing.T, win fyne.Window, name string) {
	t.Helper()
	folder := os.Getenv("RIMBALZO_LOOK")
	if folder == "" {
		return
	}
	out, err := os.Create(filepath.Join(folder, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(out, win.Canvas().Capture()); err != nil {
		t.Error(err)
	}
	if err := out.Close(); err != nil {
		t.Error(err)
	}
}
