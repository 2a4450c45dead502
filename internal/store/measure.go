package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
)

// Measure is how much is in one of the store's files.
type Measure struct {
	File      string // its name in the data folder
	Form      int    // how many steps of its form it has taken
	Known     int    // how many this program knows
	Unsound   string // what a quick look over the whole file finds wrong, "" for nothing
	Rows      []Rows // by the table's name
	FreePages int    // pages that hold nothing any more
}

// Rows is how many rows a table has.
type Rows struct {
	Table string
	N     int
}

// Measures looks into the files of a data folder as they are, for somebody who searches a fault: nothing is made, brought up
// or set aside, and nothing of what is kept is read but the number of it. A file that is not there is left out; one that
// cannot be read is told in Unsound.
func Measures(ctx context.Context, dir string) (list []Measure) {
	for _, f := range []struct {
		name  string
		forms []string
	}{{"mail.db", mailForms}, {"person.db", personForms}} {
		path := filepath.Join(dir, f.name)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		m := Measure{File: f.name, Known: len(f.forms)}
		if err := m.take(ctx, path); err != nil {
			m.Unsound = err.Error()
		}
		list = append(list, m)
	}
	return list
}

func (m *Measure) take(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", address(path, "query_only(1)")+"&mode=ro")
	if err != nil {
		return fmt.Errorf("open %s: %w", m.File, err)
	}
	defer db.Close()
	if m.Form, err = form(ctx, db); err != nil {
		return fmt.Errorf("look into %s: %w", m.File, err)
	}
	if err := db.QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&m.FreePages); err != nil {
		return fmt.Errorf("look into %s: %w", m.File, err)
	}
	err = each(ctx, db, func(rows *sql.Rows) error {
		var r Rows
		m.Rows = append(m.Rows, r)
		return rows.Scan(&m.Rows[len(m.Rows)-1].Table)
	}, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	if err != nil {
		return fmt.Errorf("look into %s: %w", m.File, err)
	}
	for i := range m.Rows {
		// The names come from the file's own list; quoted, one may hold anything.
		if err := db.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM %q", m.Rows[i].Table)).Scan(&m.Rows[i].N); err != nil {
			return fmt.Errorf("count in %s: %w", m.File, err)
		}
	}
	return soundness(ctx, db, "quick_check")
}
