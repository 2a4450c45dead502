package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// age is how long a record is kept after it was sent or arrived.
const age = 5 * 365 * 24 * time.Hour

// clearAged drops records that are too old, some at a time.
func (s *Store) clearAged(ctx context.Context, db *database) error {
	before := s.opts.Now().Add(-age).Unix()
	for {
		n := 0
		err := db.change(ctx, func(tx *sql.Tx) (err error) {
			n, err = s.drop(ctx, tx, "kind > 0 AND at < ?", before, batch)
			return err
		})
		if err != nil || n < batch {
			return err
		}
	}
}

// makeRoom drops the oldest records while the file is too large: twice as many as were just written, so that it gets smaller.
// Ordinary messages go first, then reports and sent ones.
func (s *Store) makeRoom(ctx context.Context, tx *sql.Tx, written int) error {
	var pages, unused, size int64
	for pragma, into := range map[string]*int64{"page_count": &pages, "freelist_count": &unused, "page_size": &size} {
		if err := tx.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(into); err != nil {
			return err
		}
	}
	if (pages-unused)*size <= s.opts.MaxBytes {
		return nil
	}
	left := 2*written + 100
	for _, k := range []kind{kindIncoming, kindReport, kindSent} {
		n, err := s.drop(ctx, tx, "kind = ?", int64(k), left)
		if left -= n; err != nil || left <= 0 {
			return err
		}
	}
	return nil
}

// drop drops at most n records that fit a condition, the oldest first, and notes for their accounts from when on nothing is
// missing.
func (s *Store) drop(ctx context.Context, tx *sql.Tx, where string, arg int64, n int) (dropped int, err error) {
	var ids []int64
	last := map[int64]int64{}
	err = each(ctx, tx, func(rows *sql.Rows) error {
		var id, account, at int64
		if err := rows.Scan(&id, &account, &at); err != nil {
			return err
		}
		ids = append(ids, id)
		last[account] = max(last[account], at)
		return nil
	}, "SELECT record.rowid, account, at FROM record JOIN place ON place.id = record.place WHERE "+where+" ORDER BY at LIMIT ?", arg, n)
	if err != nil {
		return 0, fmt.Errorf("look for the oldest records: %w", err)
	}
	for account, at := range last {
		_, err := tx.ExecContext(ctx, "INSERT INTO dropped (account, before) VALUES (?, ?) ON CONFLICT DO UPDATE SET before = max(before, excluded.before)", account, at+1)
		if err != nil {
			return 0, err
		}
	}
	return len(ids), remove(ctx, tx, ids)
}

func remove(ctx context.Context, tx *sql.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	del, err := tx.PrepareContext(ctx, "DELETE FROM record WHERE rowid = ?")
	if err != nil {
		return err
	}
	defer del.Close()
	for _, id := range ids {
		if _, err := del.ExecContext(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// clearOld drops what was read under an older UIDVALIDITY and found again under the present one, some at a time.
func (r *Reading) clearOld(ctx context.Context, db *database) error {
	renewed := map[int64]int64{}
	err := each(ctx, db.read, func(rows *sql.Rows) error {
		var place, validity int64
		if err := rows.Scan(&place, &validity); err != nil {
			return err
		}
		renewed[place] = validity
		return nil
	}, `SELECT mark.place, mark.validity FROM mark JOIN place ON place.id = mark.place WHERE account = ?
		AND EXISTS (SELECT 1 FROM record WHERE record.place = mark.place AND (record.validity < mark.validity OR record.validity > mark.validity))`, r.account)
	if err != nil {
		return err
	}
	for place, validity := range renewed {
		old, err := foundAgain(ctx, db, place, validity)
		for err == nil && len(old) > 0 {
			n := min(batch, len(old))
			err = db.change(ctx, func(tx *sql.Tx) error { return remove(ctx, tx, old[:n]) })
			old = old[n:]
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// foundAgain gives the old records of a place that are there in the new UIDVALIDITY as well. An old note of a message that
// could not be read names a UID that means nothing any more.
func foundAgain(ctx context.Context, db *database, place, validity int64) (old []int64, err error) {
	again := map[int64]bool{}
	err = each(ctx, db.read, func(rows *sql.Rows) error {
		var ident int64
		err := rows.Scan(&ident)
		again[ident] = true
		return err
	}, "SELECT ident FROM record WHERE place = ? AND validity = ?", place, validity)
	if err != nil {
		return nil, err
	}
	err = each(ctx, db.read, func(rows *sql.Rows) error {
		var id, ident int64
		var k kind
		if err := rows.Scan(&id, &ident, &k); err != nil {
			return err
		}
		if again[ident] || k == kindUnread {
			old = append(old, id)
		}
		return nil
	}, "SELECT rowid, ident, kind FROM record WHERE place = ? AND validity <> ?", place, validity)
	return old, err
}
