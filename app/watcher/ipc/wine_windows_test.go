package ipc

import (
	"testing"

	"golang.org/x/sys/windows"
)

// notOnWine leaves a test out under wine, whose named pipes allow a second first instance and never hand a caller over to
// the one who waits.
func notOnWine(t *testing.T) {
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil {
		t.Skip("wine's named pipes are not those of Windows")
	}
}
