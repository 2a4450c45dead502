package review

import (
	"context"
	"errors"
	"slices"
	"sort"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/missing"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/store"
)

// gathered is what the sources let one know.
type gathered struct {
	ev     advice.Evidence
	unread []advice.Note
	missed bool // a folder could not be opened
	queues []checklist.QueueTrend
}

// gather reads all sources once and gives what they let one know. Its errors are those of the sources that could not be
// read at all; what could not be read of a source is kept beside the evidence.
func (req *Request) gather(ctx context.Context) (*gathered, error) {
	zone := req.Zone
	if zone == nil {
		zone = time.UTC
	}
	g := &gathered{}
	in := &intake{at: req.At, zone: zone}
	sources, whole := req.sources(ctx)
	for _, s := range sources {
		cover, err := in.drain(ctx, s, req.Progress)
		if err != nil {
			return nil, err
		}
		g.note(cover)
	}
	g.file(in.taken())
	g.ev.Read.Whole = whole && !g.missed
	if req.IMAP != "" {
		// Older mail was not asked for: silence about it proves nothing.
		g.ev.Read.Since = req.since()
	}
	if err := req.gatherAccounts(ctx, g, zone); err != nil {
		return nil, err
	}
	ev := &g.ev
	ev.At, ev.Zone, ev.Catalogue, ev.Directory = req.At, zone, req.Catalogue, provider.Builtin()
	ev.Outage = req.Outage
	var err error
	ev.Queued, g.queues, err = readQueues(req.Queues, zone, req.At)
	return g, err
}

// note keeps what a source could not read, and which folders it read.
func (g *gathered) note(cover mailbox.Coverage) {
	for _, u := range cover.Unreadable {
		// A folder that was not opened may hold any bounce: then silence proves nothing.
		g.missed = g.missed || mailbox.MissesFolder(u)
		g.unread = append(g.unread, advice.Note{Source: u.Source, Why: u.Why})
	}
	read := &g.ev.Read
	read.Inbox = read.Inbox || cover.Roles[mailbox.RoleInbox]
	read.Junk = read.Junk || cover.Roles[mailbox.RoleJunk]
	read.Sent = read.Sent || cover.Roles[mailbox.RoleSent]
	for _, a := range cover.Accounts {
		g.ev.Accounts = appendNew(g.ev.Accounts, a)
	}
}

// toNobody reports whether a message in a folder of sent mail went to nobody. It is kept all the same: all mail repeats it.
func toNobody(m advice.Outgoing) bool { return len(m.Recipients) == 0 }

// file takes records for evidence as they are, but for what all mail repeats.
func (g *gathered) file(records []store.Record, own []string) {
	elsewhere := map[uint64]bool{}
	for i := range records {
		if !records[i].Copy {
			elsewhere[records[i].Digest] = true
		}
	}
	for i := range records {
		r := &records[i]
		switch {
		case r.Copy && r.Digest != 0 && elsewhere[r.Digest]:
			// All mail repeats it.
		case r.Sent != nil:
			if !toNobody(*r.Sent) {
				g.ev.Sent = append(g.ev.Sent, *r.Sent)
			}
		case r.Incoming != nil:
			g.ev.Incoming = append(g.ev.Incoming, *r.Incoming)
		case r.Report != nil:
			g.ev.Reports = append(g.ev.Reports, *r.Report)
		default:
			g.unread = append(g.unread, advice.Note{Source: r.Source, Why: r.Unread})
		}
	}
	for _, a := range own {
		g.ev.Accounts = appendNew(g.ev.Accounts, a)
	}
}

// gatherAccounts reads what is new in the accounts and takes what is kept of them. Where what was kept turns out to be gone in
// the middle of it, because a file was damaged or another process forgot the account, it begins anew, once.
func (req *Request) gatherAccounts(ctx context.Context, g *gathered, zone *time.Location) error {
	if len(req.Accounts) == 0 {
		return nil
	}
	kept, stale, err := req.remember(ctx, zone)
	if errors.Is(err, store.ErrRebuilt) {
		kept, stale, err = req.remember(ctx, zone)
	}
	if err != nil {
		return err
	}
	g.ev.Sent = append(g.ev.Sent, slices.DeleteFunc(kept.Sent, toNobody)...)
	// What came later is ignored.
	g.ev.Incoming = append(g.ev.Incoming, slices.DeleteFunc(kept.Incoming, func(m advice.Incoming) bool { return m.At.After(req.At) })...)
	g.ev.Reports = append(g.ev.Reports, slices.DeleteFunc(kept.Reports, func(m advice.Reported) bool { return m.ArrivedAt.After(req.At) })...)
	missed := false
	for _, u := range kept.Unread {
		missed = missed || u.Folder
		g.unread = append(g.unread, advice.Note{Source: u.Source, Why: u.Why})
	}
	g.cover(req, kept.Accounts, stale, missed)
	return nil
}

// current is how long before the moment an account may have been read to its end for silence to count: what came after it nobody
// has seen.
const current = 24 * time.Hour

// cover says what the accounts' readings covered. A bounce would have been seen only where each account it may have come to
// was read; one that could not be read now may hold it.
func (g *gathered) cover(req *Request, accounts []store.Account, stale map[string]bool, missed bool) {
	inbox, junk, whole := true, true, !missed
	read := &g.ev.Read
	for _, a := range accounts {
		has := func(r mailbox.Role) bool { return slices.Contains(a.Roles, string(r)) }
		fresh := !stale[a.Name] && !a.At.Before(req.At.Add(-current))
		inbox = inbox && has(mailbox.RoleInbox) && fresh
		junk = junk && has(mailbox.RoleJunk) && fresh
		whole = whole && req.whole(a.Name) && fresh
		read.Sent = read.Sent || has(mailbox.RoleSent)
		if a.Since.After(read.Since) {
			read.Since = a.Since
		}
		for _, own := range a.Own {
			g.ev.Accounts = appendNew(g.ev.Accounts, own)
		}
	}
	read.Inbox, read.Junk, read.Whole = read.Inbox || inbox, read.Junk || junk, read.Whole || whole
}

// Missing reads the mail as Run does and looks for what never arrived.
func Missing(ctx context.Context, req Request) (missing.Result, error) {
	g, err := req.gather(ctx)
	if err != nil {
		return missing.Result{}, err
	}
	r := missing.Find(g.ev)
	r.Unreadable = g.unreadNotes()
	return r, nil
}

// unreadNotes are the notes of what could not be read, by source.
func (g *gathered) unreadNotes() []advice.Note {
	sort.SliceStable(g.unread, func(i, j int) bool { return g.unread[i].Source < g.unread[j].Source })
	return g.unread
}
