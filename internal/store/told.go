package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// toldKept is how long it is remembered that something was told.
const toldKept = 400 * 24 * time.Hour

// Told claims a notice: of all processes and runs that ask for a key, one gets true, once, and may tell it. A process that dies
// between the claim and the telling has told nothing: a notice that is lost is better than one that comes twice.
func (s *Store) Told(ctx context.Context, key string) (mine bool, err error) {
	now := s.opts.Now()
	err = s.use(ctx, &s.person, func(db *database) error {
		return db.change(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, "DELETE FROM told WHERE at < ?", now.Add(-toldKept).Unix()); err != nil {
				return err
			}
			res, err := tx.ExecContext(ctx, "INSERT INTO told (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING", key, now.Unix())
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			mine = n == 1
			return err
		})
	})
	if err != nil {
		return false, fmt.Errorf("claim a notice: %w", err)
	}
	return mine, nil
}
