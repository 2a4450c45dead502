package mailbox

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// IMAP is an account on an IMAP server (RFC 9051, RFC 3501), read over TLS 1.2 or newer and never changed: folders are
// opened with EXAMINE, messages fetched with BODY.PEEK. Read are the inbox, junk, sent, trash, archive and all mail; of each
// message the header, and of those that can matter the beginning. Reading fails with an [*Error], or with the context's.
func IMAP(cfg IMAPConfig) Source { return imapSource{cfg} }

type imapSource struct{ cfg IMAPConfig }

// Read implements [Source].
func (s imapSource) Read(ctx context.Context, visit func(Message) error) (Coverage, error) {
	cfg := s.cfg
	cfg.Timeouts = cfg.Timeouts.orDefault()
	r := &imapReading{
		cfg: &cfg, visit: visit, seen: map[uint64]bool{}, seed: maphash.MakeSeed(),
		cov: Coverage{Roles: map[Role]bool{}},
	}
	var err error
	if r.account, err = parseURL(cfg.URL); err != nil {
		return r.cov, err
	}
	r.cov.Accounts = r.account.addresses()
	err = r.readAll(ctx)
	r.hangUp(ctx)
	return r.cov, err
}

// imapReading is one pass over an account.
type imapReading struct {
	account
	cfg   *IMAPConfig
	visit func(Message) error
	cov   Coverage

	s      *session // nil when there is no connection
	secret string
	asked  bool
	// slowlyTyped is true right after the password took long to come.
	slowlyTyped bool
	lost        int // connections lost so far
	fruitful    bool
	trouble     int // failures in fetching parts
	// seen holds a hash of each message's header: "all mail" shows once more what other folders hold.
	seen map[uint64]bool
	seed maphash.Seed
}

// readOrder are the roles that are read, in the order in which they are. All mail is last, so that what it repeats is
// known by then. Drafts were never sent, and folders of the person's own are not ours.
var readOrder = []Role{RoleInbox, RoleSent, RoleJunk, RoleTrash, RoleArchive, RoleAll}

// place is a folder to be read.
type place struct {
	name string
	role Role
}

func (r *imapReading) readAll(ctx context.Context) error {
	places, err := r.places(ctx)
	if err != nil {
		return err
	}
	var refused error
	opened := false
	for _, p := range places {
		err := r.place(ctx, p)
		var e *Error
		if errors.As(err, &e) && e.Stage == StageOpen && !e.another() {
			// One folder that cannot be opened does not spoil the others; none at all is an error.
			r.note(p.name, whyFolderRefused, err)
			refused = err
			continue
		}
		if err != nil {
			return err
		}
		opened = true
	}
	if !opened {
		return refused
	}
	return nil
}

// places lists the folders to be read in their order.
func (r *imapReading) places(ctx context.Context) ([]place, error) {
	var folders []listed
	err := r.try(ctx, func() (err error) { folders, err = r.s.list(ctx); return err })
	var e *Error
	if errors.As(err, &e) && e.Stage == StageList && (e.Kind == KindBroken || e.Kind == KindHostile || e.Kind == KindServerRefused) {
		// A list that cannot be read (a name that is no UTF-7, say) still leaves the inbox.
		r.note(r.user, whyFolderList, err)
		return []place{{"INBOX", RoleInbox}}, nil
	}
	if err != nil {
		return nil, err
	}
	places := []place{{"INBOX", RoleInbox}}
	for _, f := range folders {
		role := f.specialUse()
		if role == "" {
			role = folderRole(f.name, f.delim, r.roleOf)
		}
		if slices.Contains(readOrder, role) && !strings.EqualFold(f.name, "INBOX") {
			places = append(places, place{f.name, role})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Compare(slices.Index(readOrder, a.role), slices.Index(readOrder, b.role))
	})
	return places, nil
}

func (r *imapReading) roleOf(name string) Role {
	if r.cfg.RoleOf == nil {
		return RoleOther
	}
	return r.cfg.RoleOf(name)
}

