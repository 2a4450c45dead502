package demo

import (
	"bytes"
	"fmt"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// folders are the demo's folders in the order they are listed, with what each is for (RFC 6154 section 2).
var folders = []struct {
	name string
	use  imap.MailboxAttr
}{
	{"INBOX", ""},
	{"Bozze", imap.MailboxAttrDrafts},
	{"Cestino", imap.MailboxAttrTrash},
	{"Indesiderata", imap.MailboxAttrJunk},
	{"Inviata", imap.MailboxAttrSent},
}

// newUser makes the mailbox and puts the messages into it, in the order given.
func newUser(name, password string, messages []message) (*imapmemserver.User, error) {
	user := imapmemserver.NewUser(name, password)
	for _, f := range folders {
		if err := user.Create(f.name, nil); err != nil {
			return nil, fmt.Errorf("demo: making folder %s: %w", f.name, err)
		}
	}
	for _, m := range messages {
		options := &imap.AppendOptions{Time: m.arrived}
		if m.seen {
			options.Flags = []imap.Flag{imap.FlagSeen}
		}
		if _, err := user.Append(m.folder, literal{bytes.NewReader(m.raw)}, options); err != nil {
			return nil, fmt.Errorf("demo: putting a message into %s: %w", m.folder, err)
		}
	}
	return user, nil
}

type literal struct{ *bytes.Reader }

var _ imap.LiteralReader = literal{}

// session is one connection to the mailbox. It adds to the memory server what that lacks, SPECIAL-USE, and takes from
// it what a demo has no use for: changing the mail.
type session struct {
	*imapmemserver.UserSession // nil until the login; the server asks for nothing else before it
	account                    *imapmemserver.User
}

var errReadOnly = &imap.Error{
	Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeNoPerm, Text: "the demo's mail cannot be changed",
}

func (s *session) Login(user, password string) error {
	if err := s.account.Login(user, password); err != nil {
		return err
	}
	s.UserSession = imapmemserver.NewUserSession(s.account)
	return nil
}

// Close is also called on connections that never logged in.
func (s *session) Close() error {
	if s.UserSession == nil {
		return nil
	}
	return s.UserSession.Close()
}

func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	if len(patterns) == 0 {
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: '/'})
	}
	for _, f := range folders {
		if options.SelectSpecialUse && f.use == "" || !matchAny(f.name, ref, patterns) {
			continue
		}
		data := &imap.ListData{Mailbox: f.name, Delim: '/'}
		if f.use != "" {
			data.Attrs = []imap.MailboxAttr{f.use}
		}
		if options.ReturnStatus != nil {
			status, err := s.account.Status(f.name, options.ReturnStatus)
			if err != nil {
				return err
			}
			data.Status = status
		}
		if err := w.WriteList(data); err != nil {
			return err
		}
	}
	return nil
}

func matchAny(name, ref string, patterns []string) bool {
	for _, p := range patterns {
		if imapserver.MatchList(name, '/', ref, p) {
			return true
		}
	}
	return false
}

func (s *session) Create(string, *imap.CreateOptions) error         { return errReadOnly }
func (s *session) Delete(string) error                              { return errReadOnly }
func (s *session) Rename(string, string, *imap.RenameOptions) error { return errReadOnly }
func (s *session) Subscribe(string) error                           { return errReadOnly }
func (s *session) Unsubscribe(string) error                         { return errReadOnly }

func (s *session) Append(string, imap.LiteralReader, *imap.AppendOptions) (*imap.AppendData, error) {
	return nil, errReadOnly
}

func (s *session) Expunge(*imapserver.ExpungeWriter, *imap.UIDSet) error { return nil }

func (s *session) Store(*imapserver.FetchWriter, imap.NumSet, *imap.StoreFlags, *imap.StoreOptions) error {
	return errReadOnly
}

func (s *session) Copy(imap.NumSet, string) (*imap.CopyData, error) { return nil, errReadOnly }

func (s *session) Move(*imapserver.MoveWriter, imap.NumSet, string) error { return errReadOnly }

// Fetch never marks a message as read, however it is asked for.
func (s *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	for _, part := range options.BodySection {
		part.Peek = true
	}
	return s.UserSession.Fetch(w, set, options)
}
