package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/store"
)

// openStore opens what the program remembers, and says what became of files that were damaged.
func (a *app) openStore(ctx context.Context) (*store.Store, error) {
	dir, err := a.dataDir()
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, dir, store.Options{Now: a.env.Now})
	if err != nil {
		return nil, a.storeError(err)
	}
	return s, nil
}

// closeStore closes it; err is what went wrong before.
func (a *app) closeStore(s *store.Store, err error) error {
	for _, aside := range s.SetAside() {
		aside.Path = clean(aside.Path)
		a.complain(aside.Describe(a.words))
	}
	return a.storeError(errors.Join(err, s.Close()))
}

// storeError gives an error of the store as the sentence for it; others stay as they are.
func (a *app) storeError(err error) error {
	if text, ok := store.Describe(err, a.words); ok {
		return errSaid{clean(text)}
	}
	return err
}

// readTicks reads what the person has said of messages. Where nothing was ever kept, looking for it makes no folder.
func (a *app) readTicks() (*checklist.Ticks, error) {
	dir, err := a.dataDir()
	if err != nil {
		return &checklist.Ticks{}, nil //nolint:nilerr // without a data folder nothing was kept
	}
	kept := false
	for _, name := range []string{"person.db", "ticks.json"} {
		_, err := os.Stat(filepath.Join(dir, name))
		kept = kept || !errors.Is(err, os.ErrNotExist)
	}
	if !kept {
		return &checklist.Ticks{}, nil
	}
	s, err := a.openStore(context.Background())
	if err != nil {
		return nil, err
	}
	ticks, err := s.Ticks(context.Background())
	return ticks, a.closeStore(s, err)
}

// saveTicks keeps what the person says. What another window has kept since is kept too: the two are merged.
func (a *app) saveTicks(t *checklist.Ticks) error {
	s, err := a.openStore(context.Background())
	if err != nil {
		return err
	}
	return a.closeStore(s, s.SaveTicks(context.Background(), t))
}
