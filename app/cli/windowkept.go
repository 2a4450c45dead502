package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"rimbalzo/app/settings"
	"rimbalzo/app/watcher/autostart"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/store/history"
)

// keeping lets a window see and change what was chosen, and see what the watcher saw.
func (a *app) keeping(p *session.Params) {
	if !a.choosing(p) {
		return
	}
	p.AtLogin = func() (bool, error) { return autostart.Enabled(a.atLogin()) }
	p.SetAtLogin = func(on bool) error {
		if on {
			return autostart.Enable(a.atLogin())
		}
		return autostart.Disable(a.atLogin())
	}
	p.History, p.Contacts, p.Log = a.past, a.contacts, a.logged
}

// choosing lets a window see and change what was chosen; it gives false where there is no folder to keep anything in.
func (a *app) choosing(p *session.Params) bool {
	s, err := a.loadSettings()
	if err != nil {
		return false
	}
	p.Settings = s
	var mu sync.Mutex
	p.SaveSettings = func(now settings.Settings) error {
		mu.Lock()
		defer mu.Unlock()
		kept, err := a.loadSettings()
		if err != nil {
			return err
		}
		if err := a.saveSettings(context.Background(), kept.Changed(s, now)); err != nil {
			return err
		}
		s = now
		return nil
	}
	return true
}

// past gives what the watcher kept. Where nothing was ever kept, looking makes no file.
func (a *app) past(ctx context.Context, since time.Time) (p session.Past, err error) {
	dir, err := a.dataDir()
	if err != nil {
		return p, err
	}
	if _, err := os.Stat(filepath.Join(dir, "mail.db")); errors.Is(err, os.ErrNotExist) {
		return p, nil
	}
	s, err := a.openStore(ctx)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	h := history.In(s)
	if p.Looks, err = h.Looks(ctx, since); err != nil {
		return p, err
	}
	if p.Sums, err = h.Sums(ctx, since); err != nil {
		return p, err
	}
	p.Incidents, err = h.Incidents(ctx, since)
	return p, err
}
