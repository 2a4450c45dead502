package review

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/store"
)

// TestTwoProcesses: while another process reads a mailbox, ticks and notifies, this one reads what is kept, ticks, and forgets an
// account, for which the other has to close the files. Neither fails, and nothing is lost.
func TestTwoProcesses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	ticked, forgotten := 0, 0
	wg.Go(func() {
		for ; ctx.Err() == nil; ticked++ {
			ticks := new(checklist.Ticks)
			ticks.Set(killedItem(fmt.Sprint("here-", ticked)), time.Unix(1_700_000_000, 0))
			if err := s.SaveTicks(t.Context(), ticks); err != nil {
				t.Error(err)
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	wg.Go(func() {
		for ; ctx.Err() == nil; forgotten++ {
			if _, err := s.Begin(t.Context(), "vera"); err != nil {
				t.Error(err)
				return
			}
			if err := s.Forget(t.Context(), "vera"); err != nil {
				t.Error(err)
				return
			}
			if _, err := s.Evidence(t.Context(), []string{"elena", "vera"}); err != nil {
				t.Error(err)
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	c := &committed{marks: map[string]int{}}
	c.run(t, dir, 0, 7, rand.New(rand.NewPCG(1, 2)), false)
	stop()
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range ticked {
		c.ticks = append(c.ticks, fmt.Sprint("here-", i))
	}
	c.check(t, dir, 7)
	t.Logf("%d ticks and %d forgettings while the other process set %d ticks", ticked, forgotten, len(c.ticks)-ticked)
	if ticked < 5 || forgotten < 2 {
		t.Error("too little was going on to prove anything")
	}
}
