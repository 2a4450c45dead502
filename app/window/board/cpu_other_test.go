//go:build !linux

package board

import "time"

var began = time.Now()

// spent gives the time that passed: where a thread's own is not to be had, a machine must be free for the test.
func spent() time.Duration { return time.Since(began) }
