//go:build unix

package main

import (
	"os"
	"syscall"
)

// noCoreDump keeps memory, in which a password may be, out of files when the program dies: GOTRACEBACK=crash asks for a
// core dump, and so does a signal from outside. The limit holds for dumps to a file; on Linux the filter leaves memory out
// of those as well that are handed to a program such as apport, which the limit does not hold for (core(5)). What remains:
// whoever may read this process's memory, a debugger of the same user say, can read a password in use, and memory may be
// swapped out. Where one of the two cannot be set, the other still holds, and the program runs as before.
func noCoreDump() {
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
	if f, err := os.OpenFile("/proc/self/coredump_filter", os.O_WRONLY, 0); err == nil {
		_, _ = f.WriteString("0")
		_ = f.Close()
	}
}
