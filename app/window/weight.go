//go:build cgo

package window

import (
	"os"
	"runtime/debug"
)

// frugal is how much the heap may grow, in per cent, before it is swept. With software GL the toolkit takes 150 MB before there is
// any mail, and a list of 50,000 messages some 80 MB; the runtime's usual 100 would let the window grow to 460 MB while it reads,
// where the time saved is not noticed beside the drawing.
const frugal = 25

// weighLess has the process keep to little memory, unless the person's environment says otherwise.
func weighLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(frugal)
	}
}
