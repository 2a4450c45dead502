//go:build unix

package ipc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/gofrs/flock"
)

// maxPath is the longest path of a socket on macOS, with its ending zero byte (sys/un.h); Linux allows four more.
const maxPath = 104

// place gives the folder of the socket and its path. The name is made from the data folder, so that several of them do
// not meet. Where the usual folder makes the path too long for the system, /tmp serves.
func place(data string) (dir, path string, err error) {
	abs, err := filepath.Abs(data)
	if err != nil {
		return "", "", fmt.Errorf("find the watcher's line: %w", err)
	}
	if resolved, err := filepath.EvalSymlinks(abs); err == nil {
		abs = resolved
	}
	sum := sha256.Sum256([]byte(abs))
	name := hex.EncodeToString(sum[:8])
	mine := "rimbalzo-" + strconv.Itoa(os.Getuid())
	var dirs []string
	if run := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(run) {
		dirs = append(dirs, filepath.Join(run, "rimbalzo"))
	}
	dirs = append(dirs, filepath.Join(os.TempDir(), mine), filepath.Join("/tmp", mine))
	for _, dir := range dirs {
		if path := filepath.Join(dir, name); len(path) < maxPath {
			return dir, path, nil
		}
	}
	return "", "", fmt.Errorf("find the watcher's line: no folder with a short enough name among %q", dirs)
}

// own reports whether dir is the person's own and closed to others.
func own(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(stat.Uid) != os.Getuid() || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s: %w", dir, ErrStranger)
	}
	return nil
}

func listen(data string) (net.Listener, func(), error) {
	dir, path, err := place(data)
	if err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("open the watcher's line: %w", err)
	}
	if err := own(dir); err != nil {
		return nil, nil, fmt.Errorf("open the watcher's line: %w", err)
	}
	// The lock, and not the socket, says whether a watcher lives: it goes with its process however that ends.
	lock := flock.New(path + ".lock")
	switch taken, err := lock.TryLock(); {
	case err != nil:
		return nil, nil, fmt.Errorf("open the watcher's line: %w", err)
	case !taken:
		return nil, nil, ErrRunning
	}
	release := func() { _ = lock.Unlock() } // the system takes it back anyway
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		release()
		return nil, nil, fmt.Errorf("clear away an old watcher's line: %w", err)
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		release()
		return nil, nil, fmt.Errorf("open the watcher's line: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = ln.Close() // the first error is the one to tell
		release()
		return nil, nil, fmt.Errorf("open the watcher's line: %w", err)
	}
	return ln, release, nil
}

func dial(ctx context.Context, data string) (net.Conn, error) {
	dir, path, err := place(data)
	if err != nil {
		return nil, err
	}
	switch err := own(dir); {
	case errors.Is(err, os.ErrNotExist):
		return nil, ErrAbsent
	case err != nil:
		return nil, fmt.Errorf("call the watcher: %w", err)
	}
	var d net.Dialer
	ctx, cancel := context.WithTimeout(ctx, helloLimit)
	defer cancel()
	conn, err := d.DialContext(ctx, "unix", path)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, ErrAbsent
	}
	if err != nil {
		return nil, fmt.Errorf("call the watcher: %w", err)
	}
	return conn, nil
}
