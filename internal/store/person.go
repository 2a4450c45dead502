package store

import (
	"context"
	"database/sql"
)

// Change runs f in a writing transaction on person.db, for what the watcher remembers there; see internal/store/history. It may
// run twice, of which only the second counts.
func (s *Store) Change(ctx context.Context, f func(*sql.Tx) error) error {
	return s.use(ctx, &s.person, func(db *database) error { return db.change(ctx, f) })
}

// Look runs a query on person.db and takes its rows. Begin is called before the first row, and again where the query has to be
// run anew.
func (s *Store) Look(ctx context.Context, begin func(), take func(*sql.Rows) error, query string, args ...any) error {
	return s.use(ctx, &s.person, func(db *database) error {
		begin()
		return each(ctx, db.read, take, query, args...)
	})
}
