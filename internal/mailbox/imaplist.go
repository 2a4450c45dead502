package mailbox

import (
	"context"
	"errors"
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

// list gives the folders that can be opened, with their special uses (RFC 6154) where the server knows them. Cyrus tells those only
// when asked (https://github.com/cyrusimap/cyrus-imapd/issues/2410), and some of its front ends, asked so, say of every folder that it
// cannot be opened (https://github.com/cyrusimap/cyrus-imapd/issues/2179): then, and after a refusal, all is asked once more plainly.
func (s *session) list(ctx context.Context) (folders []listed, err error) {
	caps := s.client.Caps()
	if caps.Has(imap.CapSpecialUse) && (caps.Has(imap.CapListExtended) || caps.Has(imap.CapIMAP4rev2)) {
		folders, err = s.listAs(ctx, &imap.ListOptions{ReturnSpecialUse: true})
		var e *Error
		if refused := errors.As(err, &e) && !e.another(); err == nil && len(folders) > 0 || err != nil && !refused {
			return folders, err
		}
	}
	return s.listAs(ctx, nil)
}

func (s *session) listAs(ctx context.Context, options *imap.ListOptions) (folders []listed, err error) {
	err = s.do(ctx, StageList, func() error {
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
