package session

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/review"
)

// slow reviews take a second and hand back the moment that they were asked for.
func slow(ctx context.Context, req review.Request) (checklist.Report, error) {
	for i := range 10 {
		req.Progress(i * 100)
		select {
		case <-ctx.Done():
			return checklist.Report{}, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return checklist.Report{At: req.At}, nil
}

func TestReviewer(t *testing.T) {
	first, second := time.Date(2023, 1, 24, 10, 0, 0, 0, time.UTC), time.Date(2023, 1, 27, 18, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		after func(*Reviewer, func(time.Time)) // what happens half a second into the first review
		want  []time.Time
	}{
		"runs to its end":        {func(*Reviewer, func(time.Time)) {}, []time.Time{first}},
		"a newer one supersedes": {func(_ *Reviewer, start func(time.Time)) { start(second) }, []time.Time{second}},
		"stopped":                {func(r *Reviewer, _ func(time.Time)) { r.Stop() }, nil},
		"closed":                 {func(r *Reviewer, _ func(time.Time)) { r.Close(time.Second) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				queue := make(chan func(), 100) // the window's goroutine
				r := NewReviewer(slow, func(f func()) { queue <- f })
				var got []time.Time
				read := 0
				start := func(at time.Time) {
					r.Start(review.Request{At: at}, func(n int) { read = n }, func(rep checklist.Report, err error) {
						if err != nil {
							t.Errorf("hands over %v", err)
						}
						got = append(got, rep.At)
					})
				}
				start(first)
				time.Sleep(550 * time.Millisecond)
				tc.after(r, start)
				time.Sleep(3 * time.Second)
				synctest.Wait()
				close(queue)
				for f := range queue {
					f()
				}
				if len(got) != len(tc.want) || len(got) == 1 && !got[0].Equal(tc.want[0]) {
					t.Errorf("handed over %v, want %v", got, tc.want)
				}
				if len(tc.want) > 0 && read == 0 {
					t.Error("no progress was shown")
				}
			})
		})
	}
}

func TestReviewerHandsErrorsOver(t *testing.T) {
	wrong := errors.New("wrong password")
	synctest.Test(t, func(t *testing.T) {
		results := make(chan error, 1)
		r := NewReviewer(func(context.Context, review.Request) (checklist.Report, error) {
			return checklist.Report{}, wrong
		}, func(f func()) { f() })
		r.Start(review.Request{}, func(int) {}, func(_ checklist.Report, err error) { results <- err })
		if err := <-results; !errors.Is(err, wrong) {
			t.Errorf("got %v", err)
		}
		r.Close(time.Second)
	})
}

// TestCloseDoesNotWaitForever: a review that hears nothing may not keep the window from closing.
func TestCloseDoesNotWaitForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := make(chan struct{})
		r := NewReviewer(func(context.Context, review.Request) (checklist.Report, error) {
			<-deaf
			return checklist.Report{}, nil
		}, func(f func()) { f() })
		r.Start(review.Request{}, func(int) {}, func(checklist.Report, error) { t.Error("a closed window was shown something") })
		began := time.Now()
		r.Close(3 * time.Second)
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("closing took %v", took)
		}
		close(deaf)
	})
}
