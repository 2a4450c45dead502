// Package review makes one review of a mailbox: read, decode, match, advise; the same for command line and window.
package review

import (
	"bytes"
	"context"
	"crypto/x509"
	"runtime"
	"sync"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/discovery"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/store"
)

// Request says what to review and for which moment.
type Request struct {
	Mailboxes []string // Maildir++ folders, taken whole
	Inbox     []string // mbox, Maildir, folder of .eml, .eml
	Junk      []string
	Sent      []string
	IMAP      string // imaps://user@host:port or imap://… ; "" for none
	Password  func(context.Context) (string, error)
	Roots     *x509.CertPool // nil for the system's
	Accounts  []Account      // read as far as they are new, and remembered in Store
	Store     *store.Store   // needed where there are Accounts
	Queues    []string       // mail queue listings
	Outage    string         // an id, or "" for all that the mail touches
	At        time.Time      // evidence later than this is ignored; never zero
	Catalogue *outage.Catalogue
	Zone      *time.Location   // of times without a zone
	Ticks     *checklist.Ticks // what the person has said of messages; nil for nothing
	Demo      bool
	// Discover looks for outages that the catalogue does not know, and takes them into account.
	Discover bool
	Checks   []discovery.Check // what was seen of the providers' servers, for Discover
	Progress func(done int)    // called now and then with the number of messages read; may be nil
	// Stale is told of an account that could not be read to its end now, and when it was the last time; the review then rests on
	// what was read until then. Where it is nil, or the account was never read to its end, the review fails.
	Stale func(account string, last time.Time, err error)
	// Unsent is told of an account on a server that was read to its end and has no folder of sent mail: what was sent again from
	// it is not seen. It may be nil.
	Unsent func(account string)
}

// Run makes the review. Its errors are those of the sources that could not be read at all; what could not be read of a
// source is listed in the report.
func Run(ctx context.Context, req Request) (checklist.Report, error) {
	g, err := req.gather(ctx)
	if err != nil {
		return checklist.Report{}, err
	}
	res, found := req.advise(g.ev)
	return g.result(req, res, found), nil
}

// advise gives the advice, in the light of the outages that the mail itself shows as well, and of what the person said.
func (req *Request) advise(ev advice.Evidence) (advice.Result, []outage.Outage) {
	res := advice.Advise(ev)
	found := req.discover(ev, res)
	if len(found) == 0 && len(req.Ticks.Said(res.Items)) == 0 {
		return res, nil
	}
	if len(found) > 0 {
		ev.Catalogue = ev.Catalogue.Merge(discovery.Catalogue(found))
	}
	advisor := advice.NewAdvisor(ev)
	for _, said := range req.Ticks.Said(advisor.Result().Items) {
		advisor.Add(said)
	}
	return advisor.Result(), found
}

// discover looks for the outages that the mail itself shows.
func (req *Request) discover(ev advice.Evidence, res advice.Result) []outage.Outage {
	// Whoever asks for one outage means that one alone.
	if !req.Discover || req.Outage != "" {
		return nil
	}
	return discovery.Find(ev, res, req.Checks...)
}

// sources lays out what is to be read; whole says that no folder of the mailbox is left out.
func (req *Request) sources(ctx context.Context) (list []mailbox.Source, whole bool) {
	for _, dir := range req.Mailboxes {
		list = append(list, mailbox.Maildirpp(dir, roleOf))
		whole = true
	}
	for _, of := range []struct {
		role  mailbox.Role
		paths []string
	}{{mailbox.RoleInbox, req.Inbox}, {mailbox.RoleJunk, req.Junk}, {mailbox.RoleSent, req.Sent}} {
		for _, path := range of.paths {
			list = append(list, mailbox.Path(path, of.role))
		}
	}
	if req.IMAP != "" {
		list = append(list, req.account(ctx))
		whole = true
	}
	return list, whole
}

// account reads an IMAP account from the time on that any outage, and the longest queue before it, can matter.
func (req *Request) account(ctx context.Context) mailbox.Source {
	cfg := mailbox.IMAPConfig{URL: req.IMAP, Roots: req.Roots, RoleOf: roleOf, Since: req.since()}
	if req.Password != nil {
		cfg.Password = func() (string, error) { return req.Password(ctx) }
	}
	if progress := req.Progress; progress != nil {
		cfg.Progress = func(p mailbox.Progress) { progress(p.Looked) }
	}
	return mailbox.IMAP(cfg)
}

// margin is how long before an outage mail still matters: the longest queue, and some weeks in which addresses show
// signs of life.
const margin = 60 * 24 * time.Hour

// since is the day before which nothing need be read: of one outage its own, else a year before the moment.
func (req *Request) since() time.Time {
	if o, ok := req.Catalogue.ByID(req.Outage); ok {
		return o.Start.Earliest.Add(-margin)
	}
	first := req.At.AddDate(-1, 0, 0)
	for i := range req.Catalogue.Outages {
		if start := req.Catalogue.Outages[i].Start.Earliest.Add(-margin); start.Before(first) {
			first = start
		}
	}
	return first
}

func roleOf(name string) mailbox.Role { return mailbox.Role(provider.Builtin().RoleOf(name)) }

// drain reads one source: messages are taken in their order by one goroutine and looked at by as many as there are cores.
func (in *intake) drain(ctx context.Context, s mailbox.Source, progress func(int)) (mailbox.Coverage, error) {
	type job struct {
		p   *piece
		buf *bytes.Buffer
	}
	jobs := make(chan job, 4*runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for j := range jobs {
				in.take(j.p)
				in.buffers.Put(j.buf)
				in.pending.Done()
			}
		})
	}
	done := 0
	cover, err := s.Read(ctx, func(m mailbox.Message) error {
		if done++; progress != nil && done%100 == 0 {
			progress(done)
		}
		p, buf, err := in.read(m)
		switch {
		case err != nil:
			in.unreadable(m, "cut-off")
		case p.rest != nil:
			// Its body is valid during the visit only.
			in.take(p)
			in.buffers.Put(buf)
		default:
			in.pending.Add(1)
			jobs <- job{p, buf}
		}
		return ctx.Err()
	})
	close(jobs)
	wg.Wait()
	return cover, err
}

// result puts advice into the form that people and programs get.
func (g *gathered) result(req Request, res advice.Result, found []outage.Outage) checklist.Report {
	r := checklist.Report{At: req.At, Demo: req.Demo, Items: res.Items, NotYours: res.NotYours, Unreadable: g.unreadNotes(), Found: found, Queues: g.queues}
	for _, t := range res.Outages {
		c := checklist.OutageCount{Outage: *t.Outage}
		for i := range t.Outage.Phases {
			c.Phases = append(c.Phases, checklist.PhaseCount{Bounces: t.Bounces[i], Messages: t.Messages[i]})
		}
		r.Outages = append(r.Outages, c)
	}
	return r
}
