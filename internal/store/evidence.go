package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"rimbalzo/internal/advice"
)

// Kept is what is kept of some accounts.
type Kept struct {
	Sent     []advice.Outgoing
	Incoming []advice.Incoming
	Reports  []advice.Reported
	Unread   []Unread
	Accounts []Account
}

// Account is what one account's last complete reading covered.
type Account struct {
	Name  string
	Roles []string
	Since time.Time // from when on nothing is missing; zero for the beginning
	At    time.Time // when the last complete reading began; zero when there was none
	Own   []string  // its addresses
}

// row is a record as it stands in the file.
type row struct {
	place    int64
	validity uint32
	uid      uint32
	source   string
	kind     kind
	data     []byte
}

// Evidence gives what is kept of accounts, in the order of reading; of accounts that are not known, nothing. Where
// a record can't be read its folder will be read anew, and the error is [ErrRebuilt].
func (s *Store) Evidence(ctx context.Context, accounts []string) (*Kept, error) {
	kept, bad := &Kept{}, []int64(nil)
	err := s.use(ctx, &s.mail, func(db *database) error {
		*kept, bad = Kept{}, nil
		tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback() // it only reads
		places := map[int64]string{}
		for _, name := range slices.Compact(slices.Sorted(slices.Values(accounts))) {
			if err := kept.account(ctx, tx, name, places); err != nil {
				return err
			}
		}
		bad, err = kept.records(ctx, tx, places)
		return err
	})
	if err == nil && len(bad) > 0 {
		err = s.readAnew(ctx, bad)
	}
	if err != nil {
		return nil, fmt.Errorf("read what is kept: %w", err)
	}
	return kept, nil
}

