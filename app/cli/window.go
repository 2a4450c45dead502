package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

// window opens the window on its welcome page.
func (a *app) window() error {
	if a.env.Built && !a.env.HasDisplay() {
		return errSaid{a.words.T("cli.error.no-display")}
	}
	p, err := a.windowParams()
	if err != nil {
		return err
	}
	return a.show(p)
}

// show opens a window; what it gives as an error is a sentence already.
func (a *app) show(p session.Params) error {
	if err := a.env.Window(p); err != nil {
		return errSaid{err.Error()}
	}
	return nil
}

func (a *app) windowParams() (session.Params, error) {
	c, err := a.catalogue()
	if err != nil {
		return session.Params{}, err
	}
	ticks, err := a.readTicks()
	if err != nil {
		return session.Params{}, err
	}
	p := a.params(c)
	p.Ticks, p.SaveTicks = ticks, a.saveTicks
	p.Demo = func(ctx context.Context, w *words.Words) (session.Demo, error) {
		d, err := startDemo(ctx)
		if err != nil {
			return session.Demo{}, err
		}
		moments, banner := a.localMoments(d.at)(w)
		return session.Demo{Start: d.request(a.zone), Moments: moments, Banner: banner, Stop: d.stop}, nil
	}
	return p, nil
}

// params are what every window needs.
func (a *app) params(c *outage.Catalogue) session.Params {
	dir, err := a.dataDir()
	if err != nil {
		dir = ""
	}
	return session.Params{
		Words: a.words, Zone: a.zone, Version: a.env.Version, ID: a.env.ID, Data: dir, Review: review.Run,
		Base: review.Request{Catalogue: c, Zone: a.zone, Discover: true},
		Explain: func(err error, w *words.Words) string {
			text, _ := (&app{env: a.env, words: w, zone: a.zone, lang: w.Lang()}).sentence(err)
			return text
		},
	}
}

// readTicks reads what the person has ticked. A damaged file is set aside with its date and not overwritten.
func (a *app) readTicks() (*checklist.Ticks, error) {
	dir, err := a.dataDir()
	if err != nil {
		return &checklist.Ticks{}, nil //nolint:nilerr // without a data folder nothing was kept
	}
	path := filepath.Join(dir, "ticks.json")
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return &checklist.Ticks{}, nil
	}
	if err != nil {
		return nil, err
	}
	ticks, err := checklist.DecodeTicks(f)
	_ = f.Close() // it was only read
	if err == nil {
		return ticks, nil
	}
	aside := path + "." + a.env.Now().Format("2006-01-02-150405") + ".damaged"
	if err := os.Rename(path, aside); err != nil {
		return nil, err
	}
	a.complain(a.words.T("cli.ticks.damaged", "Path", clean(aside)))
	return &checklist.Ticks{}, nil
}

// saveTicks writes the ticks whole or not at all, readable by the person alone. What another window has written since is
// kept: the two are merged.
func (a *app) saveTicks(t *checklist.Ticks) error {
	dir, err := a.dataDir()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	kept, err := a.readTicks()
	if err != nil {
		return err
	}
	t.Merge(kept)
	return replace(filepath.Join(dir, "ticks.json"), t.Encode)
}
