// Package history is the watcher's memory in the store: what it saw for 30 days, hourly sums for a year, incidents for ever,
// and what it told, so that nothing is told twice. A year of ten endpoints that are looked at every five minutes takes some
// 20 MB, most of it the last month's single looks.
package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rimbalzo/internal/probe"
	"rimbalzo/internal/store"
	"rimbalzo/internal/watch"
)

// History is a [watch.History] in a store.
type History struct{ s *store.Store }

// In gives the history in a store. It lasts as long as the store is open.
func In(s *store.Store) History { return History{s} }

// keepClaims is how long it is remembered that something was told: as long as the mail that it was about.
const keepClaims = 5 * 365 * 24 * time.Hour

func hourOf(t time.Time) int64 { return t.Truncate(time.Hour).Unix() / 3600 }

// Note implements [watch.History].
func (h History) Note(ctx context.Context, looks ...watch.Seen) error {
	err := h.s.Change(ctx, func(tx *sql.Tx) error {
		known := map[place]int64{}
		for _, l := range looks {
			if err := note(ctx, tx, l, known); err != nil {
				return err
			}
		}
		return forgetOld(ctx, tx, looks)
	})
	if err != nil {
		return fmt.Errorf("note what was seen: %w", err)
	}
	return nil
}

// place is what is looked at.
type place struct {
	operator, account, endpoint string
	direction                   probe.Direction
}

// note keeps one look; known are the endpoints' numbers as far as they were needed.
func note(ctx context.Context, tx *sql.Tx, l watch.Seen, known map[place]int64) error {
	p := place{l.Operator, l.Account, l.Endpoint, l.Direction}
	endpoint, ok := known[p]
	if !ok {
		err := tx.QueryRowContext(ctx, `INSERT INTO endpoint (operator, account, name, direction) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET name = name RETURNING id`, p.operator, p.account, p.endpoint, string(p.direction)).Scan(&endpoint)
		if err != nil {
			return err
		}
		known[p] = endpoint
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO look (at, endpoint, look, ending, took, line) VALUES (?, ?, ?, ?, ?, ?)",
		l.At.UnixNano(), endpoint, string(l.Look), string(l.Ending), int64(l.Took), string(l.Line))
	if err != nil {
		return err
	}
	var sum watch.Sum
	sum.Add(l)
	_, err = tx.ExecContext(ctx, `INSERT INTO hour (hour, endpoint, pass, busy, refusal, failure, took) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
		pass = pass + excluded.pass, busy = busy + excluded.busy, refusal = refusal + excluded.refusal, failure = failure + excluded.failure, took = took + excluded.took`,
		hourOf(l.At), endpoint, sum.Pass, sum.Busy, sum.Refusal, sum.Failure, int64(sum.Took))
	return err
}

// forgetOld drops what is too old when the last look was made.
func forgetOld(ctx context.Context, tx *sql.Tx, looks []watch.Seen) error {
	if len(looks) == 0 {
		return nil
	}
	at := looks[len(looks)-1].At
	if _, err := tx.ExecContext(ctx, "DELETE FROM look WHERE at < ?", at.Add(-watch.KeepLooks).UnixNano()); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM hour WHERE hour < ?", hourOf(at.Add(-watch.KeepSums)))
	return err
}

// Looks implements [watch.History].
func (h History) Looks(ctx context.Context, since time.Time) (list []watch.Seen, err error) {
	err = h.rows(ctx, func() { list = nil }, func(rows *sql.Rows) error {
		var s watch.Seen
		var at int64
		err := rows.Scan(&at, &s.Operator, &s.Account, &s.Endpoint, &s.Direction, &s.Look, &s.Ending, &s.Took, &s.Line)
		s.At = time.Unix(0, at)
		list = append(list, s)
		return err
	}, "SELECT at, operator, account, name, direction, look, ending, took, line FROM look JOIN endpoint ON endpoint.id = endpoint WHERE at >= ? ORDER BY at, look.rowid", since.UnixNano())
	return list, err
}

