package view

import (
	"rimbalzo/app/watcher"
	"rimbalzo/internal/watch"
)

// askStatus asks the watcher how the services are, and shows it.
func (f *Frame) askStatus() {
	s := new(watcher.Status)
	f.askWatcher(watcher.VerbStatus, nil, s, func(err error) {
		if f.asked, f.status = true, s; err != nil {
			f.status = nil // no watcher: nothing is known at first hand
		}
		if f.at == atNow {
			f.fresh()
		}
	})
}

// checkNow has the watcher look at an account's service, as far as it may already.
func (f *Frame) checkNow(id string) {
	f.askWatcher(watcher.VerbCheck, id, new(watch.Hand), func(error) { f.askStatus() })
}
