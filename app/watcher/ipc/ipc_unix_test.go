//go:build unix

package ipc

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAStaleSocketIsReplaced(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	data := t.TempDir()
	dir, path, err := place(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	ln.SetUnlinkOnClose(false)
	ln.Close()
	if _, err := Dial(t.Context(), data, "1", RoleCommand); !errors.Is(err, ErrAbsent) {
		t.Errorf("nobody answers: %v", err)
	}
	_, stop := start(t, data)
	defer stop()
	call(t, data, RoleCommand)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v, %v", info, err)
	}
}

func TestAnOpenFolderIsRefused(t *testing.T) {
	run := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", run)
	if err := os.Mkdir(filepath.Join(run, "rimbalzo"), 0o755); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	if _, err := Listen(data, "1"); !errors.Is(err, ErrStranger) {
		t.Errorf("listening in a folder that others can enter: %v", err)
	}
	if _, err := Dial(t.Context(), data, "1", RoleCommand); !errors.Is(err, ErrStranger) {
		t.Errorf("calling in a folder that others can enter: %v", err)
	}
}

func TestALinkedFolderIsRefused(t *testing.T) {
	run, elsewhere := t.TempDir(), t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", run)
	if err := os.Symlink(elsewhere, filepath.Join(run, "rimbalzo")); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.TempDir(), "1"); !errors.Is(err, ErrStranger) {
		t.Errorf("listening behind a link: %v", err)
	}
}

func TestThePathFitsTheSystem(t *testing.T) {
	for _, run := range []string{"", "relative", "/run/user/1000", "/" + strings.Repeat("d", 200)} {
		t.Setenv("XDG_RUNTIME_DIR", run)
		t.Setenv("TMPDIR", "/var/folders/zz/"+strings.Repeat("z", 60)+"/T/")
		_, path, err := place("/home/someone/" + strings.Repeat("deep/", 50))
		if err != nil || len(path) >= maxPath || !filepath.IsAbs(path) {
			t.Errorf("XDG_RUNTIME_DIR=%q: %q, %v", run, path, err)
		}
	}
}
