//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// detach gives a process a session of its own: closing the terminal, or Ctrl-C in it, does not end it (setsid(2)).
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
