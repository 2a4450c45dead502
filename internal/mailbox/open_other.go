//go:build !unix

package mailbox

// openFlags is empty where opening a named pipe by path does not block.
const openFlags = 0
