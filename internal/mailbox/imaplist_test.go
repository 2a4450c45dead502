package mailbox

import (
	"io"
	"slices"
	"strings"
	"testing"
)

// TestListsGoneWrong: where a server does not list folders with their uses, it is asked plainly, and no folder is missed.
func TestListsGoneWrong(t *testing.T) {
	a := newAuthority(t)
	const plain = "* LIST () \".\" INBOX\r\n* LIST () \".\" INBOX.Sent\r\n* LIST () \".\" INBOX.Junk\r\nTAG OK done\r\n"
	for name, extended := range map[string]string{
		"with uses":       "* LIST () \".\" INBOX\r\n* LIST (\\Sent) \".\" INBOX.Sent\r\n* LIST (\\Junk) \".\" INBOX.Junk\r\nTAG OK done\r\n",
		"nothing to open": "* LIST (\\Noselect) \".\" INBOX\r\n* LIST (\\Noselect) \".\" INBOX.Sent\r\nTAG OK done\r\n",
		"BAD":             "TAG BAD Reference name must be a string\r\n",
		"NO":              "TAG NO [SERVERBUG] not now\r\n",
		"nothing":         "TAG OK done\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &archive{messages: 3, validity: 7, first: january}
			address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
				switch {
				case line == "CAPABILITY":
					io.WriteString(w, "* CAPABILITY IMAP4rev1 SPECIAL-USE LIST-EXTENDED\r\n"+tag+" OK done\r\n")
				case strings.HasPrefix(line, "LIST") && strings.Contains(line, "RETURN"):
					io.WriteString(w, strings.ReplaceAll(extended, "TAG", tag))
				case strings.HasPrefix(line, "LIST"):
					io.WriteString(w, strings.ReplaceAll(plain, "TAG", tag))
				default:
					return s.answer(w, tag, line)
				}
				return true
			}})
			cfg := config(a, address)
			cfg.RoleOf = func(name string) Role {
				return map[string]Role{"sent": RoleSent, "junk": RoleJunk}[strings.ToLower(name)]
			}
			got, cov, err := readAll(IMAP(cfg))
			var roles []Role
			for _, m := range got {
				roles = append(roles, m.Role)
			}
			slices.Sort(roles)
			if err != nil || len(cov.Unreadable) > 0 || !slices.Equal(slices.Compact(roles), []Role{RoleInbox, RoleJunk, RoleSent}) || len(got) != 9 {
				t.Errorf("%d messages of %v, %v, %v", len(got), roles, cov.Unreadable, err)
			}
		})
	}
}
