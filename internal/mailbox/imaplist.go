package mailbox

import (
	"context"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// listed is one folder as the server lists it.
type listed struct {
	name  string
	delim rune
	attrs []imap.MailboxAttr
}

// maxFolders bounds the list of folders.
const maxFolders = 10_000

// list gives the folders that can be opened, with their special uses (RFC 6154) where the server knows them.
func (s *session) list(ctx context.Context) (folders []listed, err error) {
	err = s.do(ctx, StageList, func() error {
		var options *imap.ListOptions
		caps := s.client.Caps()
		if caps.Has(imap.CapSpecialUse) && (caps.Has(imap.CapListExtended) || caps.Has(imap.CapIMAP4rev2)) {
			options = &imap.ListOptions{ReturnSpecialUse: true}
		}
		cmd := s.client.List("", "*", options)
		for data := cmd.Next(); data != nil; data = cmd.Next() {
			if len(folders) < maxFolders && canOpen(data.Attrs) {
				folders = append(folders, listed{data.Mailbox, data.Delim, data.Attrs})
			}
		}
		return cmd.Close()
	})
	return folders, err
}

func canOpen(attrs []imap.MailboxAttr) bool {
	for _, attr := range attrs {
		if strings.EqualFold(string(attr), string(imap.MailboxAttrNoSelect)) ||
			strings.EqualFold(string(attr), string(imap.MailboxAttrNonExistent)) {
			return false
		}
	}
	return true
}

// specialUses are the roles that servers give to folders (RFC 6154 section 2).
var specialUses = map[string]Role{
	`\sent`: RoleSent, `\junk`: RoleJunk, `\trash`: RoleTrash, `\all`: RoleAll, `\archive`: RoleArchive,
	`\drafts`: RoleDrafts, `\flagged`: RoleOther, `\important`: RoleOther,
}

// specialUse gives the role that the server says, "" when it says none.
func (l listed) specialUse() Role {
	for _, attr := range l.attrs {
		if role, ok := specialUses[strings.ToLower(string(attr))]; ok {
			return role
		}
	}
	return ""
}