// Accounts says of every account that something is kept of how far its last complete reading went, by name.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	var list []Account
	err := s.use(ctx, &s.mail, func(db *database) error {
		list = nil
		tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback() // it only reads
		ids := map[int64]string{}
		err = each(ctx, tx, func(rows *sql.Rows) error {
			var id int64
			var name string
			err := rows.Scan(&id, &name)
			ids[id] = name
			return err
		}, "SELECT id, name FROM account")
		if err != nil {
			return err
		}
		for id, name := range ids {
			a := Account{Name: name}
			if err := a.load(ctx, tx, id); err != nil {
				return err
			}
			list = append(list, a)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up the accounts that were read: %w", err)
	}
	slices.SortFunc(list, func(a, b Account) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// readAnew forgets how far folders were read.
func (s *Store) readAnew(ctx context.Context, places []int64) error {
	err := s.use(ctx, &s.mail, func(db *database) error {
		return db.change(ctx, func(tx *sql.Tx) error {
			for _, p := range places {
				for _, table := range []string{"mark", "record"} {
					if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE place = ?", p); err != nil {
						return err
					}
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return ErrRebuilt
}

// account takes what is kept of an account but for its records, and the names of its places.
func (k *Kept) account(ctx context.Context, tx *sql.Tx, name string, places map[int64]string) error {
	var id int64
	err := tx.QueryRowContext(ctx, "SELECT id FROM account WHERE name = ?", name).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	a := Account{Name: name}
	if err := a.load(ctx, tx, id); err != nil {
		return err
	}
	k.Accounts = append(k.Accounts, a)
	err = each(ctx, tx, func(rows *sql.Rows) error {
		var id int64
		var name string
		err := rows.Scan(&id, &name)
		places[id] = name
		return err
	}, "SELECT id, name FROM place WHERE account = ?", id)
	if err != nil {
		return err
	}
	return each(ctx, tx, func(rows *sql.Rows) error {
		var u Unread
		if err := rows.Scan(&u.Source, &u.Why, &u.Folder); err != nil {
			return err
		}
		k.Unread = append(k.Unread, u)
		return nil
	}, "SELECT source, why, folder FROM unread WHERE account = ? ORDER BY source", id)
}

func (a *Account) load(ctx context.Context, tx *sql.Tx, id int64) error {
	var since, before sql.NullInt64
	var at int64
	err := tx.QueryRowContext(ctx, "SELECT since, at, before FROM reading LEFT JOIN dropped USING (account) WHERE account = ?", id).Scan(&since, &at, &before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err == nil {
		a.At = time.Unix(at, 0)
	}
	if since.Valid {
		a.Since = time.Unix(since.Int64, 0)
	}
	if before.Valid && (!since.Valid || before.Int64 > since.Int64) {
		a.Since = time.Unix(before.Int64, 0)
	}
	for table, list := range map[string]*[]string{"role FROM cover": &a.Roles, "address FROM own": &a.Own} {
		err := each(ctx, tx, func(rows *sql.Rows) error {
			var s string
			err := rows.Scan(&s)
			*list = append(*list, s)
			return err
		}, "SELECT "+table+" WHERE account = ? ORDER BY 1", id)
		if err != nil {
			return err
		}
	}
	return nil
}

// shelf is a stretch of rows with what they say.
type shelf struct {
	rows []row
	kept Kept
	bad  map[int64]bool
}

// shelfRows is how many rows are decoded in one piece: while one goroutine takes rows from the file, others decode.
const shelfRows = 1000

// repeated is true of what "all mail" repeats of another folder of its account.
const repeated = `copy AND digest <> 0 AND EXISTS (SELECT 1 FROM record AS other JOIN place AS there ON there.id = other.place
	JOIN place AS here ON here.id = record.place
	WHERE other.digest = record.digest AND other.digest <> 0 AND NOT other.copy AND there.account = here.account)`

// records takes the records of places from the file. It goes through all there are, which most often are the ones wanted: an
// index would lead to each by itself.
func (k *Kept) records(ctx context.Context, tx *sql.Tx, places map[int64]string) (bad []int64, err error) {
	var shelves []*shelf
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	full := func() {
		s := shelves[len(shelves)-1]
		slots <- struct{}{}
		wg.Go(func() {
			s.decode(places)
			<-slots
		})
	}
	err = each(ctx, tx, func(rows *sql.Rows) error {
		if len(shelves) == 0 || len(shelves[len(shelves)-1].rows) == shelfRows {
			if len(shelves) > 0 {
				full()
			}
			shelves = append(shelves, &shelf{rows: make([]row, 0, shelfRows)})
		}
		var r row
		err := rows.Scan(&r.place, &r.validity, &r.uid, &r.source, &r.kind, &r.data)
		if _, wanted := places[r.place]; wanted {
			s := shelves[len(shelves)-1]
			s.rows = append(s.rows, r)
		}
		return err
	}, "SELECT place, validity, uid, source, kind, iif(length(data) <= ?, data, x'') FROM record WHERE NOT ("+repeated+")", maxRecord)
	if err == nil && len(shelves) > 0 {
		full()
	}
	wg.Wait()
	if err != nil {
		return nil, err
	}
	return k.take(shelves), nil
}

// decode reads a shelf's rows and lets go of them.
func (s *shelf) decode(places map[int64]string) {
	s.bad = map[int64]bool{}
	for i := range s.rows {
		r := &s.rows[i]
		rec := Record{Place: places[r.place], Validity: r.validity, UID: r.uid, Source: r.source}
		if err := decode(&rec, r.kind, r.data); err != nil {
			s.bad[r.place] = true
			continue
		}
		switch r.kind {
		case kindSent:
			s.kept.Sent = append(s.kept.Sent, *rec.Sent)
		case kindIncoming:
			s.kept.Incoming = append(s.kept.Incoming, *rec.Incoming)
		case kindReport:
			s.kept.Reports = append(s.kept.Reports, *rec.Report)
		case kindUnread:
			s.kept.Unread = append(s.kept.Unread, Unread{Source: rec.source(), Why: rec.Unread})
		}
	}
	s.rows = nil
}

// take puts the shelves together in their order, and gives the places in which something could not be read.
func (k *Kept) take(shelves []*shelf) (bad []int64) {
	n := [3]int{}
	for _, s := range shelves {
		n[0], n[1], n[2] = n[0]+len(s.kept.Sent), n[1]+len(s.kept.Incoming), n[2]+len(s.kept.Reports)
	}
	k.Sent, k.Incoming, k.Reports = slices.Grow(k.Sent, n[0]), slices.Grow(k.Incoming, n[1]), slices.Grow(k.Reports, n[2])
	for _, s := range shelves {
		k.Sent, k.Incoming, k.Reports = append(k.Sent, s.kept.Sent...), append(k.Incoming, s.kept.Incoming...), append(k.Reports, s.kept.Reports...)
		k.Unread = append(k.Unread, s.kept.Unread...)
		for p := range s.bad {
			bad = append(bad, p)
		}
	}
	return bad
}
