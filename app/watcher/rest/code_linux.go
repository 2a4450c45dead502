package rest

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// giveCodeBack lets go of the program's code as it is in memory; what is needed comes back from the file, or from the
// system's cache of it, a page at a time. Where that fails, it stays as it was.
func giveCodeBack() {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return
	}
	defer maps.Close()
	lines := bufio.NewScanner(maps)
	for lines.Scan() {
		if from, to, ok := code(lines.Text(), exe); ok {
			// Code is never written to, so that nothing is lost (madvise(2)).
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED)
		}
	}
}

// code reads a line of /proc/self/maps (proc(5)): the code of a file is what can be executed and not written.
func code(line, file string) (from, to uintptr, ok bool) {
	f := strings.Fields(line)
	if len(f) != 6 || f[1] != "r-xp" || f[5] != file {
		return 0, 0, false
	}
	a, b, _ := strings.Cut(f[0], "-")
	start, err := strconv.ParseUint(a, 16, 64)
	if err != nil {
		return 0, 0, false
	}
	end, err := strconv.ParseUint(b, 16, 64)
	return uintptr(start), uintptr(end), err == nil && end > start
}
