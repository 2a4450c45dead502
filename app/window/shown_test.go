//go:build cgo

package window

import "testing"

// TestFailureIsRead holds the toolkit's log, as it was written on a display without OpenGL, to its reading.
func TestFailureIsRead(t *testing.T) {
	for logged, want := range map[string]string{
		"2026/11/21 23:05:25 Fyne error:  window creation error\n2026/11/21 23:05:25   Cause: APIUnavailable: GLX: GLX extension not found\n2026/11/21 23:05:25   At: driver.go:180\n": "APIUnavailable: GLX: GLX extension not found",
		"Fyne error:  window creation error\n": "OpenGL",
		"Fyne error:  failed to watch theme settings\n  Cause: exec: \"dbus-launch\": executable file not found in $PATH\n": "",
		"": "",
	} {
		got := ""
		if err := failure(logged); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", logged, got, want)
		}
	}
}