// Sums implements [watch.History].
func (h History) Sums(ctx context.Context, since time.Time) (list []watch.Sum, err error) {
	err = h.rows(ctx, func() { list = nil }, func(rows *sql.Rows) error {
		var s watch.Sum
		var hour int64
		err := rows.Scan(&hour, &s.Operator, &s.Account, &s.Endpoint, &s.Pass, &s.Busy, &s.Refusal, &s.Failure, &s.Took)
		s.Hour = time.Unix(hour*3600, 0)
		list = append(list, s)
		return err
	}, `SELECT hour, operator, account, name, sum(pass), sum(busy), sum(refusal), sum(failure), sum(took) FROM hour JOIN endpoint ON endpoint.id = endpoint
		WHERE hour * 3600 >= ? GROUP BY hour, operator, account, name ORDER BY hour, name, account`, ceil(since))
	return list, err
}

// ceil gives the first whole second at an instant or after it.
func ceil(t time.Time) int64 { return t.Add(time.Second - 1).Unix() }

// PutIncident implements [watch.History].
func (h History) PutIncident(ctx context.Context, i watch.Incident) error {
	data, err := json.Marshal(i)
	if err != nil {
		return fmt.Errorf("note an incident: %w", err)
	}
	var ends any
	if !i.Open() {
		ends = i.End.UnixNano()
	}
	return h.exec(ctx, "INSERT OR REPLACE INTO incident (id, begins, ends, data) VALUES (?, ?, ?, ?)", i.ID, i.Begin.UnixNano(), ends, string(data))
}

// Incidents implements [watch.History].
func (h History) Incidents(ctx context.Context, since time.Time) (list []watch.Incident, err error) {
	err = h.rows(ctx, func() { list = nil }, func(rows *sql.Rows) error {
		var data string
		if err := rows.Scan(&data); err != nil {
			return err
		}
		var i watch.Incident
		if err := json.Unmarshal([]byte(data), &i); err != nil {
			return err
		}
		list = append(list, i)
		return nil
	}, "SELECT data FROM incident WHERE ends IS NULL OR ends >= ? ORDER BY begins, id", since.UnixNano())
	return list, err
}

// Knock implements [watch.History].
func (h History) Knock(ctx context.Context, k watch.Knock) error {
	err := h.s.Change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO knock (day, host, why, times, last) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET times = times + excluded.times, last = excluded.last`, k.Day, k.Host, string(k.Why), k.Times, k.Last.UnixNano())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM knock WHERE last < ?", k.Last.Add(-watch.KeepLooks).UnixNano())
		return err
	})
	if err != nil {
		return fmt.Errorf("count a contact: %w", err)
	}
	return nil
}

// Knocks implements [watch.History].
func (h History) Knocks(ctx context.Context, day string) (list []watch.Knock, err error) {
	err = h.rows(ctx, func() { list = nil }, func(rows *sql.Rows) error {
		k := watch.Knock{Day: day}
		var last int64
		err := rows.Scan(&k.Host, &k.Why, &k.Times, &last)
		k.Last = time.Unix(0, last)
		list = append(list, k)
		return err
	}, "SELECT host, why, times, last FROM knock WHERE day = ? ORDER BY last, host, why", day)
	return list, err
}

// Set implements [watch.History].
func (h History) Set(ctx context.Context, name, value string) error {
	if value == "" {
		return h.exec(ctx, "DELETE FROM value WHERE name = ?", name)
	}
	return h.exec(ctx, "INSERT OR REPLACE INTO value (name, value) VALUES (?, ?)", name, value)
}

// Get implements [watch.History].
func (h History) Get(ctx context.Context, name string) (value string, err error) {
	err = h.rows(ctx, func() { value = "" }, func(rows *sql.Rows) error { return rows.Scan(&value) }, "SELECT value FROM value WHERE name = ?", name)
	return value, err
}

// rows runs a query; begin is called before its first row, and again where the query has to be run anew.
func (h History) rows(ctx context.Context, begin func(), take func(*sql.Rows) error, query string, args ...any) error {
	err := h.s.Look(ctx, begin, take, query, args...)
	if err != nil {
		return fmt.Errorf("look up the history: %w", err)
	}
	return nil
}

func (h History) exec(ctx context.Context, query string, args ...any) error {
	err := h.s.Change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	return nil
}

// errClaimed ends a claim that comes too late.
var errClaimed = errors.New("claimed before")
