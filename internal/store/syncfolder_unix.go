//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// syncFolder makes a renaming in a folder survive a power cut, where the file system lets folders be synced.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
