package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// wineWait is how long a program under wine may take to do what it does at once on Windows.
const wineWait = 3 * time.Minute

// wineComputer is a Windows under wine on which the installer is tried.
type wineComputer struct {
	w      *workshop
	dir    string
	env    []string
	setup  string // the installer
	folder string // where it installs to
	name   string // of the program
	id     string
}

// setupUnderWine installs what "package windows" made, as a person does, opens its window, keeps a password in the credential
// manager, installs it once more over itself, and takes it away again.
func setupUnderWine(w *workshop) error {
	id, err := readIdentity(w.root)
	if err != nil {
		return err
	}
	setup := filepath.Join(w.root, distFolder, fmt.Sprintf("%s-%s-windows-amd64-setup.exe", id.Slug(), id.Version))
	if _, err := os.Stat(setup); err != nil {
		if err := pack(w, []string{"windows"}); err != nil {
			return err
		}
	}
	dir, env, err := winePrefix(w)
	defer os.RemoveAll(dir)
	if err != nil {
		return err
	}
	c := &wineComputer{w: w, dir: dir, env: env, setup: setup, name: id.Name, id: id.ID}
	defer func() { _ = c.w.run(c.env, "wineserver", "--kill") }() // nothing of it is left to be saved
	home, err := filepath.Glob(filepath.Join(dir, "prefix", "drive_c", "users", "*", "AppData", "Local"))
	if err != nil || len(home) == 0 {
		return fmt.Errorf("finding the person's folder under wine: %w", errors.Join(err, os.ErrNotExist))
	}
	c.folder = filepath.Join(home[len(home)-1], "Programs", id.Name)
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"installing", func() error { return c.install(id) }},
		{"the window", c.window},
		{"a password in the credential manager", c.credential},
		{"installing over itself", func() error { return c.install(id) }},
		{"uninstalling", c.uninstall},
	} {
		fmt.Fprintf(w.out, "-- %s\n", step.what)
		if err := step.do(); err != nil {
			return w.close("windows", fmt.Errorf("%s: %w", step.what, err))
		}
	}
	return w.close("windows", nil)
}

// run runs a program under wine and gives what it printed.
func (c *wineComputer) run(stdin string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), wineWait)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "wine", args...)
	cmd.Env, cmd.Dir = append(os.Environ(), c.env...), c.dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &out
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out.String())
	}
	return out.String(), err
}

// talking runs a program with what wine has to say of one kind, such as "fixme+shell", in what it printed.
func (c *wineComputer) talking(kind string, args ...string) (string, error) {
	was := c.env
	defer func() { c.env = was }()
	c.env = append(slices.Clone(was), "WINEDEBUG="+kind)
	return c.run("", args...)
}

// program runs the installed program in its form with a console.
func (c *wineComputer) program(stdin string, args ...string) (string, error) {
	return c.run(stdin, append([]string{filepath.Join(c.folder, "rimbalzo.com")}, args...)...)
}

