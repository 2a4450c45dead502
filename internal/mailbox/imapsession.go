package mailbox

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"rimbalzo/internal/bounce"
)

// session is one conversation with an IMAP server. This file is the only one that knows the library's client, and it
// offers only what reads: a test looks that nothing else is called and that nothing else imports it.
//
// Every command runs under a watchdog ([session.do]): the library waits for ever for an answer that does not come.
type session struct {
	account
	client *imapclient.Client
	guard  *guard
	limits Timeouts
	folder string // the folder open now
}

// open connects, secures and logs in ([course]), and hands the connection to the library.
func (a account) open(ctx context.Context, cfg *IMAPConfig, with credentials) (*session, error) {
	t, err := a.newCourse(cfg).enter(ctx, with)
	if err != nil {
		return nil, err
	}
	g := t.handOver()
	s := &session{account: a, guard: g, limits: cfg.Timeouts, client: imapclient.New(g, nil)}
	if err := s.do(ctx, StageCapabilities, s.client.WaitGreeting); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// close ends the conversation without a word and waits for the library's reader.
func (s *session) close() {
	s.guard.abort()
	<-s.client.Closed()
}

// logout ends it politely, if the server is quick.
func (s *session) logout(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, min(2*time.Second, s.limits.Idle))
	defer cancel()
	s.do(ctx, StageFetch, func() error { return s.client.Logout().Wait() })
	s.close()
}

// do runs one command: the end of ctx, a silence, or a whole answer that takes too long close the connection, which is
// the one thing that ends the library's waiting.
func (s *session) do(ctx context.Context, stage Stage, command func() error) error {
	timed, cancel := context.WithTimeout(ctx, s.limits.Command)
	defer cancel()
	defer context.AfterFunc(timed, s.guard.abort)()
	defer s.guard.await(s.limits.Idle)()
	err := command()
	if err == nil {
		return nil
	}
	return s.explain(ctx, timed, stage, err)
}

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

// examine opens a folder for reading only (RFC 9051 section 6.3.3) and gives its UIDVALIDITY and its size in messages.
func (s *session) examine(ctx context.Context, folder string) (validity, messages uint32, err error) {
	s.folder = folder
	err = s.do(ctx, StageOpen, func() error {
		data, err := s.client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err == nil {
			validity, messages = data.UIDValidity, data.NumMessages
		}
		return err
	})
	return validity, messages, err
}

// search gives the UIDs of the messages that arrived on since's day or later, ascending, at most [maxFiles].
func (s *session) search(ctx context.Context, since time.Time) (uids []imap.UID, err error) {
	err = s.do(ctx, StageSearch, func() error {
		caps := s.client.Caps()
		var options *imap.SearchOptions
		if caps.Has(imap.CapESearch) || caps.Has(imap.CapIMAP4rev2) {
			options = &imap.SearchOptions{ReturnAll: true} // ranges instead of a number each
		}
		data, err := s.client.UIDSearch(&imap.SearchCriteria{Since: since}, options).Wait()
		if err != nil {
			return err
		}
		uids = unfold(data.All)
		return nil
	})
	return uids, err
}

// scanChunk is how many messages are asked for their dates at once.
const scanChunk = 5000

// scan does what search does without asking the server to search, which some refuse: it asks every message of the folder
// for its date.
func (s *session) scan(ctx context.Context, messages uint32, since time.Time) (uids []imap.UID, err error) {
	day := since.AddDate(0, 0, -1)
	for first := uint32(1); first <= min(messages, maxFiles); first += scanChunk {
		set := imap.SeqSet{{Start: first, Stop: min(first+scanChunk-1, messages)}}
		err := s.do(ctx, StageSearch, func() error {
			cmd := s.client.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true})
			for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
				uid, f, err := takeMessage(msg, 0)
				if err != nil {
					return err
				}
				if uid != 0 && !f.at.Before(day) {
					uids = append(uids, uid)
				}
			}
			return cmd.Close()
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// unfold lists the numbers of a set. The library's own way counts to the end of a range whatever it is: "1:4294967295"
// from a hostile server would take 16 GB.
func unfold(set imap.NumSet) (uids []imap.UID) {
	ranges, _ := set.(imap.UIDSet)
	for _, r := range ranges {
		for uid := uint64(r.Start); uid != 0 && uid <= uint64(r.Stop) && len(uids) < maxFiles; uid++ {
			uids = append(uids, imap.UID(uid))
		}
	}
	return uids
}

// fetched is what came of one message.
type fetched struct {
	at    time.Time // INTERNALDATE
	draft bool
	text  []byte // header, or the message's beginning
	parts []bounce.Part
}

// fetch gets the header of messages, or with whole their beginning; at most limit bytes each. What came before an error is
// kept: got is called in the order of arrival.
func (s *session) fetch(ctx context.Context, uids []imap.UID, whole bool, limit int64, got func(imap.UID, fetched)) error {
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: limit}}
	if !whole {
		section.Specifier = imap.PartSpecifierHeader
	}
	options := &imap.FetchOptions{
		UID: true, InternalDate: true, Flags: true, BodySection: []*imap.FetchItemBodySection{section},
	}
	return s.do(ctx, StageFetch, func() error {
		cmd := s.client.Fetch(imap.UIDSetNum(uids...), options)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			uid, f, err := takeMessage(msg, limit)
			if err != nil {
				return err
			}
			if uid != 0 && f.text != nil {
				got(uid, f)
			}
		}
		return cmd.Close()
	})
}

