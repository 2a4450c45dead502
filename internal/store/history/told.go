package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rimbalzo/internal/watch"
)

// Claim implements [watch.History]. A process that dies between the claim and the telling has told nothing: a notice that is
// lost is better than one that comes twice.
func (h History) Claim(ctx context.Context, t watch.Told) (bool, error) {
	keys, err := json.Marshal(t.Keys)
	if err != nil {
		return false, fmt.Errorf("claim a notice: %w", err)
	}
	err = h.s.Change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM claim WHERE at < ?", t.At.Add(-keepClaims).UnixNano()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM told WHERE at < ?", t.At.Add(-keepClaims).UnixNano()); err != nil {
			return err
		}
		own := map[string]bool{}
		for _, key := range append([]string{"id/" + t.ID}, t.Keys...) {
			if own[key] {
				continue
			}
			own[key] = true
			res, err := tx.ExecContext(ctx, "INSERT INTO claim (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING", key, t.At.UnixNano())
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return errors.Join(errClaimed, err)
			}
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO told (id, kind, at, shown, keys) VALUES (?, ?, ?, ?, ?)", t.ID, string(t.Kind), t.At.UnixNano(), t.Shown, string(keys))
		return err
	})
	switch {
	case errors.Is(err, errClaimed):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("claim a notice: %w", err)
	}
	return true, nil
}

// Shown implements [watch.History].
func (h History) Shown(ctx context.Context, id string) error {
	return h.exec(ctx, "UPDATE told SET shown = 1 WHERE id = ?", id)
}

// Claimed implements [watch.History].
func (h History) Claimed(ctx context.Context, keys []string) (found map[string]bool, err error) {
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, fmt.Errorf("look up the history: %w", err)
	}
	err = h.rows(ctx, func() { found = map[string]bool{} }, func(rows *sql.Rows) error {
		var key string
		err := rows.Scan(&key)
		found[key] = true
		return err
	}, "SELECT key FROM claim WHERE key IN (SELECT value FROM json_each(?))", string(list))
	return found, err
}

// Told implements [watch.History].
func (h History) Told(ctx context.Context, since time.Time) (list []watch.Told, err error) {
	err = h.rows(ctx, func() { list = nil }, func(rows *sql.Rows) error {
		var t watch.Told
		var at int64
		var keys string
		if err := rows.Scan(&t.ID, &t.Kind, &at, &t.Shown, &keys); err != nil {
			return err
		}
		t.At = time.Unix(0, at)
		list = append(list, t)
		return json.Unmarshal([]byte(keys), &list[len(list)-1].Keys)
	}, "SELECT id, kind, at, shown, keys FROM told WHERE at >= ? AND kind NOT IN (?, ?) ORDER BY at, id", since.UnixNano(), string(watch.KindSeen), string(watch.KindMark))
	return list, err
}
