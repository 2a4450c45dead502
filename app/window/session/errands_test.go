package session

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestErrands: what an errand brings is delivered once it is done, and never after it was stopped or all were closed.
func TestErrands(t *testing.T) {
	for name, tc := range map[string]struct {
		after func(*Errands, *Errand)
		want  int // deliveries: one in the middle, one at the end
	}{
		"runs to its end": {func(*Errands, *Errand) {}, 2},
		"stopped":         {func(_ *Errands, r *Errand) { r.Stop() }, 1},
		"closed":          {func(e *Errands, _ *Errand) { e.Close(time.Second) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				queue := make(chan func(), 10)
				e := NewErrands(func(f func()) { queue <- f })
				got := 0
				r := e.Go(func(r *Errand) func() {
					r.Hand(func() { got++ })
					select {
					case <-r.Context().Done():
						return nil
					case <-time.After(time.Minute):
						return func() { got++ }
					}
				})
				synctest.Wait()
				(<-queue)()
				tc.after(e, r)
				began := time.Now()
				time.Sleep(2 * time.Minute)
				for len(queue) > 0 {
					(<-queue)()
				}
				if got != tc.want || time.Since(began) != 2*time.Minute {
					t.Errorf("%d deliveries, want %d", got, tc.want)
				}
				(*Errand)(nil).Stop()
				e.Close(time.Second)
			})
		})
	}
}
