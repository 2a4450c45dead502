package session

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"rimbalzo/internal/provider"
	"rimbalzo/internal/review"
)

// Files is what the person chose on the page for mail files.
type Files struct {
	Received string // a file or a folder
	Sent     string // "" for none, or where Received is a whole mailbox
}

// Account is what the person typed on the page for an IMAP account.
type Account struct {
	Address  string
	User     string // "" for the address
	Server   string
	Port     string // "" for the usual one
	STARTTLS bool

	suggested string // the server that Suggest filled in
}

// A Refusal says what is wrong with what the person chose or typed: an id for words, and a path for its sentence.
type Refusal struct {
	ID, Path string
	err      error
}

func (r *Refusal) Error() string {
	if r.err != nil {
		return fmt.Sprintf("%s: %v", r.ID, r.err)
	}
	return r.ID
}

func (r *Refusal) Unwrap() error { return r.err }

// Request makes a request out of files; the error is a *Refusal.
func (f Files) Request(base review.Request) (review.Request, error) {
	f.Received, f.Sent = strings.TrimSpace(f.Received), strings.TrimSpace(f.Sent)
	if f.Received == "" {
		return base, &Refusal{ID: "window.refused.no-file"}
	}
	for _, path := range []string{f.Received, f.Sent} {
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			if errors.Is(err, os.ErrNotExist) {
				return base, &Refusal{ID: "window.refused.missing", Path: path, err: err}
			}
			return base, &Refusal{ID: "window.refused.unreachable", Path: path, err: err}
		}
	}
	if WholeMailbox(f.Received) {
		base.Mailboxes = append(base.Mailboxes, f.Received)
	} else {
		base.Inbox = append(base.Inbox, f.Received)
	}
	if f.Sent != "" {
		base.Sent = append(base.Sent, f.Sent)
	}
	return base, nil
}

// WholeMailbox reports whether path is a Maildir with folders of its own (Maildir++), such as .Sent: then nobody needs to be
// asked which of them is which.
func WholeMailbox(path string) bool {
	if info, err := os.Stat(filepath.Join(path, "cur")); err != nil || !info.IsDir() {
		return false
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), ".") && len(e.Name()) > 1 {
			return true
		}
	}
	return false
}

// Suggest fills in what is known of the address's provider, over an earlier suggestion but never over what the person
// typed, and gives what that provider's customers need to know, in the language lang. It reports whether anything changed.
func (a *Account) Suggest(lang string) (notes []string, changed bool) {
	preset, ok := provider.Builtin().PresetFor(strings.TrimSpace(a.Address))
	if !ok || preset.IMAP == nil {
		return nil, false
	}
	notes = preset.NotesEn
	if lang == "it" {
		notes = preset.NotesIt
	}
	if a.Server != "" && a.Server != a.suggested {
		return notes, false
	}
	before := *a
	a.Server, a.suggested = preset.IMAP.Host, preset.IMAP.Host
	a.STARTTLS = preset.IMAP.TLS == "starttls"
	if a.Port = strconv.Itoa(preset.IMAP.Port); a.Port == a.UsualPort() {
		a.Port = ""
	}
	a.User = ""
	if local, _, found := strings.Cut(strings.TrimSpace(a.Address), "@"); found && preset.User == "localpart" {
		a.User = local
	}
	return notes, *a != before
}

// NeedsSignIn reports whether the address's provider takes no password from mail programs, only a sign-in in the browser.
func (a Account) NeedsSignIn() bool {
	preset, ok := provider.Builtin().PresetFor(strings.TrimSpace(a.Address))
	return ok && len(preset.Auth) == 1 && preset.Auth[0] == "oauth2"
}

// Request makes a request out of an account; the error is a *Refusal. The password is not part of it.
func (a Account) Request(base review.Request) (review.Request, error) {
	address, server := strings.TrimSpace(a.Address), strings.TrimSpace(a.Server)
	user, port := strings.TrimSpace(a.User), strings.TrimSpace(a.Port)
	if user == "" {
		user = address
	}
	if at := strings.LastIndex(address, "@"); at < 1 || at == len(address)-1 || strings.ContainsAny(address, " \t") {
		return base, &Refusal{ID: "window.refused.address"}
	}
	if server == "" || strings.ContainsAny(server, " /@") {
		return base, &Refusal{ID: "window.refused.server"}
	}
	scheme := "imaps"
	if a.STARTTLS {
		scheme = "imap"
	}
	if port == "" {
		port = a.UsualPort()
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return base, &Refusal{ID: "window.refused.port"}
	}
	u := url.URL{Scheme: scheme, User: url.User(user), Host: net.JoinHostPort(strings.Trim(server, "[]"), port)}
	base.IMAP = u.String()
	return base, nil
}

// UsualPort is the port that servers use for the account's kind of connection (RFC 8314 section 3.2, RFC 9051 section 2.1).
func (a Account) UsualPort() string {
	if a.STARTTLS {
		return "143"
	}
	return "993"
}
