package view

import (
	"context"

	"rimbalzo/app/resend"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/review"
)

// copying makes copies of a message of the list in view; nil where there are none to be had.
func (f *Frame) copying() func(context.Context, session.Chosen) ([]resend.Copy, error) {
	if f.p.Copies == nil {
		return nil
	}
	var from review.Request
	if f.request != nil {
		from = *f.request
	}
	return func(ctx context.Context, c session.Chosen) ([]resend.Copy, error) {
		c.Request = from
		return f.p.Copies(ctx, c)
	}
}
