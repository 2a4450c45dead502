package store

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// gate lets several processes use the files together, and one have them alone, by two lock files, which the system frees when
// a process dies (flock(2), LockFileEx). The room is held shared by every process that has a file open. Whoever wants the
// files alone first holds the door, which is the announcement: everybody looks at it before each transaction, and where it is
// held finishes what runs, closes the files and waits outside. Then the room is free to be held alone.
type gate struct{ dir string }

// hold is a lock that is held.
type hold interface{ Unlock() error }

const (
	roomFile = "store.lock"
	doorFile = "store.door"
	// beat is how often a lock that is held by another is tried again.
	beat = 10 * time.Millisecond
)

func (g gate) room() *flock.Flock { return flock.New(filepath.Join(g.dir, roomFile)) }
func (g gate) door() *flock.Flock { return flock.New(filepath.Join(g.dir, doorFile)) }

// announced reports whether somebody wants the files alone.
func (g gate) announced() (bool, error) {
	door := g.door()
	free, err := door.TryRLock()
	if err != nil {
		return false, fmt.Errorf("look at the door of the data folder: %w", err)
	}
	if !free {
		return true, nil
	}
	if err := door.Unlock(); err != nil {
		return false, fmt.Errorf("leave the door of the data folder: %w", err)
	}
	return false, nil
}

// enter takes a share in the files; nil when somebody has them alone.
func (g gate) enter() (hold, error) {
	room := g.room()
	ok, err := room.TryRLock()
	if err != nil {
		return nil, fmt.Errorf("enter the data folder: %w", err)
	}
	if !ok {
		return nil, nil
	}
	return room, nil
}

// giveWay closes the files while somebody wants them alone, and waits until he is done.
func (s *Store) giveWay(ctx context.Context) error {
	deadline := time.Now().Add(6 * s.opts.Patience)
	for {
		wanted, err := s.gate.announced()
		if err != nil || !wanted {
			return err
		}
		s.retreat()
		if time.Now().After(deadline) {
			return fmt.Errorf("wait for the data folder: %w", ErrInUse)
		}
		if err := pause(ctx, beat); err != nil {
			return err
		}
	}
}

// retreat closes the files as soon as this process does not use them.
func (s *Store) retreat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users > 0 {
		s.leaving = true
		return
	}
	s.settle()
}

// alone runs f while no process has a file open, this one included. It fails with [ErrInUse] when another does not let go.
func (s *Store) alone(ctx context.Context, f func() error) (err error) {
	for _, lock := range []*flock.Flock{s.gate.door(), s.gate.room()} {
		bounded, cancel := context.WithTimeout(ctx, s.opts.Patience)
		ok, lockErr := lock.TryLockContext(bounded, beat)
		cancel()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case !ok && bounded.Err() != nil:
			return fmt.Errorf("have the data folder alone: %w", ErrInUse)
		case lockErr != nil:
			return fmt.Errorf("have the data folder alone: %w", lockErr)
		}
		defer func() {
			if unlocked := lock.Unlock(); err == nil && unlocked != nil {
				err = fmt.Errorf("leave the data folder: %w", unlocked)
			}
		}()
		s.retreat()
	}
	return f()
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
