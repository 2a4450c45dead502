package account

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// replace writes a file beside its place, for its owner alone, and moves it there when it is on the disk: whoever reads,
// and whoever comes after a crash, finds the old file or the new one, whole. Its errors name the file that the person knows.
func replace(path string, data []byte) error {
	err := replaceBeside(path, data)
	var file *fs.PathError
	if errors.As(err, &file) {
		return &fs.PathError{Op: "write", Path: path, Err: file.Err}
	}
	return err
}

func replaceBeside(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".accounts-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// rename moves a file over another. Windows refuses while somebody reads the other one, which takes a moment.
func rename(from, to string) error {
	var err error
	for range 20 {
		if err = os.Rename(from, to); err == nil || runtime.GOOS != "windows" {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// syncFolder brings the new name to the disk. Not every system and file system can; then the file is there all the same.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync() // the data is safe; only the name could be an older one after a crash
	return d.Close()
}
