package mailbox

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Maildirpp is a Maildir++ taken whole (https://www.courier-mta.org/imap/README.maildirquota.html): DIR/cur and DIR/new
// are the inbox, DIR/.Sent and so on its folders; plain folders that are Maildirs, as mbsync writes them, are read too.
// roleOf says what a folder with a given decoded name is for; it may answer "" or [RoleOther].
// Reading fails with a [*PathError] where DIR is missing ([ErrMissing]) or holds no Maildir ([ErrNoMail]).
func Maildirpp(dir string, roleOf func(name string) Role) Source {
	return maildirpp{dir, roleOf}
}

type maildirpp struct {
	dir    string
	roleOf func(name string) Role
}

// Read implements [Source].
func (m maildirpp) Read(ctx context.Context, visit func(Message) error) (Coverage, error) {
	r := newReading(ctx, visit)
	err := m.read(r)
	return r.cov, err
}

func (m maildirpp) read(r *reading) error {
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return pathError(m.dir, err)
	}
	found := 0
	if isMaildir(m.dir) {
		found++
		if err := m.one(r, m.dir, "INBOX", RoleInbox); err != nil {
			return err
		}
	}
	for _, e := range entries {
		dir := filepath.Join(m.dir, e.Name())
		if slices.Contains([]string{"cur", "new", "tmp"}, e.Name()) || !isMaildir(dir) {
			continue
		}
		found++
		name := folderName(e.Name())
		if err := m.one(r, dir, name, folderRole(name, '.', m.roleOf)); err != nil {
			return err
		}
	}
	if found == 0 {
		return &PathError{Path: m.dir, Kind: "no-mail", Err: ErrNoMail}
	}
	return nil
}

func (m maildirpp) one(r *reading, dir, name string, role Role) error {
	err := r.maildir(dir, name, role)
	if err == nil {
		r.cov.Roles[role] = true
	}
	return err
}

// folderName is the decoded name of the folder kept in a directory called ".Name". A name that is no modified UTF-7 is
// taken as it is: Dovecot can be told to write UTF-8.
func folderName(dir string) string {
	name := strings.TrimPrefix(dir, ".")
	if decoded, err := decodeUTF7(name); err == nil {
		return decoded
	}
	return name
}

// folderRole is what a folder is for, by its name and the names of the folders it lies in: "INBOX.Sent" and
// "[Gmail]/Sent Mail" hold sent mail, and so does "Sent/2022".
func folderRole(name string, delim rune, roleOf func(string) Role) Role {
	parts := []string{name}
	if delim != 0 {
		parts = strings.Split(name, string(delim))
	}
	if strings.EqualFold(name, "INBOX") {
		return RoleInbox
	}
	if len(parts) > 1 && slices.Contains([]string{"inbox", "[gmail]", "[google mail]"}, strings.ToLower(parts[0])) {
		parts = parts[1:]
	}
	for _, part := range []string{strings.Join(parts, string(delim)), parts[0]} {
		if role := roleOf(part); role != "" && role != RoleOther && role != RoleInbox {
			return role
		}
	}
	return RoleOther
}
