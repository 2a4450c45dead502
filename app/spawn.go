package main

import (
	"fmt"
	"os"
	"os/exec"
)

// environment is that of the start: the window points some variables to its own folder, which concern nobody else.
var environment = os.Environ()

// spawn starts this program once more as a process of its own, which outlives this one and has no terminal.
func spawn(args ...string) error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Env = environment
	detach(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", exe, err)
	}
	// Nobody else will: a child that ends while this process lives would stay as a zombie.
	go func() { _ = cmd.Wait() }()
	return nil
}
