package notice

import (
	"os/exec"
	"syscall"
)

// createNoWindow keeps the console window of a program from flashing up (CreateProcess, "Process Creation Flags").
const createNoWindow = 0x08000000

func quiet(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: createNoWindow}
}
