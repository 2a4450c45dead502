package cli

import (
	"context"
	"errors"
	"sync"
	"time"

	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/watch"
)

// heldLinks are the connections that a watch keeps, by account: what is new is read over the one that told of it.
type heldLinks struct {
	mu   sync.Mutex
	held map[string]*mailbox.Held
}

// of gives an account's connection, nil where none is kept.
func (l *heldLinks) of(account string) *mailbox.Held {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held[account]
}

func (l *heldLinks) put(account string, held *mailbox.Held) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]*mailbox.Held{}
	}
	l.held[account] = held
}

func (l *heldLinks) drop(account string, held *mailbox.Held) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[account] == held {
		delete(l.held, account)
	}
}

// open checks an account and keeps the connection that the check has made.
func (l *heldLinks) open(ctx context.Context, t probe.Target) (probe.Result, watch.Link) {
	var held *mailbox.Held
	res := probe.Check(ctx, t, probe.Deps{IMAP: func(ctx context.Context, cfg mailbox.IMAPConfig, report func(mailbox.StageResult)) error {
		cfg.RoleOf = func(name string) mailbox.Role { return mailbox.Role(provider.Builtin().RoleOf(name)) }
		var err error
		held, err = mailbox.CheckAndHold(ctx, cfg, report)
		return err
	}})
	switch {
	case held == nil:
		return res, nil
	case res.Ending != probe.EndingOK:
		held.Close()
		return res, nil
	}
	l.put(t.Account, held)
	return res, &heldLink{held, t.Account, l}
}

// heldLink is a connection that lives on after its check.
type heldLink struct {
	held    *mailbox.Held
	account string
	links   *heldLinks
}

// Wait implements [watch.Link].
func (l *heldLink) Wait(ctx context.Context) error { return l.held.Wait(ctx) }

// Again implements [watch.Link].
func (l *heldLink) Again(ctx context.Context) probe.Result {
	begin := time.Now()
	res := probe.Result{At: begin, Ending: probe.EndingOK}
	if err := l.held.Noop(ctx); err != nil {
		res.Ending = probe.EndingStalled
		var e *mailbox.Error
		if errors.As(err, &e) && (e.Kind == mailbox.KindCut || e.Kind == mailbox.KindDropped || e.Kind == mailbox.KindBye) {
			res.Ending = probe.EndingCut
		}
	}
	res.Took = time.Since(begin)
	return res
}

// Close implements [watch.Link].
func (l *heldLink) Close() {
	l.links.drop(l.account, l.held)
	l.held.Close()
}
