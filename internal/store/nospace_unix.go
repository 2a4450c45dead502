//go:build unix

package store

import "syscall"

// errNoSpace is what the system says when a disk is full.
const errNoSpace = syscall.ENOSPC
