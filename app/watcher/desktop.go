package watcher

import (
	"context"
	"sync"

	"rimbalzo/app/watcher/notice"
)

// desktop shows notices. It is opened at the first one, and anew after a failure: a session bus may come back.
type desktop struct {
	params notice.Params
	mu     sync.Mutex
	open   notice.Desktop
}

func (d *desktop) show(ctx context.Context, n notice.Notice) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open == nil {
		opened, err := notice.Open(d.params)
		if err != nil {
			return err
		}
		d.open = opened
	}
	err := d.open.Show(ctx, n)
	if err != nil {
		d.open.Close()
		d.open = nil
	}
	return err
}

func (d *desktop) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open != nil {
		d.open.Close()
		d.open = nil
	}
}
