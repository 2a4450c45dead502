package account

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/gofrs/flock"
)

// Book is the file of accounts, accounts.toml in the data folder. Every look reads the file anew and every change
// replaces it whole, under a lock that other processes honour. It is safe for concurrent use.
type Book struct {
	path, lock string
}

var (
	// ErrBusy: another process is changing the accounts and does not come to an end.
	ErrBusy = errors.New("another process is changing the accounts")
	// ErrNotRegular: what lies in the file's place is no file.
	ErrNotRegular = errors.New("not a regular file")
)

// lockFor is how long a change waits for another process; one takes milliseconds.
const lockFor = 5 * time.Second

// Open gives the book in a data folder. The folder and the file are made at the first change, for their owner alone.
// What is wrong in a file that is there is told as a *[FileError]; the book is good all the same.
func Open(dir string) (*Book, error) {
	b := &Book{path: filepath.Join(dir, "accounts.toml"), lock: filepath.Join(dir, "accounts.lock")}
	_, err := b.List()
	return b, err
}

// List gives the accounts in the order in which they were added. Where something is wrong in the file, the error is a
// *[FileError] and the accounts without a fault are given all the same.
func (b *Book) List() ([]Account, error) {
	data, err := b.read()
	if err != nil {
		return nil, err
	}
	list, wrong := parse(data)
	if len(wrong) > 0 {
		return list, &FileError{b.path, wrong}
	}
	return list, nil
}

// read gives the file's bytes, none where it is not there.
func (b *Book) read() ([]byte, error) {
	info, err := os.Stat(b.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the accounts: %w", err)
	case !info.Mode().IsRegular():
		// Opening a pipe would wait for ever.
		return nil, fmt.Errorf("read the accounts: %w", &fs.PathError{Op: "open", Path: b.path, Err: ErrNotRegular})
	}
	f, err := os.Open(b.path)
	if err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	return data, nil
}

// Get gives the account of a name, whatever the case of its letters; else [ErrNoAccount], or what is wrong in the file.
func (b *Book) Get(id string) (Account, error) {
	list, err := b.List()
	if i := index(list, id); i >= 0 {
		return list[i], nil
	}
	if err != nil {
		return Account{}, err
	}
	return Account{}, fmt.Errorf("account %q: %w", id, ErrNoAccount)
}

// Add puts an account at the end; [ErrExists] where its name is taken.
func (b *Book) Add(a Account) error {
	return b.change(func(list []Account) ([]Account, error) {
		if index(list, a.ID) >= 0 {
			return nil, fmt.Errorf("account %q: %w", a.ID, ErrExists)
		}
		return append(list, a), nil
	})
}

// Change puts an account in place of the one of its name; [ErrNoAccount] where there is none.
func (b *Book) Change(a Account) error {
	return b.change(func(list []Account) ([]Account, error) {
		i := index(list, a.ID)
		if i < 0 {
			return nil, fmt.Errorf("account %q: %w", a.ID, ErrNoAccount)
		}
		list[i] = a
		return list, nil
	})
}

// Remove takes an account out; [ErrNoAccount] where there is none. Its secret is the vault's.
func (b *Book) Remove(id string) error {
	return b.change(func(list []Account) ([]Account, error) {
		i := index(list, id)
		if i < 0 {
			return nil, fmt.Errorf("account %q: %w", id, ErrNoAccount)
		}
		return slices.Delete(list, i, i+1), nil
	})
}

func index(list []Account, id string) int {
	return slices.IndexFunc(list, func(a Account) bool { return sameID(a.ID, id) })
}

// change reads, edits and replaces the file while no other process does. A file with anything wrong in it is left alone.
func (b *Book) change(edit func([]Account) ([]Account, error)) error {
	if err := os.MkdirAll(filepath.Dir(b.path), 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	lock := flock.New(b.lock, flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lockFor)
	defer cancel()
	if ok, err := lock.TryLockContext(ctx, 10*time.Millisecond); !ok {
		if errors.Is(err, context.DeadlineExceeded) {
			return ErrBusy
		}
		return fmt.Errorf("lock the accounts: %w", err)
	}
	defer lock.Close()
	list, err := b.List()
	if err != nil {
		return err
	}
	if list, err = edit(list); err != nil {
		return err
	}
	return b.write(list)
}

// head is the file's beginning, for whoever opens it.
const head = "# Rimbalzo's accounts. Passwords are not here: they are in the keyring of your system.\n"

// write replaces the file whole.
func (b *Book) write(list []Account) error {
	text, err := encode(list)
	if err == nil {
		err = replace(b.path, text)
	}
	if err != nil {
		return fmt.Errorf("write the accounts: %w", err)
	}
	return nil
}

// encode gives the file's text. What would not be read back is an *[InvalidError].
func encode(list []Account) ([]byte, error) {
	var text bytes.Buffer
	text.WriteString(head)
	enc := toml.NewEncoder(&text)
	enc.Indent = ""
	err := enc.Encode(struct {
		Version int       `toml:"version"`
		Account []Account `toml:"account"`
	}{formVersion, list})
	if err != nil {
		return nil, err
	}
	if _, wrong := parse(text.Bytes()); len(wrong) > 0 {
		return nil, &InvalidError{wrong[0]}
	}
	return text.Bytes(), nil
}

// InvalidError says why an account cannot be kept as it is; the Line of its problem means nothing.
type InvalidError struct{ Problem }

// Error gives it in English, for logs; people read [Describe].
func (e *InvalidError) Error() string {
	return fmt.Sprintf("the account is not valid: %s %v", e.Rule, e.Args)
}
