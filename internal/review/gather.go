package review

import (
	"context"
	"sort"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/missing"
	"rimbalzo/internal/provider"
)

// gather reads all sources once and gives what they let one know. Its errors are those of the sources that could not be
// read at all; what could not be read of a source is kept in the intake.
func (req *Request) gather(ctx context.Context) (*intake, advice.Evidence, error) {
	in := &intake{at: req.At, zone: req.Zone}
	if in.zone == nil {
		in.zone = time.UTC
	}
	sources, whole := req.sources(ctx)
	for _, s := range sources {
		cover, err := in.drain(ctx, s, req.Progress)
		if err != nil {
			return nil, advice.Evidence{}, err
		}
		in.note(cover)
	}
	ev := in.evidence
	ev.At, ev.Zone, ev.Catalogue, ev.Directory = req.At, in.zone, req.Catalogue, provider.Builtin()
	ev.Outage, ev.Read.Whole = req.Outage, whole && !in.missed
	if req.IMAP != "" {
		// Older mail was not asked for: silence about it proves nothing.
		ev.Read.Since = req.since()
	}
	var err error
	ev.Queued, err = readQueues(req.Queues, in.zone, req.At)
	return in, ev, err
}

// Missing reads the mail as Run does and looks for what never arrived.
func Missing(ctx context.Context, req Request) (missing.Result, error) {
	in, ev, err := req.gather(ctx)
	if err != nil {
		return missing.Result{}, err
	}
	r := missing.Find(ev)
	r.Unreadable = in.unreadNotes()
	return r, nil
}

// unreadNotes are the notes of what could not be read, by source.
func (in *intake) unreadNotes() []advice.Note {
	sort.SliceStable(in.unread, func(i, j int) bool { return in.unread[i].Source < in.unread[j].Source })
	return in.unread
}
