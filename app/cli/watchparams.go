package cli

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/review"
	"rimbalzo/internal/store"
	"rimbalzo/internal/store/history"
	"rimbalzo/internal/watch"
)

// watchParams gives what a watch of accounts and of servers beside them stands on. What it tells, and to whom, is the
// caller's. release is called when the watch has ended.
func (a *app) watchParams(ctx context.Context, book []account.Account, beside []probe.Target) (p watch.Params, release func() error, err error) {
	catalogue, err := a.catalogue()
	if err != nil {
		return p, nil, err
	}
	links := &heldLinks{}
	p = watch.Params{
		Check: func(ctx context.Context, t probe.Target) probe.Result { return probe.Check(ctx, t, probe.Deps{}) },
		Open:  links.open, Dice: a.dice(), Catalogue: catalogue, Zone: a.zone,
	}
	beside = slices.Clone(beside)
	compareLines(beside, book)
	for _, t := range beside {
		p.Accounts = append(p.Accounts, watchedServer(t))
	}
	if len(book) == 0 {
		// Nobody logs in and nothing is read: a look at servers leaves nothing behind.
		p.History = &watch.Memory{}
		return p, func() error { return nil }, nil
	}
	s, err := a.openStore(ctx)
	if err != nil {
		return p, nil, err
	}
	p.History = history.In(s)
	readers := map[string]account.Account{}
	for _, acc := range book {
		w := a.watched(acc)
		compareLines(w.Targets, book)
		p.Accounts = append(p.Accounts, w)
		readers[acc.ID] = acc
	}
	p.Review = func(ctx context.Context, id string) ([]watch.Item, error) {
		return a.reviewForWatch(ctx, s, readers[id], links.of(id))
	}
	p.Follow = func(ctx context.Context, id string, changed func()) error {
		var paths []string
		for _, path := range readers[id].Paths {
			paths = append(paths, path.Path)
		}
		return mailbox.Follow(ctx, paths, changed)
	}
	return p, func() error { return a.closeStore(s, nil) }, nil
}

// dice gives the source of random numbers of this run.
func (a *app) dice() watch.Dice {
	if a.env.Dice != nil {
		return a.env.Dice
	}
	return dice{}
}

// dice are the source of random numbers for everything that must not happen everywhere at once.
type dice struct{}

// Float64 implements [watch.Dice].
func (dice) Float64() float64 { return rand.Float64() }

// watched is an account as it is watched: its servers with a login, those that take in mail for its address, and the webmail.
func (a *app) watched(acc account.Account) watch.Account {
	w := watch.Account{ID: acc.ID, Operator: operatorOf(acc), Name: acc.ID, Reads: acc.Kind != account.Watched}
	if acc.Kind == account.Local {
		return w
	}
	for _, t := range serversOf(acc) {
		t.Account, t.Roots = acc.ID, acc.Roots()
		if acc.NeedsSecret() && (t.Kind == probe.KindIMAP || t.Kind == probe.KindSMTP) {
			t.Login = a.lateLogin(acc)
		}
		if t.Kind == probe.KindMX {
			w.Name = t.Host
		}
		w.Targets = append(w.Targets, t)
	}
	if _, domain, ok := strings.Cut(acc.Address, "@"); ok {
		w.Name = domain
		w.Targets = append(w.Targets, probe.Target{Kind: probe.KindMX, Account: acc.ID, Host: domain})
		if p, ok := provider.Builtin().PresetFor(domain); ok && p.Web != "" {
			w.Targets = append(w.Targets, probe.Target{Kind: probe.KindWeb, Account: acc.ID, Host: p.Web})
		}
	}
	return w
}

// operatorOf is what an account's provider goes by in the watcher: its id, else its server.
func operatorOf(acc account.Account) string { return cmp.Or(acc.Operator, acc.IMAP.Host, acc.ID) }

// watchedServer is a server that is watched without an account.
func watchedServer(t probe.Target) watch.Account {
	w := watch.Account{ID: t.Label(), Operator: t.Host, Name: t.Host, Targets: []probe.Target{t}}
	for _, preset := range provider.Builtin().Presets() {
		if preset.Operator != "" && provider.Builtin().RunsHost(preset.Operator, t.Host) {
			w.Operator = preset.Operator
		}
	}
	if o, ok := provider.Builtin().OperatorOf(t.Host); ok {
		w.Operator = o.ID
	}
	return w
}

// lateLogin logs in with what the keyring holds at that moment: a watcher lives for months, and passwords change meanwhile.
// Nobody is asked for anything.
func (a *app) lateLogin(acc account.Account) *probe.Login {
	vault := a.vault()
	login := &probe.Login{User: acc.User}
	if acc.Auth != account.Google && acc.Auth != account.Microsoft {
		login.Password = func(ctx context.Context) (string, error) { return vault.Get(ctx, acc.ID) }
		return login
	}
	var mu sync.Mutex
	var token func(context.Context, bool) (string, error)
	login.Token = func(ctx context.Context, refused bool) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if token == nil {
			dir, err := a.dataDir()
			if err != nil {
				return "", err
			}
			cfg, err := acc.IMAPConfig(ctx, account.Access{Vault: vault, Data: dir})
			if err != nil {
				return "", err
			}
			token = cfg.Auth.Token
		}
		return token(ctx, refused)
	}
	return login
}

// reviewForWatch reads what is new in an account, over a connection that is open where there is one, and gives its checklist.
func (a *app) reviewForWatch(ctx context.Context, s *store.Store, acc account.Account, held *mailbox.Held) ([]watch.Item, error) {
	req := review.Request{Store: s, At: a.env.Now(), Zone: a.zone, Discover: true}
	var err error
	if req.Catalogue, err = a.catalogue(); err != nil {
		return nil, err
	}
	if req.Ticks, err = s.Ticks(ctx); err != nil {
		return nil, err
	}
	dir, err := a.dataDir()
	if err != nil {
		return nil, err
	}
	read, err := readOver(ctx, acc, account.Access{Vault: a.vault(), Data: dir}, held)
	if err != nil {
		return nil, err
	}
	req.Accounts = []review.Account{read}
	report, err := reviewSeen(ctx, req)
	if err != nil {
		return nil, err
	}
	return watch.Items(report, req.Ticks), nil
}

// readOver is an account as a review takes it, read over a connection that is open already, where there is one.
func readOver(ctx context.Context, acc account.Account, access account.Access, held *mailbox.Held) (review.Account, error) {
	if held == nil {
		return accounts.Remembered(ctx, acc, access, nil)
	}
	cfg, err := acc.IMAPConfig(ctx, access)
	cfg.Held = held
	return review.IMAPAccount(acc.ID, cfg), err
}
