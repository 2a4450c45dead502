package cli

import (
	"context"

	"rimbalzo/app/accounts"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/account/oauth"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

// window opens the window on its welcome page, and sees to it that a watcher runs. Where a window is there already, that
// one comes to the front instead.
func (a *app) window(ctx context.Context) error {
	if a.env.Built && !a.env.HasDisplay() {
		return errSaid{a.words.T("cli.error.no-display")}
	}
	meeting, leave := context.WithCancel(ctx)
	defer leave()
	events, raised := a.meet(meeting)
	if raised {
		return nil
	}
	p, err := a.windowParams()
	if err != nil {
		return err
	}
	if events != nil {
		p.Events, p.Ask = events, a.ask
	}
	return a.show(ctx, p)
}

// show opens a window, which ends with ctx; what it gives as an error is a sentence already.
func (a *app) show(ctx context.Context, p session.Params) error {
	p.Ending = ctx.Done()
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
	if dir, err := a.dataDir(); err == nil {
		// The window may make the system ask for the keyring's password: somebody sits before it.
		p.Desk = &accounts.Desk{Data: dir, Vault: account.Remember(a.openVault(true)), Quiet: a.openVault(false), Find: a.env.FindServers}
		p.OpenBrowser, p.Thunderbird = oauth.OpenBrowser, accounts.InThunderbird
	}
	a.keeping(&p)
	if p.Desk != nil {
		a.outgoing(&p, p.Desk.Vault)
	}
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
	p := session.Params{
		Words: a.words, Usual: systemLanguage(a.env), Zone: a.zone, Version: a.env.Version, Homepage: a.env.Homepage, ID: a.env.ID, Data: dir,
		Review: reviewSeen, Missing: review.Missing,
		Base: review.Request{Catalogue: c, Zone: a.zone, Discover: true},
		Explain: func(err error, w *words.Words) string {
			text, _ := (&app{env: a.env, words: w, zone: a.zone, lang: w.Lang()}).sentence(err)
			return text
		},
	}
	a.outgoing(&p, a.vault())
	return p
}
