package store

import "syscall"

// errNoSpace is what the system says when a disk is full: ERROR_DISK_FULL
// (https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-).
const errNoSpace = syscall.Errno(112)
