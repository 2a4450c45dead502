package mailbox

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// LocalProfile is one profile of Thunderbird on this computer.
type LocalProfile struct {
	Name     string // as Thunderbird's list of profiles has it
	Dir      string
	Accounts []LocalAccount
}

// LocalAccount is what Thunderbird keeps of one account.
type LocalAccount struct {
	Name string // as the person sees it in Thunderbird
	// Kind is "pop3", "imap", or "none" for the folders of this computer alone. Of "imap" only what Thunderbird fetched is here:
	// reading the account itself shows more.
	Kind      string
	Host      string   // of the server, "" for "none"
	Addresses []string // the person's own, lower case, each once
	Paths     []LocalPath
}

// The bounds of what is looked through.
const (
	maxProfiles    = 100
	maxProfileFile = 256 << 10 // bytes of profiles.ini
	maxAccounts    = 200       // and as many identities
)

// Thunderbird finds the profiles in the folders where Thunderbird lists them; without any, in those of this system. Profiles
// and accounts without mail are left out, and so is what cannot be opened: finding nothing is no error.
func Thunderbird(homes ...string) []LocalProfile {
	if len(homes) == 0 {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		homes = thunderbirdHomes(runtime.GOOS, home, os.Getenv("APPDATA"))
	}
	var out []LocalProfile
	for _, home := range homes {
		for _, p := range listProfiles(home) {
			known := slices.ContainsFunc(out, func(o LocalProfile) bool { return o.Dir == p.Dir })
			if p.Accounts = profileAccounts(p.Dir); len(p.Accounts) > 0 && !known {
				out = append(out, p)
			}
		}
	}
	return out
}

// thunderbirdHomes are the folders that hold profiles.ini (https://support.mozilla.org/kb/profiles-where-thunderbird-stores-user-data);
// snap and flatpak keep a home of their own for each program (https://snapcraft.io/docs/data-locations,
// https://docs.flatpak.org/en/latest/sandbox-permissions.html).
func thunderbirdHomes(goos, home, appData string) []string {
	switch goos {
	case "windows":
		if appData == "" {
			appData = filepath.Join(home, "AppData", "Roaming")
		}
		return []string{filepath.Join(appData, "Thunderbird")}
	case "darwin":
		return []string{filepath.Join(home, "Library", "Thunderbird")}
	}
	return []string{
		filepath.Join(home, ".thunderbird"),
		filepath.Join(home, "snap", "thunderbird", "common", ".thunderbird"),
		filepath.Join(home, ".var", "app", "org.mozilla.Thunderbird", ".thunderbird"),
		filepath.Join(home, ".var", "app", "org.mozilla.thunderbird", ".thunderbird"),
		filepath.Join(home, ".icedove"), // Debian's name for it until 2017
	}
}

// listProfiles reads the list of profiles in a folder.
func listProfiles(home string) []LocalProfile {
	text, err := readUpTo(filepath.Join(home, "profiles.ini"), maxProfileFile)
	if err != nil {
		return nil
	}
	var out []LocalProfile
	for _, section := range parseProfiles(string(text)) {
		dir := filepath.FromSlash(section["path"])
		if section["isrelative"] != "0" {
			if !filepath.IsLocal(dir) {
				continue
			}
			dir = filepath.Join(home, dir)
		}
		if section["path"] == "" || !filepath.IsAbs(dir) || !isDir(dir) {
			continue
		}
		out = append(out, LocalProfile{Name: section["name"], Dir: dir})
	}
	return out
}

// parseProfiles gives the sections [Profile0], [Profile1]… of a profiles.ini, keys in lower case.
func parseProfiles(text string) []map[string]string {
	var out []map[string]string
	in := false
	for line := range strings.Lines(strings.ToValidUTF8(text, "")) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			if in = strings.HasPrefix(line, "[Profile") && len(out) < maxProfiles; in {
				out = append(out, map[string]string{})
			}
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if in && ok && !strings.Contains(value, "\x00") {
			out[len(out)-1][strings.ToLower(strings.TrimSpace(key))] = strings.TrimSpace(value)
		}
	}
	return out
}

func readUpTo(path string, limit int64) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}
