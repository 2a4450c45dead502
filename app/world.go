package main

import (
	"fmt"
	"image/png"
	"io"
	"os"
	"time"

	"github.com/jeandeaual/go-locale"
	"golang.org/x/term"

	"rimbalzo/app/cli"
	"rimbalzo/app/watcher/autostart"
	"rimbalzo/app/window"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
)

// Version, appID and homepage are those of FyneApp.toml; a test holds them equal.
const (
	version  = "0.1.0"
	appID    = "io.github.rimbalzo.Rimbalzo"
	homepage = "https://github.com/rimbalzo/rimbalzo"
)

// world is the real world around the command line.
func world() cli.Env {
	env := cli.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: time.Now, Version: version, ID: appID, Homepage: homepage,
		Locale: func() string {
			name, err := locale.GetLocale()
			if err != nil {
				return ""
			}
			return name
		},
		Terminal: term.IsTerminal(int(os.Stderr.Fd())),
		Desktop:  true, Spawn: spawn, AtLogin: atLogin(),
		Window: window.Run, Picture: picture, Built: window.Built, HasDisplay: hasDisplay,
	}
	if fd := int(os.Stdin.Fd()); term.IsTerminal(fd) {
		env.ReadPassword = func(prompt string) (string, error) {
			_, _ = io.WriteString(os.Stderr, prompt+" ")
			password, err := term.ReadPassword(fd)
			_, _ = io.WriteString(os.Stderr, "\n")
			if err != nil {
				return "", fmt.Errorf("read the password: %w", err)
			}
			return string(password), nil
		}
	}
	return env
}

// atLogin is what is known of the start at login when the program begins. Without a path or a folder it cannot be switched
// on, which is said when somebody tries.
func atLogin() autostart.Entry {
	e := autostart.Entry{ID: appID, Name: "Rimbalzo"}
	if exe, err := itself("watch"); err == nil {
		e.Command = []string{exe}
	}
	if dir, err := os.UserConfigDir(); err == nil {
		e.Config = dir
	}
	return e
}

func picture(w io.Writer, p window.Params, r checklist.Report, s session.Shot) error {
	img, err := window.Picture(p, r, s)
	if err != nil {
		return err
	}
	return png.Encode(w, img)
}
