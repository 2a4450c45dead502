package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
)

// Forget drops all that is kept of an account, and sees to it that nothing of it is left in the files: freed pages are
// overwritten, the files are packed, their logs emptied, and damaged files that were set aside are removed. The person's words
// stay: their keys tell nothing of any message. Other processes are asked to close the files first; it fails with [ErrInUse]
// when they do not, after the rows are gone.
func (s *Store) Forget(ctx context.Context, account string) error {
	err := s.use(ctx, &s.mail, func(db *database) error {
		return db.change(ctx, func(tx *sql.Tx) error { return forgetMail(ctx, tx, account) })
	})
	if err == nil {
		err = s.use(ctx, &s.person, func(db *database) error {
			return db.change(ctx, func(tx *sql.Tx) error { return forgetPerson(ctx, tx, account) })
		})
	}
	if err == nil {
		err = s.alone(ctx, func() error { return s.pack(ctx) })
	}
	if err != nil {
		return fmt.Errorf("forget an account: %w", err)
	}
	return nil
}

func forgetMail(ctx context.Context, tx *sql.Tx, account string) error {
	var id int64
	err := tx.QueryRowContext(ctx, "SELECT id FROM account WHERE name = ?", account).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, q := range []string{
		"DELETE FROM record WHERE place IN (SELECT id FROM place WHERE account = ?)",
		"DELETE FROM mark WHERE place IN (SELECT id FROM place WHERE account = ?)",
		"DELETE FROM place WHERE account = ?", "DELETE FROM reading WHERE account = ?", "DELETE FROM cover WHERE account = ?",
		"DELETE FROM unread WHERE account = ?", "DELETE FROM own WHERE account = ?", "DELETE FROM dropped WHERE account = ?",
		"DELETE FROM account WHERE id = ?",
	} {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

// forgetPerson drops what the watcher saw and told of the account. An incident is the provider's and stays, without it.
func forgetPerson(ctx context.Context, tx *sql.Tx, account string) error {
	for _, q := range []string{
		"DELETE FROM look WHERE endpoint IN (SELECT id FROM endpoint WHERE account = ?)",
		"DELETE FROM hour WHERE endpoint IN (SELECT id FROM endpoint WHERE account = ?)",
		"DELETE FROM endpoint WHERE account = ?",
		"DELETE FROM claim WHERE instr(key, ?) > 0",
		"DELETE FROM told WHERE instr(keys, ?1) > 0 OR instr(id, ?1) > 0",
		"DELETE FROM value WHERE instr(name, ?1) > 0 OR instr(value, ?1) > 0",
	} {
		if _, err := tx.ExecContext(ctx, q, account); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE incident SET data = json_set(data, '$.Accounts',
		json((SELECT json_group_array(value) FROM json_each(data, '$.Accounts') WHERE value <> ?1))) WHERE instr(data, ?1) > 0`, account)
	return err
}

// pack rewrites the files without what was dropped. Nobody else has them open.
func (s *Store) pack(ctx context.Context) error {
	for _, p := range []*part{&s.mail, &s.person} {
		db, err := p.connect()
		if err != nil {
			return err
		}
		for _, q := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
			if err == nil {
				_, err = db.write.ExecContext(ctx, q)
			}
		}
		if err := errors.Join(err, db.close()); err != nil {
			return fmt.Errorf("pack %s: %w", p.name, err)
		}
	}
	old, err := s.asideFiles("")
	if err != nil {
		return err
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("remove a file that was set aside: %w", err)
		}
	}
	return nil
}
