package board

import (
	"syscall"
	"time"
)

// spent gives the processor's time that this thread has taken; hold it by runtime.LockOSThread. On a machine that others use
// the clock on the wall says how long they took.
func spent() time.Duration {
	const thread = 1 // RUSAGE_THREAD, see getrusage(2); package syscall does not name it
	var u syscall.Rusage
	if err := syscall.Getrusage(thread, &u); err != nil {
		panic(err) // a thread can always be asked of itself
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
