package cli

import (
	"context"
	"time"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/discovery"
	"rimbalzo/internal/review"
	"rimbalzo/internal/store"
	"rimbalzo/internal/store/history"
	"rimbalzo/internal/watch"
)

// reviewSeen runs a review in the light of what the watcher saw of the providers' servers.
func reviewSeen(ctx context.Context, req review.Request) (checklist.Report, error) {
	if req.Store != nil && req.Discover {
		checks, err := seenIn(ctx, req.Store, req.At)
		if err != nil {
			return checklist.Report{}, err
		}
		req.Checks = checks
	}
	return review.Run(ctx, req)
}

// seenIn gives what the watcher kept of its looks until a moment.
func seenIn(ctx context.Context, s *store.Store, at time.Time) ([]discovery.Check, error) {
	h := history.In(s)
	looks, err := h.Looks(ctx, at.Add(-watch.KeepLooks))
	if err != nil {
		return nil, err
	}
	incidents, err := h.Incidents(ctx, time.Time{})
	if err != nil {
		return nil, err
	}
	return watch.Checks(looks, incidents), nil
}
