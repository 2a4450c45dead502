package cli

import (
	"context"
	"io"

	"rimbalzo/app/resend"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// outgoing gives the window what leaves the program: the same copies, exports and ticks as the command line's. vault holds the
// secrets of the accounts whose sent mail is fetched.
func (a *app) outgoing(p *session.Params, vault account.Vault) {
	p.Copies = func(ctx context.Context, c session.Chosen) ([]resend.Copy, error) {
		f, err := a.speaking(c.Words).windowFinder(ctx, c, vault)
		if err != nil {
			return nil, err
		}
		return f.Copies(ctx, resend.Message{For: c.For, Known: c.Known, At: c.At})
	}
	p.Export = func(ctx context.Context, out io.Writer, e session.Export) error {
		return a.speaking(e.Options.Words).export(ctx, out, e, vault)
	}
	p.MergeTicks = func(in io.Reader, ours *checklist.Ticks) (session.Merged, error) {
		words, notes, err := a.takeMarks(in, ours)
		return session.Merged{Words: words, Notes: notes}, err
	}
}

// export writes what the window shows, as "report" does.
func (a *app) export(ctx context.Context, out io.Writer, e session.Export, vault account.Vault) (err error) {
	r, o := a.sourced(e.Report, e.Request, nil), e.Options
	switch e.Format {
	case checklist.Evident:
		if o.Evidence, err = a.evidence(ctx, r); err != nil {
			return err
		}
	case checklist.EML:
		f, err := a.windowFinder(ctx, session.Chosen{Request: e.Request}, vault)
		if err != nil {
			return err
		}
		o.Drafts = f.Drafts(ctx, r, o)
	}
	return checklist.Write(out, e.Format, r, o)
}

// windowFinder is the finder for what the window shows.
func (a *app) windowFinder(ctx context.Context, c session.Chosen, vault account.Vault) (resend.Finder, error) {
	dir, err := a.dataDir()
	if err != nil {
		dir = ""
	}
	return a.finder(ctx, c.Request, nil, func(account.Account) account.Access { return account.Access{Vault: vault, Data: dir} })
}

// speaking is the same run in another language: the window's may have been changed.
func (a *app) speaking(w *words.Words) *app {
	if w == nil {
		return a
	}
	other := *a
	other.words, other.lang = w, w.Lang()
	return &other
}
