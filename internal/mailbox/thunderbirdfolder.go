package mailbox

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rimbalzo/internal/provider"
)

const (
	maxFolderDepth = 20
	maxMailFolders = 5_000
)

// notMail are the folders in which nothing was sent and nothing came, as Thunderbird names them on the disk in every language.
var notMail = []string{"Unsent Messages", "Templates"}

// mailFolders gives the folders of an account: a file in mbox form, or a folder in Maildir form, each with its index beside it
// ("Inbox" and "Inbox.msf"); the folders within one are in "Inbox.sbd". chosen are roles that the person gave.
func mailFolders(dir string, chosen map[string]Role) []LocalPath {
	w := folderWalk{chosen: chosen}
	w.walk(dir, "", 0)
	return w.found
}

type folderWalk struct {
	chosen map[string]Role
	found  []LocalPath
}

func (w *folderWalk) walk(dir, above string, depth int) {
	names, err := readNames(dir)
	if err != nil || depth > maxFolderDepth {
		return // what cannot be opened holds nothing that could be read
	}
	slices.Sort(names)
	for _, name := range names {
		path := filepath.Join(dir, name)
		if base, isBelow := strings.CutSuffix(name, ".sbd"); isBelow {
			w.walk(path, above+base+"/", depth+1)
			continue
		}
		if len(w.found) >= maxMailFolders || slices.Contains(notMail, name) || !isMailFolder(path, names) {
			continue
		}
		role, ok := w.chosen[path]
		if !ok {
			role = folderRole(above+name, '/', func(s string) Role { return Role(provider.Builtin().RoleOf(s)) })
		}
		if role != RoleDrafts {
			w.found = append(w.found, LocalPath{Path: path, Role: role})
		}
	}
}

// isMailFolder tells a folder of mail from Thunderbird's other files: it has an index beside it, or is mail by its look. An empty
// file with an index is a folder without mail.
func isMailFolder(path string, beside []string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	if info.IsDir() {
		return isMaildir(path)
	}
	if filepath.Ext(path) == ".msf" || !info.Mode().IsRegular() {
		return false
	}
	if info.Size() == 0 {
		return slices.Contains(beside, filepath.Base(path)+".msf")
	}
	f, err := openRegular(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head, err := bufio.NewReaderSize(f, bufferSize).Peek(bufferSize)
	return (err == nil || errors.Is(err, io.EOF)) && shapeOf(head) == shapeMbox
}
