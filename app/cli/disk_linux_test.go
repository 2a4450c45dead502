package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestDataFolderOnABadDisk: on a full disk, and on one that cannot be written, every command that keeps something says which of the
// two it is, what is safe, and what to do; and what was there is there afterwards.
func TestDataFolderOnABadDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=1536k"); err != nil {
		t.Skipf("a small disk takes the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	data := filepath.Join(disk, "data")
	sent := write(t, "sent.eml", letter)
	for _, args := range [][]string{{"account", "add", sent, "--name", "kept"}, {"report"}, {"mark", "<one@fabbri.example>", "done"}} {
		if got := run(t, "", append(args, "--data", data)...); got.status != exitDone {
			t.Fatalf("%v: %s", args, got.errors)
		}
	}
	ballast := filepath.Join(disk, "ballast")
	for _, c := range []struct {
		says string
		make func() error
	}{
		{"disk is full", func() error {
			if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
				return errors.New("the disk is not full")
			}
			return nil
		}},
		{"cannot be written to", func() error {
			return errors.Join(os.Remove(ballast), syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
		}},
	} {
		if err := c.make(); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"account", "add", "--watch", "virgilio"}, {"account", "forget", "kept"}, {"mark", "<two@fabbri.example>", "done"}} {
			got := run(t, "", append(args, "--data", data)...)
			if got.status != exitFailed || !strings.Contains(got.errors, c.says) || strings.Contains(got.errors, ".accounts-") {
				t.Errorf("%v: status %d, %q", args, got.status, got.errors)
			}
		}
	}
	if got := run(t, "", "account", "list", "--data", data); !strings.Contains(got.out, "kept") {
		t.Errorf("the account is gone: %q", got.out)
	}
}
