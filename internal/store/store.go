// Package store keeps what must outlive the process, in two SQLite files of the data folder.
//
// mail.db holds what can be read again from the mailbox: of each message that matters one record of headers, digests and
// decoded facts, never a body; how far each folder was read; what was covered. person.db holds what cannot: the person's
// words on the messages, and what was told. A copy of those words stands in ticks.json beside it.
//
// Two processes have the files open at once, the watcher and the window. SQLite itself sees to reading and writing (WAL, one
// writing connection and a few that read in each process, BEGIN IMMEDIATE). What needs a file alone (changing its form,
// setting it aside, VACUUM) asks the other process to close it first: see [gate].
//
// Bounds: mail.db holds at most Options.MaxBytes; beyond, the oldest ordinary messages go first, and silence before that day
// counts no more. Records are kept for five years after they were sent or arrived. person.db holds what a person did, some 110
// bytes for each tick, 250,000 at most, and the watcher's history within the bounds of internal/store/history. Of damaged files
// the last two of each are kept.
package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options are the store's bounds; a zero value stands for its default.
type Options struct {
	Now      func() time.Time // the clock (time.Now)
	MaxBytes int64            // the size of mail.db (512 MB)
	Patience time.Duration    // how long to wait for the other process (10 s)
	Idle     time.Duration    // after how long without use the files are closed (1 s)
}

func (o Options) orDefault() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 512 << 20
	}
	if o.Patience <= 0 {
		o.Patience = 10 * time.Second
	}
	if o.Idle <= 0 {
		o.Idle = time.Second
	}
	return o
}

var (
	// ErrNewer means that a file was written by a newer program: this one leaves it alone.
	ErrNewer = errors.New("the file was written by a newer version")
	// ErrInUse means that another process did not let go of the files in time.
	ErrInUse = errors.New("another process is using the files")
	// ErrRebuilt means that what a reading builds on is gone: the file was damaged and set aside, or the account forgotten.
	// Whoever meets it begins anew.
	ErrRebuilt = errors.New("what was kept of the account is gone")
	// ErrClosed means that the store was closed.
	ErrClosed = errors.New("the store is closed")
)

// Store is the data folder's two files. It is safe for concurrent use. Files are opened when they are needed and closed soon
// after, so that an idle process costs nothing and stands in nobody's way.
type Store struct {
	dir    string
	opts   Options
	gate   gate
	mail   part
	person part

	mu      sync.Mutex
	inside  hold // this process's share in the files; nil while they are closed
	users   int
	leaving bool // files are closed as soon as nobody uses them
	closed  bool
	idle    *time.Timer
	aside   []Aside
}

// Open prepares the store in a folder, which it makes when it is missing; the files are opened, made and brought to this
// program's form. It fails with [ErrNewer], [ErrInUse], or as the file system does. A damaged file is no error: it is set
// aside, see [Store.SetAside].
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	s := &Store{dir: dir, opts: o.orDefault(), gate: gate{dir: dir}}
	s.mail = part{name: "mail.db", forms: mailForms, large: true, path: filepath.Join(dir, "mail.db")}
	s.person = part{name: "person.db", forms: personForms, path: filepath.Join(dir, "person.db")}
	for _, p := range []*part{&s.mail, &s.person} {
		if err := s.use(ctx, p, func(*database) error { return nil }); err != nil {
			_ = s.Close() // nothing was written
			return nil, err
		}
	}
	return s, nil
}

// makeFolder makes the data folder for its owner alone. One that the program has used before, or an empty one, is closed to
// others; a folder with other things in it is the person's own affair, as the files in it are closed in any case.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("look at the data folder: %w", err)
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look into the data folder: %w", err)
	}
	ours := len(list) == 0
	for _, e := range list {
		ours = ours || e.Name() == "mail.db" || e.Name() == "person.db" || e.Name() == "accounts.toml" || e.Name() == ticksFile
	}
	if !ours {
		return nil
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("close the data folder to others: %w", err)
	}
	return nil
}

// Close closes the files. The store can't be used after it.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.users > 0 {
		s.leaving = true
		return nil
	}
	return s.shut()
}

// use runs f on a part's database. Where the file turns out to be damaged it is set aside, and f runs once more on the new one.
func (s *Store) use(ctx context.Context, p *part, f func(*database) error) error {
	err := s.once(ctx, p, f)
	if !damaged(err) {
		return err
	}
	if err := s.setAside(ctx, p, err); err != nil {
		return err
	}
	return s.once(ctx, p, f)
}

func (s *Store) once(ctx context.Context, p *part, f func(*database) error) error {
	db, err := s.enter(ctx, p)
	if err != nil {
		return err
	}
	defer s.leave()
	if err := f(db); err != nil {
		return fmt.Errorf("use %s: %w", p.name, err)
	}
	return nil
}

// enter gives a part's open database. Every entering is followed by a leaving.
func (s *Store) enter(ctx context.Context, p *part) (*database, error) {
	for {
		if err := s.giveWay(ctx); err != nil {
			return nil, err
		}
		db, err := s.tryEnter(ctx, p)
		if db != nil || (err != nil && !errors.Is(err, errOldForm)) {
			return db, err
		}
		if err != nil {
			if err := s.alone(ctx, func() error { return p.bringUp(ctx) }); err != nil {
				return nil, err
			}
			continue
		}
		if err := pause(ctx, beat); err != nil {
			return nil, err
		}
	}
}

// tryEnter gives nil when somebody has the files alone just now.
func (s *Store) tryEnter(ctx context.Context, p *part) (*database, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	if s.leaving {
		return nil, nil
	}
	if s.inside == nil {
		var err error
		if s.inside, err = s.gate.enter(); s.inside == nil {
			return nil, err
		}
	}
	if p.db == nil {
		db, err := p.open(ctx)
		if err != nil {
			if s.users == 0 {
				err = errors.Join(err, s.shut())
			}
			return nil, err
		}
		p.db = db
	}
	if s.idle != nil {
		s.idle.Stop()
	}
	s.users++
	return p.db, nil
}

func (s *Store) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users--
	switch {
	case s.users > 0:
	case s.leaving:
		s.leaving = false
		s.settle()
	case s.idle == nil:
		s.idle = time.AfterFunc(s.opts.Idle, s.rest)
	default:
		s.idle.Reset(s.opts.Idle)
	}
}

// rest closes the files when nobody has used them for a while.
func (s *Store) rest() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users == 0 {
		s.settle()
	}
}

// settle closes the files where nobody waits for the outcome. What was committed is safe whether closing works or not.
func (s *Store) settle() { _ = s.shut() }

// shut closes the files and gives up this process's share in them. s.mu is held.
func (s *Store) shut() error {
	var errs []error
	if s.idle != nil {
		s.idle.Stop()
	}
	for _, p := range []*part{&s.mail, &s.person} {
		if p.db != nil {
			errs = append(errs, p.db.close())
			p.db = nil
		}
	}
	if s.inside != nil {
		errs = append(errs, s.inside.Unlock())
		s.inside = nil
	}
	return errors.Join(errs...)
}
