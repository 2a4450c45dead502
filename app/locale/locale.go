// Package locale makes a language setting that means "none" harmless before the window's toolkit looks at it.
//
// Fyne 2.8's package lang reads the setting when it is initialised and prints three lines of error on standard error for
// "C.UTF-8", the usual setting in containers, on WSL and in scheduled jobs (lang/locale.go), also when no window is asked
// for. Initialisation goes by import path among packages that are ready (https://go.dev/ref/spec#Program_initialization,
// Go 1.21 and later); this package needs nothing but os and sorts before fyne.io.
package locale

import "os"

func init() {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		switch os.Getenv(name) {
		case "C.UTF-8", "C.utf8", "POSIX.UTF-8":
			// The same meaning in a form that every library reads. Failing leaves the setting as it was.
			_ = os.Setenv(name, "C")
		}
	}
}
