package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rimbalzo/internal/checklist"
)

// ticksFile holds a copy of the person's words, in the form of [checklist.Ticks]: an older program's words are read from it,
// and a damaged person.db is made again from it.
const ticksFile = "ticks.json"

// saidFile is the outermost form of ticksFile; a line is what it says about one item, whatever words it may have.
type saidFile struct {
	Version int               `json:"version"`
	Ticks   []json.RawMessage `json:"ticks"`
}

// Ticks gives the person's words, those in ticks.json included: that file may have been brought from another computer. A
// ticks.json that is damaged is set aside; one of a newer program is an error ([checklist.ErrTicksVersion]).
func (s *Store) Ticks(ctx context.Context) (*checklist.Ticks, error) {
	var kept *checklist.Ticks
	err := s.use(ctx, &s.person, func(db *database) error {
		w, err := readWords(ctx, db.read)
		if err == nil {
			kept, err = w.ticks()
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the person's words: %w", err)
	}
	copied, err := s.copiedWords()
	if err != nil {
		return nil, err
	}
	kept.Merge(copied)
	return kept, nil
}

// SaveTicks keeps the person's words. Those that another process has kept since are merged into t: the later word stays.
func (s *Store) SaveTicks(ctx context.Context, t *checklist.Ticks) error {
	copied, err := s.copiedWords()
	if err != nil {
		return err
	}
	err = s.use(ctx, &s.person, func(db *database) error {
		return db.change(ctx, func(tx *sql.Tx) error {
			before, err := readWords(ctx, tx)
			if err != nil {
				return err
			}
			kept, err := before.ticks()
			if err != nil {
				return err
			}
			t.Merge(kept)
			t.Merge(copied)
			return writeWords(ctx, tx, before, t)
		})
	})
	if err != nil {
		return fmt.Errorf("keep the person's words: %w", err)
	}
	// The words are safe by now; without a copy they would not survive a damaged file.
	if err := replace(filepath.Join(s.dir, ticksFile), t); err != nil {
		return fmt.Errorf("copy the person's words: %w", err)
	}
	return nil
}

// written are words as they stand in a file, line by line.
type written struct {
	version int               // of the lines; 0 where there are none
	lines   map[string]string // by key
}

// readWords reads the lines of person.db.
func readWords(ctx context.Context, db querier) (written, error) {
	w := written{lines: map[string]string{}}
	err := each(ctx, db, func(rows *sql.Rows) error { return rows.Scan(&w.version) }, "SELECT version FROM form")
	if err != nil {
		return w, err
	}
	return w, each(ctx, db, func(rows *sql.Rows) error {
		var key, line string
		err := rows.Scan(&key, &line)
		w.lines[key] = line
		return err
	}, "SELECT key, line FROM word")
}

// ticks puts the lines together to the form that [checklist.DecodeTicks] knows.
func (w written) ticks() (*checklist.Ticks, error) {
	if w.version == 0 {
		return new(checklist.Ticks), nil
	}
	file := saidFile{Version: w.version, Ticks: make([]json.RawMessage, 0, len(w.lines))}
	for _, line := range w.lines {
		file.Ticks = append(file.Ticks, json.RawMessage(line))
	}
	whole, err := json.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnsound, err)
	}
	t, err := checklist.DecodeTicks(bytes.NewReader(whole))
	if err != nil && !errors.Is(err, checklist.ErrTicksVersion) {
		err = fmt.Errorf("%w: %w", errUnsound, err)
	}
	return t, err
}

// lines takes apart what [checklist.Ticks] writes.
func lines(t *checklist.Ticks) (written, error) {
	var buf bytes.Buffer
	if err := t.Encode(&buf); err != nil {
		return written{}, err
	}
	var file saidFile
	if err := json.Unmarshal(buf.Bytes(), &file); err != nil {
		return written{}, err
	}
	w := written{file.Version, make(map[string]string, len(file.Ticks))}
	for _, line := range file.Ticks {
		var key struct {
			Key string `json:"key"`
		}
		var flat bytes.Buffer
		if err := errors.Join(json.Unmarshal(line, &key), json.Compact(&flat, line)); err != nil {
			return written{}, err
		}
		w.lines[key.Key] = flat.String()
	}
	return w, nil
}

// writeWords writes the lines that differ from before.
func writeWords(ctx context.Context, tx *sql.Tx, before written, t *checklist.Ticks) error {
	now, err := lines(t)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM form"); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO form (version) VALUES (?)", now.version); err != nil {
		return err
	}
	for key, line := range now.lines {
		if before.version == now.version && before.lines[key] == line {
			continue
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO word (key, line) VALUES (?, ?)", key, line); err != nil {
			return err
		}
	}
	return nil
}

// copiedWords reads ticks.json.
func (s *Store) copiedWords() (*checklist.Ticks, error) {
	path := filepath.Join(s.dir, ticksFile)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the copy of the person's words: %w", err)
	}
	t, err := checklist.DecodeTicks(f)
	_ = f.Close() // it was only read
	if err == nil || errors.Is(err, checklist.ErrTicksVersion) {
		return t, err
	}
	to, err := s.move(ticksFile)
	if err != nil {
		return nil, fmt.Errorf("set the damaged copy of the person's words aside: %w", err)
	}
	s.noteAside(Aside{Name: ticksFile, Path: to})
	return nil, nil
}

// restoreWords fills a person.db made anew from ticks.json.
func (s *Store) restoreWords(ctx context.Context) error {
	copied, err := s.copiedWords()
	if err != nil || copied == nil {
		return err
	}
	now, err := lines(copied)
	if err != nil {
		return err
	}
	s.mu.Lock()
	for i := range s.aside {
		if s.aside[i].Name == s.person.name {
			s.aside[i].Words = len(now.lines)
		}
	}
	s.mu.Unlock()
	return s.once(ctx, &s.person, func(db *database) error {
		return db.change(ctx, func(tx *sql.Tx) error { return writeWords(ctx, tx, written{}, copied) })
	})
}

// replace writes words to a file beside its place and moves it there when it is safe on the disk.
func replace(path string, t *checklist.Ticks) error {
	f, err := os.CreateTemp(filepath.Dir(path), strings.TrimSuffix(ticksFile, ".json")+".*.new")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = t.Encode(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	return err
}
