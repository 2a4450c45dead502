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
	"strings"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"
)

// place gives the name of the pipe and the person's SID. The name is made from the SID and the data folder.
func place(data string) (path string, sid *windows.SID, err error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return "", nil, fmt.Errorf("find the watcher's line: %w", err)
	}
	abs, err := filepath.Abs(data)
	if err != nil {
		return "", nil, fmt.Errorf("find the watcher's line: %w", err)
	}
	sum := sha256.Sum256([]byte(strings.ToLower(abs)))
	return `\\.\pipe\rimbalzo-` + user.User.Sid.String() + "-" + hex.EncodeToString(sum[:8]), user.User.Sid, nil
}

// listen makes the pipe's first instance: where somebody else has made one of that name, that fails.
func listen(data string) (net.Listener, func(), error) {
	path, sid, err := place(data)
	if err != nil {
		return nil, nil, err
	}
	// Full access for the person and nobody else, nothing inherited ([MS-DTYP] section 2.5.1, SDDL). The owner is said as well:
	// what a program makes that runs as administrator would belong to the group of administrators.
	ln, err := winio.ListenPipe(path, &winio.PipeConfig{SecurityDescriptor: "O:" + sid.String() + "D:P(A;;GA;;;" + sid.String() + ")"})
	switch {
	case errors.Is(err, windows.ERROR_ACCESS_DENIED), errors.Is(err, windows.ERROR_ALREADY_EXISTS), errors.Is(err, os.ErrExist):
		return nil, nil, ErrRunning
	case err != nil:
		return nil, nil, fmt.Errorf("open the watcher's line: %w", err)
	}
	return ln, func() {}, nil
}

func dial(ctx context.Context, data string) (net.Conn, error) {
	path, sid, err := place(data)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, helloLimit)
	defer cancel()
	conn, err := winio.DialPipeContext(ctx, path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, ErrAbsent
	case err != nil:
		return nil, fmt.Errorf("call the watcher: %w", err)
	}
	if err := ownedBy(conn, sid); err != nil {
		_ = conn.Close() // nothing was said
		return nil, err
	}
	return conn, nil
}

// ownedBy reports whether the pipe at the other end is the person's: anybody can make one of that name first.
func ownedBy(conn net.Conn, sid *windows.SID) error {
	file, ok := conn.(interface{ Fd() uintptr })
	if !ok {
		return fmt.Errorf("call the watcher: %w", ErrStranger)
	}
	info, err := windows.GetSecurityInfo(windows.Handle(file.Fd()), windows.SE_KERNEL_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("call the watcher: %w", err)
	}
	owner, _, err := info.Owner()
	if err != nil || owner == nil || !owner.Equals(sid) {
		return fmt.Errorf("call the watcher: %w", ErrStranger)
	}
	return nil
}