// place reads one folder.
func (r *imapReading) place(ctx context.Context, p place) error {
	var (
		validity uint32
		uids     []imap.UID
	)
	err := r.try(ctx, func() (err error) {
		var messages uint32
		if validity, messages, err = r.s.examine(ctx, p.name); err != nil || messages == 0 {
			return err
		}
		uids, err = r.s.search(ctx, r.cfg.Since)
		var e *Error
		if errors.As(err, &e) && e.Kind == KindServerRefused {
			uids, err = r.s.scan(ctx, messages, r.cfg.Since)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(uids) >= maxFiles {
		r.note(p.name, whyTooMany, errTooMany)
	}
	w := &folderReading{imapReading: r, place: p, validity: validity}
	for done := 0; done < len(uids); {
		chunk := uids[done:min(done+headerChunk, len(uids))]
		err := w.chunk(ctx, chunk)
		if errors.Is(err, errEmptyHanded) {
			r.note(p.name, whyFolderRefused, err)
			return nil
		}
		if err != nil {
			return err
		}
		done += len(chunk)
		if r.cfg.Progress != nil {
			r.cfg.Progress(Progress{Folder: p.name, Role: p.role, Looked: done, Left: len(uids) - done})
		}
	}
	r.cov.Roles[p.role] = true
	return nil
}

// maxLost is how many lost connections one reading gets over: each new one is a login, and servers count those.
const maxLost = 60

// try runs f on a connection, and once more on a new one when the connection was lost in it.
func (r *imapReading) try(ctx context.Context, f func() error) error {
	err := r.connect(ctx)
	if err == nil {
		err = f()
	}
	if r.mayTryAgain(err) {
		if err := r.reconnect(ctx, err); err != nil {
			return err
		}
		if err = f(); r.mayTryAgain(err) {
			r.hangUp(ctx)
		}
	}
	return err
}

// mayTryAgain reports whether a new connection may get further than err, and whether one more is affordable.
func (r *imapReading) mayTryAgain(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.another() && r.lost < maxLost
}

// connect logs in unless there is a connection.
func (r *imapReading) connect(ctx context.Context) error {
	if r.s != nil {
		return nil
	}
	s, err := r.open(ctx, r.cfg, r.credentials())
	if r.slowlyTyped {
		// Servers wait for a login only so long; whoever looked for the password is not asked again.
		r.slowlyTyped = false
		var e *Error
		if errors.As(err, &e) && e.Stage == StageLogin && (e.Kind == KindDropped || e.Kind == KindBye) {
			s, err = r.open(ctx, r.cfg, r.credentials())
		}
	}
	if err != nil {
		return err
	}
	r.s = s
	return nil
}

// reconnect replaces a lost connection. One that the server broke off is not asked for again at once: the pauses grow
// while nothing comes, so that a server in trouble is left in peace.
func (r *imapReading) reconnect(ctx context.Context, cause error) error {
	r.lost++
	r.drop()
	var e *Error
	if errors.As(cause, &e) && e.Kind != KindBroken && e.Kind != KindHostile {
		pause := r.cfg.Timeouts.Retry << min(r.lost-1, 5)
		if r.fruitful {
			pause = r.cfg.Timeouts.Retry
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	r.fruitful = false
	return r.connect(ctx)
}

// drop ends the connection without a word.
func (r *imapReading) drop() {
	if r.s != nil {
		r.s.close()
		r.s = nil
	}
}

// hangUp ends the connection, politely when it is whole.
func (r *imapReading) hangUp(ctx context.Context) {
	if r.s != nil {
		r.s.logout(ctx)
		r.s = nil
	}
}

// credentials are those of the account, the password asked for once.
func (r *imapReading) credentials() credentials {
	return credentials{password: r.password, token: r.cfg.Auth.Token}
}

// password asks once.
func (r *imapReading) password() (string, error) {
	if r.asked {
		return r.secret, nil
	}
	if r.cfg.Password == nil {
		return "", errNoPassword
	}
	start := time.Now()
	secret, err := r.cfg.Password()
	r.slowlyTyped = time.Since(start) > r.cfg.Timeouts.Dial
	if err != nil {
		return "", err
	}
	if secret == "" {
		return "", errNoPassword
	}
	r.secret, r.asked = secret, true
	return secret, nil
}

var errNoPassword = errors.New("no password was given")

func (r *imapReading) note(source, why string, err error) {
	r.cov.Unreadable = append(r.cov.Unreadable, Unreadable{Source: source, Why: why, Err: err})
}

// headerHash is the same for the same message wherever it shows up, from its header or from its beginning.
func (r *imapReading) headerHash(text []byte) uint64 {
	header, _, _ := bytes.Cut(text, []byte("\r\n\r\n"))
	return maphash.Bytes(r.seed, bytes.TrimRight(header, "\r\n"))
}

// source names a message for people and programs.
func (w *folderReading) source(uid imap.UID) string {
	return fmt.Sprintf("%s;%d/%d", w.name, w.validity, uid)
}
