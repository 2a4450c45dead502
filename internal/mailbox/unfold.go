package mailbox

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rimbalzo/internal/provider"
)

// maxUnfolded is how many folders of one path are read. A mailbox with more of them was not made by a person.
const maxUnfolded = 10_000

// Unfold puts in the place of a folder that holds Maildirs all of these: a Maildir++ with its sub-folders
// (https://www.courier-mta.org/imap/README.maildirquota.html), or a folder of Maildirs as mbsync writes them. A person who
// names such a folder means all of the mailbox; without ".Sent" what was sent, and sent again, would be missing. Paths of
// which the person said what they are for, and all others, stay as they are.
func Unfold(paths []LocalPath) []LocalPath {
	var out []LocalPath
	for _, p := range paths {
		inner, letters := innerMaildirs(p)
		if len(inner) > 0 && isMaildir(p.Path) {
			p.Role = RoleInbox
		}
		if len(inner) == 0 || letters || isMaildir(p.Path) {
			out = append(out, p)
		}
		out = append(out, inner...)
	}
	return out
}

// innerMaildirs are the Maildirs that lie in a folder, in the order of their names; letters says that message files lie there too.
func innerMaildirs(p LocalPath) (list []LocalPath, letters bool) {
	if p.Role != "" || !isDir(p.Path) {
		return nil, false
	}
	entries, err := os.ReadDir(p.Path)
	if err != nil {
		return nil, false // reading it says why
	}
	for _, e := range entries {
		letters = letters || strings.EqualFold(filepath.Ext(e.Name()), ".eml")
		dir := filepath.Join(p.Path, e.Name())
		if slices.Contains([]string{"cur", "new", "tmp"}, e.Name()) || !isMaildir(dir) || len(list) >= maxUnfolded {
			continue
		}
		role := folderRole(folderName(e.Name()), '.', func(name string) Role { return Role(provider.Builtin().RoleOf(name)) })
		list = append(list, LocalPath{dir, role})
	}
	return list, letters
}