// takeMessage reads the items of one FETCH response; the text is nil where there is none, as after an unasked change of
// flags. After an error, which only a lost connection causes, neither message nor command may be touched again: the
// library's reader has gone on, and both would read from one buffer at once.
func takeMessage(msg *imapclient.FetchMessageData, limit int64) (uid imap.UID, f fetched, err error) {
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = item.UID
		case imapclient.FetchItemDataInternalDate:
			f.at = item.Time
		case imapclient.FetchItemDataFlags:
			for _, flag := range item.Flags {
				f.draft = f.draft || strings.EqualFold(string(flag), string(imap.FlagDraft))
			}
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil || f.text != nil {
				continue
			}
			if f.text, err = readLiteral(item.Literal, limit); err != nil {
				return 0, fetched{}, err
			}
		}
	}
	return uid, f, nil
}

// readLiteral reads at most limit bytes of a literal.
func readLiteral(literal imap.LiteralReader, limit int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(literal, limit))
	if err == nil && int64(len(text)) < min(limit, literal.Size()) {
		err = io.ErrUnexpectedEOF // the library takes the end of the connection for the end of the text
	}
	return text, err
}

// structures asks what messages are made of (RFC 9051 section 7.5.2). An answer that the library cannot parse ends the
// connection.
func (s *session) structures(ctx context.Context, uids []imap.UID, got func(imap.UID, imap.BodyStructure)) error {
	options := &imap.FetchOptions{UID: true, BodyStructure: &imap.FetchItemBodyStructure{Extended: true}}
	return s.do(ctx, StageFetch, func() error {
		cmd := s.client.Fetch(imap.UIDSetNum(uids...), options)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			var (
				uid       imap.UID
				structure imap.BodyStructure
			)
			for item := msg.Next(); item != nil; item = msg.Next() {
				switch item := item.(type) {
				case imapclient.FetchItemDataUID:
					uid = item.UID
				case imapclient.FetchItemDataBodyStructure:
					structure = item.BodyStructure
				}
			}
			if structure != nil && slices.Contains(uids, uid) {
				got(uid, structure)
			}
		}
		return cmd.Close()
	})
}

// sections gets the same sections of messages, at most limit bytes of each, by their names. What came before an error is kept.
func (s *session) sections(ctx context.Context, uids []imap.UID, wanted []section, limit int64, got func(imap.UID, map[string][]byte)) error {
	options := &imap.FetchOptions{UID: true}
	for _, w := range wanted {
		item := &imap.FetchItemBodySection{Peek: true, Part: w.number, Partial: &imap.SectionPartial{Size: limit}}
		if w.header {
			item.Specifier = imap.PartSpecifierHeader
		}
		options.BodySection = append(options.BodySection, item)
	}
	return s.do(ctx, StageFetch, func() error {
		cmd := s.client.Fetch(imap.UIDSetNum(uids...), options)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			uid, bodies, err := takeSections(msg, wanted, limit)
			if err != nil {
				return err
			}
			if slices.Contains(uids, uid) {
				got(uid, bodies)
			}
		}
		return cmd.Close()
	})
}

// takeSections reads the wanted sections of one FETCH response; the first of a name counts. After an error the same holds
// as for [takeMessage].
func takeSections(msg *imapclient.FetchMessageData, wanted []section, limit int64) (uid imap.UID, bodies map[string][]byte, err error) {
	bodies = map[string][]byte{}
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = item.UID
		case imapclient.FetchItemDataBodySection:
			name := nameOf(item.Section)
			known := slices.ContainsFunc(wanted, func(w section) bool { return w.String() == name })
			if _, double := bodies[name]; double || !known || item.Literal == nil {
				continue
			}
			if bodies[name], err = readLiteral(item.Literal, limit); err != nil {
				return 0, nil, err
			}
		}
	}
	return uid, bodies, nil
}

// nameOf gives the name of a section as [section] does; "" for one of a kind that is never wanted.
func nameOf(item *imap.FetchItemBodySection) string {
	whole := item.Specifier == imap.PartSpecifierNone
	if !whole && item.Specifier != imap.PartSpecifierHeader || len(item.HeaderFields)+len(item.HeaderFieldsNot) > 0 {
		return ""
	}
	return section{item.Part, !whole}.String()
}
