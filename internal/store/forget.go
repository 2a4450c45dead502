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

// forgetPerson drops what was told of the account: such keys hold its name.
func forgetPerson(ctx context.Context, tx *sql.Tx, account string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM told WHERE instr(key, ?) > 0", account)
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
