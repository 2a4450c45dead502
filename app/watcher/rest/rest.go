// Package rest makes the watcher small again after work. Its start touches nearly every page of the program once, the
// window's toolkit included, and a reading of mail fills the heap; then it waits for hours.
package rest

import (
	"context"
	"runtime/debug"
	"time"
)

// How long after the start, and how often later, memory is given back: the first checks are over by the first time, and each
// time costs some ten milliseconds.
const (
	first = 45 * time.Second
	every = 5 * time.Minute
)

// Run gives memory back now and then until ctx ends.
func Run(ctx context.Context) {
	timer := time.NewTimer(first)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		debug.FreeOSMemory()
		giveCodeBack()
		timer.Reset(every)
	}
}
