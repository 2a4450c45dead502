//go:build unix

package mailbox

import "syscall"

// openFlags keeps a named pipe that took a file's place after it was looked at from blocking the open for ever.
const openFlags = syscall.O_NONBLOCK
