package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// The steps that lead from an empty file to today's form, in the order of their names; a file's user_version says how many of
// them it has taken. A step that was released is never changed.
//
//go:embed migrations
var migrations embed.FS

var mailForms, personForms = steps("mail"), steps("person")

// steps gives the statements of each step.
func steps(of string) []string {
	names, err := fs.Glob(migrations, "migrations/"+of+"/*.sql")
	if err != nil {
		return nil // the pattern is a constant; a test sees that there are steps
	}
	var list []string
	for _, name := range names {
		if text, err := migrations.ReadFile(name); err == nil {
			list = append(list, string(text))
		}
	}
	return list
}

// errOldForm means that the file has steps to take.
var errOldForm = errors.New("the file has an older form")

// checkForm compares a file's form with this program's.
func (p *part) checkForm(ctx context.Context, db *database) error {
	taken, err := form(ctx, db.read)
	switch {
	case err != nil:
		return fmt.Errorf("open %s: %w", p.name, err)
	case taken < 0:
		return fmt.Errorf("open %s: form %d: %w", p.name, taken, errUnsound)
	case taken > len(p.forms):
		return fmt.Errorf("open %s: form %d: %w", p.name, taken, ErrNewer)
	case taken < len(p.forms):
		return errOldForm
	}
	return nil
}

func form(ctx context.Context, db interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
},
) (taken int, err error) {
	err = db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&taken)
	return taken, err
}

// bringUp takes the steps that a file lacks, in one transaction; nobody else has it open.
func (p *part) bringUp(ctx context.Context) error {
	db, err := p.connect()
	if err != nil {
		return err
	}
	err = db.change(ctx, func(tx *sql.Tx) error {
		taken, err := form(ctx, tx)
		if err != nil {
			return err
		}
		for i := taken; i < len(p.forms); i++ {
			if _, err := tx.ExecContext(ctx, p.forms[i]); err != nil {
				return fmt.Errorf("step %d: %w", i+1, err)
			}
		}
		_, err = tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", max(taken, len(p.forms))))
		return err
	})
	if err := errors.Join(err, db.close()); err != nil {
		return fmt.Errorf("bring %s to its new form: %w", p.name, err)
	}
	return nil
}

// shape is all that a sound file of today's form is made of.
func shape(ctx context.Context, db *sql.DB) (sql string, err error) {
	err = db.QueryRowContext(ctx, "SELECT coalesce(group_concat(sql), '') FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)").Scan(&sql)
	return sql, err
}

// sound reports whether a file is whole and of today's form.
func (p *part) sound(ctx context.Context, db *database) bool {
	if soundness(ctx, db.read, "integrity_check") != nil || p.checkForm(ctx, db) != nil {
		return false
	}
	model, err := sql.Open("sqlite", "file::memory:")
	if err != nil {
		return false
	}
	defer model.Close()
	model.SetMaxOpenConns(1)
	for _, step := range p.forms {
		if _, err := model.ExecContext(ctx, step); err != nil {
			return false
		}
	}
	want, err := shape(ctx, model)
	if err != nil {
		return false
	}
	got, err := shape(ctx, db.read)
	return err == nil && got == want
}
