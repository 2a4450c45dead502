package mailbox

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// foundAccount is an account on its way: with its folder, and with what names it in the addresses of folders.
type foundAccount struct {
	LocalAccount
	dir, user, host string
}

// profileAccounts gives the accounts of a profile that have mail. Where its settings do not tell of any, the folders under
// Mail and ImapMail stand for accounts.
func profileAccounts(dir string) []LocalAccount {
	text, err := readUpTo(filepath.Join(dir, "prefs.js"), maxPrefs)
	if err != nil {
		text = nil // the folders tell enough
	}
	p := parsePrefs(text)
	accounts := p.accounts(dir)
	if len(accounts) == 0 {
		accounts = accountsByFolder(dir)
	}
	roles := p.chosenFolders(accounts)
	var out []LocalAccount
	for _, a := range accounts {
		if a.Paths = mailFolders(a.dir, roles); len(a.Paths) > 0 {
			out = append(out, a.LocalAccount)
		}
	}
	return out
}

// accounts gives the mail accounts that the settings tell of.
func (p prefs) accounts(profile string) []foundAccount {
	var out []foundAccount
	for n := 1; n <= maxAccounts; n++ {
		server := fmt.Sprintf("server%d", n)
		setting := func(name string) string { return p["mail.server."+server+"."+name] }
		kind, dir := setting("type"), inProfile(profile, setting("directory-rel"), setting("directory"))
		if (kind != "pop3" && kind != "imap" && kind != "none") || dir == "" || !isDir(dir) {
			continue // news, feeds and chats are no mail
		}
		a := foundAccount{dir: dir, user: setting("userName"), host: setting("hostname")}
		a.Name, a.Kind, a.Addresses = setting("name"), kind, p.addresses(server)
		if a.Kind != "none" {
			a.Host = a.host
		}
		if a.Name == "" {
			a.Name = filepath.Base(dir)
		}
		out = append(out, a)
	}
	return out
}

// inProfile is where an account's mail is. The place within the profile comes first: the other one is wrong after the
// profile was moved, and inside a snap or flatpak it may be named as that program sees it.
func inProfile(profile, relative, absolute string) string {
	if rest, ok := strings.CutPrefix(relative, "[ProfD]"); ok {
		if rest = filepath.FromSlash(rest); filepath.IsLocal(rest) {
			if dir := filepath.Join(profile, rest); isDir(dir) {
				return dir
			}
		}
	}
	if filepath.IsAbs(absolute) {
		return filepath.Clean(absolute)
	}
	return ""
}

// addresses are the person's own addresses that send by an account, or by one whose mail is delivered into it.
func (p prefs) addresses(server string) []string {
	var out []string
	for n := 1; n <= maxAccounts; n++ {
		account := fmt.Sprintf("mail.account.account%d.", n)
		own := p[account+"server"]
		into := p["mail.account."+p["mail.server."+own+".deferred_to_account"]+".server"]
		if own == "" || own != server && into != server {
			continue
		}
		for i, id := range strings.Split(p[account+"identities"], ",") {
			address := strings.ToLower(strings.TrimSpace(p["mail.identity."+strings.TrimSpace(id)+".useremail"]))
			if i < maxAccounts && strings.Contains(address, "@") && !slices.Contains(out, address) {
				out = append(out, address)
			}
		}
	}
	return out
}

// accountsByFolder makes an account of every folder where Thunderbird keeps one.
func accountsByFolder(profile string) []foundAccount {
	var out []foundAccount
	for _, c := range []struct{ folder, kind string }{{"Mail", "pop3"}, {"ImapMail", "imap"}} {
		names, err := readNames(filepath.Join(profile, c.folder))
		if err != nil {
			continue
		}
		slices.Sort(names)
		for _, name := range names[:min(len(names), maxAccounts)] {
			a := foundAccount{dir: filepath.Join(profile, c.folder, name), host: name}
			a.Name, a.Kind, a.Host = name, c.kind, name
			if name == "Local Folders" {
				a.Kind, a.Host = "none", ""
			}
			if isDir(a.dir) {
				out = append(out, a)
			}
		}
	}
	return out
}

// chosenFolders are the folders that the person chose for copies of sent mail and the like, by their path on the disk.
func (p prefs) chosenFolders(accounts []foundAccount) map[string]Role {
	out := map[string]Role{}
	for n := 1; n <= maxAccounts; n++ {
		identity := fmt.Sprintf("mail.identity.id%d.", n)
		for setting, role := range map[string]Role{"fcc_folder": RoleSent, "draft_folder": RoleDrafts, "archive_folder": RoleArchive} {
			if path := folderPath(p[identity+setting], accounts); path != "" {
				out[path] = role
			}
		}
	}
	return out
}

// folderPath turns a folder's address, such as "mailbox://nobody@Local%20Folders/Sent" or "imap://user@host/INBOX/Sent", into
// its path; "" where it is in no account of this profile.
func folderPath(address string, accounts []foundAccount) string {
	_, rest, ok := strings.Cut(address, "://")
	place, folder, hasFolder := strings.Cut(rest, "/")
	user, host, hasUser := strings.Cut(place, "@")
	if !ok || !hasFolder || !hasUser {
		return ""
	}
	for _, a := range accounts {
		if unescaped(host) != a.host || a.Kind != "none" && unescaped(user) != a.user {
			continue
		}
		parts := strings.Split(unescaped(folder), "/")
		path := filepath.Join(append([]string{a.dir}, strings.Split(strings.Join(parts, ".sbd/"), "/")...)...)
		if inside, err := filepath.Rel(a.dir, path); err == nil && filepath.IsLocal(inside) {
			return path
		}
	}
	return ""
}

// unescaped undoes %20 and the like; what is not well-formed stays as it is and names no folder.
func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}
