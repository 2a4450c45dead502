//go:build linux

package real

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// program builds the real program, with its window or without; RIMBALZO_PROGRAM names one to take instead, such as the one that
// a package installed.
func program(t *testing.T, cgo string) string {
	t.Helper()
	if exe := os.Getenv("RIMBALZO_PROGRAM"); exe != "" {
		return exe
	}
	exe := filepath.Join(t.TempDir(), "rimbalzo")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", exe, "rimbalzo/app")
	build.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	return exe
}

// told is what the tests read of the watcher's status.
type told struct {
	Tray     bool      `json:"tray"`
	State    string    `json:"state"`
	Paused   bool      `json:"paused"`
	Snoozed  time.Time `json:"snoozed_until"`
	Accounts []struct {
		State string `json:"state"`
		Kept  bool   `json:"kept"`
		Items int    `json:"items"`
	} `json:"accounts"`
}

// status asks the watcher how things are; false where it does not answer.
func (s *session) status(exe string) (v told, ok bool) {
	cmd := exec.Command(exe, "status", "--format", "json")
	cmd.Env = s.env
	out, err := cmd.Output()
	return v, err == nil && json.Unmarshal(out, &v) == nil
}
