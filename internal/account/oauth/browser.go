package oauth

import (
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"runtime"
)

var errNotHTTPS = errors.New("only https addresses are opened")

// OpenBrowser opens an https address in the system's browser and does not wait for it. The address is an argument of the
// program that opens it: no shell reads it.
func OpenBrowser(address string) error {
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" {
		return errNotHTTPS
	}
	name, args := opener(runtime.GOOS, address)
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}
	// It ends by itself; waiting for it only keeps it from staying in the process table.
	go func() { _ = cmd.Wait() }()
	return nil
}

// opener is the program that opens an address on a system.
func opener(goos, address string) (string, []string) {
	switch goos {
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler", address}
	case "darwin":
		return "open", []string{address}
	}
	return "xdg-open", []string{address}
}
