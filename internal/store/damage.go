package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Aside is a damaged file that was set aside.
type Aside struct {
	Name  string // of the file: mail.db, person.db or ticks.json
	Path  string // where it is now
	Words int    // of person.db: how many of the person's words were saved
}

// SetAside gives the damaged files that were set aside since this was last asked, for a person to be told.
func (s *Store) SetAside() []Aside {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.aside
	s.aside = nil
	return list
}

func (s *Store) noteAside(a Aside) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aside = append(s.aside, a)
}

// asideKept is how many set aside files of one name are kept: they are as large as the file was.
const asideKept = 2

// setAside moves a damaged file out of the way, unless another process has done so meanwhile.
func (s *Store) setAside(ctx context.Context, p *part, cause error) error {
	err := s.alone(ctx, func() error {
		db, err := p.connect()
		if err != nil {
			return err
		}
		sound := p.sound(ctx, db)
		if err := db.close(); err == nil && sound {
			return nil
		}
		to, err := s.move(p.name)
		if err != nil {
			return err
		}
		p.checked = true
		s.noteAside(Aside{Name: p.name, Path: to})
		return p.bringUp(ctx)
	})
	if err != nil {
		return fmt.Errorf("set the damaged %s aside (%w): %w", p.name, cause, err)
	}
	if p == &s.person {
		return s.restoreWords(ctx)
	}
	return nil
}

// move renames a file of the data folder so that its name tells when it was set aside, drops its companions, which are of no
// use without it, and drops older ones.
func (s *Store) move(name string) (to string, err error) {
	path := filepath.Join(s.dir, name)
	to = path + "." + s.opts.Now().Format("2006-01-02-150405") + asideEnd
	if err := os.Rename(path, to); err != nil {
		return "", err
	}
	for _, companion := range []string{"-wal", "-shm", "-journal"} {
		if err := os.Remove(path + companion); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	old, err := s.asideFiles(name)
	if err != nil {
		return "", err
	}
	for i := range max(0, len(old)-asideKept) {
		if err := os.Remove(old[i]); err != nil {
			return "", err
		}
	}
	return to, nil
}

const asideEnd = ".damaged"

// asideFiles gives the paths of the files of a name that were set aside, oldest first; of all names for "".
func (s *Store) asideFiles(name string) ([]string, error) {
	list, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("look for files set aside: %w", err)
	}
	var old []string
	for _, e := range list {
		for _, of := range []string{s.mail.name, s.person.name, ticksFile} {
			if (name == "" || name == of) && strings.HasPrefix(e.Name(), of+".") && strings.HasSuffix(e.Name(), asideEnd) {
				old = append(old, filepath.Join(s.dir, e.Name()))
			}
		}
	}
	slices.SortFunc(old, cmp.Compare[string])
	return old, nil
}
