package main

import (
	"os/exec"
	"syscall"
)

// detachedProcess gives a process no console (CreateProcess, "Process Creation Flags").
const detachedProcess = 0x00000008

func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: detachedProcess | syscall.CREATE_NEW_PROCESS_GROUP}
}