// registry gives a value of the person's registry; "" where there is none.
func (c *wineComputer) registry(key, value string) string {
	args := []string{"reg", "query", `HKCU\` + key, "/ve"}
	if value != "" {
		args = []string{"reg", "query", `HKCU\` + key, "/v", value}
	}
	said, err := c.run("", args...)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(said) {
		for _, kind := range []string{"REG_SZ", "REG_EXPAND_SZ", "REG_DWORD"} {
			if _, data, ok := strings.Cut(line, kind); ok {
				return strings.TrimSpace(data)
			}
		}
	}
	return ""
}

// install installs silently and looks at what has to be there.
func (c *wineComputer) install(id identity) error {
	talk, err := c.talking("fixme+shell", c.setup, "/S")
	if err != nil {
		return err
	}
	for _, file := range []string{"rimbalzo.exe", "rimbalzo.com", "uninstall.exe", "LICENSE.txt", "LICENCES.txt"} {
		if _, err := os.Stat(filepath.Join(c.folder, file)); err != nil {
			return fmt.Errorf("it did not come: %w", err)
		}
	}
	said, err := c.program("", "version")
	if err != nil || strings.TrimSpace(said) != id.Name+" "+id.Version {
		return fmt.Errorf("the program calls itself %q: %w", said, errors.Join(err, errOther))
	}
	uninstall := `Software\Microsoft\Windows\CurrentVersion\Uninstall\` + c.id
	for _, want := range []struct{ key, value, holds string }{
		{uninstall, "DisplayVersion", id.Version},
		{uninstall, "Publisher", id.Developer},
		{uninstall, "UninstallString", "uninstall.exe"},
		{`Software\Classes\AppUserModelId\` + c.id, "DisplayName", id.Name},
		{`Software\Microsoft\Windows\CurrentVersion\App Paths\rimbalzo.exe`, "", "rimbalzo.exe"},
		{"Environment", "Path", `Programs\` + id.Name},
	} {
		if got := c.registry(want.key, want.value); !strings.Contains(got, want.holds) {
			return fmt.Errorf("the registry has %q as %s of %s, not %q: %w", got, want.value, want.key, want.holds, errOther)
		}
	}
	return c.shortcut(talk)
}

// errOther ends a sentence about something that is not as it should be.
var errOther = errors.New("not what was installed")

// shortcut looks for the id in the Start menu's shortcut: without it, there are no toasts. A wine that keeps no properties of shortcuts
// says so when the installer sets one; then that it was set is all that can be seen.
func (c *wineComputer) shortcut(talk string) error {
	found, err := filepath.Glob(filepath.Join(c.dir, "prefix", "drive_c", "users", "*", "AppData", "Roaming", "Microsoft", "Windows", "Start Menu", "Programs", c.name+".lnk"))
	if err != nil || len(found) != 1 {
		return fmt.Errorf("the Start menu has %d shortcuts of ours: %w", len(found), errors.Join(err, errOther))
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		return err
	}
	wide := make([]byte, 0, 2*len(c.id))
	for _, letter := range []byte(c.id) {
		wide = append(wide, letter, 0)
	}
	if strings.Contains(talk, "propertystore_SetValue") && strings.Contains(talk, "propertystore_Commit") {
		fmt.Fprintln(c.w.out, "This wine keeps no properties of shortcuts: that the id is kept cannot be seen here.")
		return nil
	}
	if !bytes.Contains(data, wide) {
		return fmt.Errorf("the shortcut does not carry the id %s: %w", c.id, errOther)
	}
	return nil
}

// window opens the demonstration and waits until its window is on the display.
func (c *wineComputer) window() error {
	display, stopDisplay, err := startXvfb(c.w)
	if err != nil {
		return err
	}
	defer stopDisplay()
	cmd := c.w.command(append(c.env, "DISPLAY="+display, "WAYLAND_DISPLAY="), "wine", filepath.Join(c.folder, "rimbalzo.exe"), "demo", "--lang", "en")
	stop, ended, err := start(cmd)
	if err != nil {
		return err
	}
	err = awaitWindow(display, ended)
	if err == nil {
		pictures := filepath.Join(c.w.root, distFolder, "windows")
		err = errors.Join(os.MkdirAll(pictures, 0o755), c.w.run([]string{"DISPLAY=" + display}, "import", "-window", "root", filepath.Join(pictures, "demo.png")))
	}
	stop()
	_ = c.w.run(c.env, "wineserver", "--kill") // what wine keeps running has the display open
	return err
}

// credential keeps a password with an account, and takes it away with it. The server is nobody: it is kept untested.
func (c *wineComputer) credential() error {
	said, err := c.program("a password\n", "account", "add", "maria@studio.example", "--imap", "127.0.0.1:9", "--security", "tls", "--keep", "--password-stdin", "--lang", "en")
	if err != nil {
		return err
	}
	state := func() (string, error) {
		text, err := c.program("", "account", "list", "--format", "json")
		if err != nil {
			return "", err
		}
		var list struct {
			Accounts []struct{ Secret string }
		}
		if err := json.Unmarshal([]byte(text[strings.IndexByte(text, '{'):]), &list); err != nil {
			return "", fmt.Errorf("reading the list of accounts: %w\n%s", err, text)
		}
		if len(list.Accounts) == 0 {
			return "no account", nil
		}
		return list.Accounts[0].Secret, nil
	}
	if got, err := state(); err != nil || got != "kept" {
		return fmt.Errorf("the password is %q after %q: %w", got, said, errors.Join(err, errOther))
	}
	if _, err := c.program("", "watch", "--at-login", "on"); err != nil {
		return err
	}
	// A typed command has a console; what starts at login has none.
	if got := c.registry(`Software\Microsoft\Windows\CurrentVersion\Run`, c.id); !strings.Contains(got, `rimbalzo.exe`) {
		return fmt.Errorf("at login %q would start: %w", got, errOther)
	}
	return nil
}

// uninstall takes the program away silently, which keeps what the person has, and looks for what is left.
func (c *wineComputer) uninstall() error {
	kept, err := filepath.Glob(filepath.Join(c.dir, "prefix", "drive_c", "users", "*", "AppData", "Roaming", "rimbalzo", "accounts.toml"))
	if err != nil || len(kept) != 1 {
		return fmt.Errorf("the account is kept in %v: %w", kept, errors.Join(err, errOther))
	}
	// _? has the uninstaller stay where it is, so that it can be waited for (nsis.sourceforge.io/Docs/Chapter3.html).
	if _, err := c.run("", filepath.Join(c.folder, "uninstall.exe"), "/S", "_?="+windowsPath(c.dir, c.folder)); err != nil {
		return err
	}
	for _, file := range []string{"rimbalzo.exe", "rimbalzo.com", "LICENSE.txt"} {
		if _, err := os.Stat(filepath.Join(c.folder, file)); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%s is still there: %w", file, errors.Join(err, errOther))
		}
	}
	for _, left := range []struct{ key, value string }{
		{`Software\Microsoft\Windows\CurrentVersion\Uninstall\` + c.id, "DisplayName"},
		{`Software\Classes\AppUserModelId\` + c.id, "DisplayName"},
		{`Software\Microsoft\Windows\CurrentVersion\Run`, c.id},
		{`Software\` + c.name, "Folder"},
	} {
		if got := c.registry(left.key, left.value); got != "" {
			return fmt.Errorf("the registry still has %q in %s: %w", got, left.key, errOther)
		}
	}
	if got := c.registry("Environment", "Path"); strings.Contains(got, `Programs\`+c.name) {
		return fmt.Errorf("PATH still has its folder: %q: %w", got, errOther)
	}
	if _, err := os.Stat(kept[0]); err != nil {
		return fmt.Errorf("the account went along, and nobody was asked: %w", err)
	}
	return nil
}

// windowsPath is a path below wine's prefix as its programs write it.
func windowsPath(dir, path string) string {
	below := strings.TrimPrefix(path, filepath.Join(dir, "prefix", "drive_c"))
	return "C:" + strings.ReplaceAll(below, "/", `\`)
}
