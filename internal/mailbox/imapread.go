package mailbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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
		cfg: &cfg, visit: visit, seen: map[uint64]bool{},
		cov: Coverage{Roles: map[Role]bool{}},
	}
	var err error
	if r.account, err = parseURL(cfg.URL); err != nil {
		return r.cov, err
	}
	r.cov.Accounts = r.account.addresses()
	err = r.readAll(ctx)
	var e *Error
	if err != nil && !errors.As(err, &e) {
		r.drop() // it may have ended in the middle of an answer
	}
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
	lender *Held    // whose connection s is, nil where it is the reading's own
	secret string
	asked  bool
	// slowlyTyped is true right after the password took long to come.
	slowlyTyped bool
	borrowed    bool
	lost        int // connections lost so far
	fruitful    bool
	trouble     int  // failures in fetching parts
	stumbled    bool // the last connection was lost over one message: the server is not in trouble
	plainly     bool // the server and we do not understand each other compressed
	noHits      bool // the server breaks off when asked to search for bounces
	// seen holds a digest of each message's header: "all mail" shows once more what other folders hold.
	seen map[uint64]bool
}

// readOrder are the roles that are read, in the order in which they are. All mail is last, so that what it repeats is
// known by then. Drafts were never sent, and folders of the person's own are not ours unless they are named.
var readOrder = []Role{RoleInbox, RoleSent, RoleJunk, RoleTrash, RoleArchive, RoleOther, RoleAll}

// place is a folder to be read.
type place struct {
	name string
	role Role
}

// readAll reads the bounces of all folders, then what was sent, then the rest: what a person waits for comes first.
func (r *imapReading) readAll(ctx context.Context) error {
	places, err := r.places(ctx)
	if err != nil {
		return err
	}
	var folders []*folderReading
	for _, p := range places {
		folders = append(folders, &folderReading{imapReading: r, place: p})
	}
	planned := func(do func(*folderReading) error) func(*folderReading) error {
		return func(w *folderReading) error {
			if err := w.plan(ctx); err != nil {
				return err
			}
			return do(w)
		}
	}
	rest := func(w *folderReading) error { return w.rest(ctx) }
	isSent := func(w *folderReading) bool { return w.role == RoleSent }
	sent, received := pick(folders, isSent, true), pick(folders, isSent, false)
	var refused error
	for _, pass := range []struct {
		folders *[]*folderReading
		do      func(*folderReading) error
	}{
		{&received, planned(func(w *folderReading) error { return w.readHits(ctx) })},
		{&sent, planned(rest)},
		{&received, rest},
	} {
		if *pass.folders, err = r.pass(*pass.folders, pass.do, &refused); err != nil {
			return err
		}
	}
	if len(sent)+len(received) == 0 {
		return refused
	}
	for _, w := range append(sent, received...) {
		if !w.refused {
			r.cov.Roles[w.role] = true
		}
	}
	return nil
}

func pick(folders []*folderReading, by func(*folderReading) bool, want bool) (some []*folderReading) {
	for _, w := range folders {
		if by(w) == want {
			some = append(some, w)
		}
	}
	return some
}

// pass does something with each folder and gives those with which it went well. One folder that cannot be opened does not spoil the
// others; none at all is an error.
func (r *imapReading) pass(folders []*folderReading, do func(*folderReading) error, refused *error) (good []*folderReading, err error) {
	for _, w := range folders {
		err := do(w)
		var e *Error
		if errors.As(err, &e) && e.Stage == StageOpen && !e.another() {
			r.note(w.name, whyFolderRefused, err)
			*refused = err
			continue
		}
		if err != nil {
			return nil, err
		}
		good = append(good, w)
	}
	return good, nil
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
		named := slices.Contains(r.cfg.Folders, f.name)
		if named && !slices.Contains(readOrder, role) {
			role = RoleOther
		}
		if slices.Contains(readOrder, role) && (named || role != RoleOther) && !strings.EqualFold(f.name, "INBOX") {
			places = append(places, place{f.name, role})
		}
	}
	for _, name := range r.cfg.Folders {
		if !slices.ContainsFunc(places, func(p place) bool { return strings.EqualFold(p.name, name) }) {
			r.note(name, whyFolderRefused, errNoFolder)
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
	if r.s != nil || r.borrow(ctx) {
		return nil
	}
	s, err := r.open(ctx, r.cfg, r.credentials(), r.plainly)
	if r.slowlyTyped {
		// Servers wait for a login only so long; whoever looked for the password is not asked again.
		r.slowlyTyped = false
		var e *Error
		if errors.As(err, &e) && e.Stage == StageLogin && (e.Kind == KindDropped || e.Kind == KindBye) {
			s, err = r.open(ctx, r.cfg, r.credentials(), r.plainly)
		}
	}
	if err != nil {
		return err
	}
	r.s = s
	return nil
}

// borrow takes the connection that is there already, once: after it was lost, or where it is gone, a new one is made.
func (r *imapReading) borrow(ctx context.Context) bool {
	held := r.cfg.Held
	if held == nil || r.borrowed {
		return false
	}
	r.borrowed = true
	s, err := held.lend(ctx, r.cfg.Timeouts)
	if err != nil {
		return false
	}
	r.s, r.lender = s, held
	return true
}

// reconnect replaces a lost connection. One that the server broke off is not asked for again at once: the pauses grow
// while nothing comes, so that a server in trouble is left in peace.
func (r *imapReading) reconnect(ctx context.Context, cause error) error {
	r.lost++
	r.plainly = r.plainly || r.s != nil && r.s.deflated && !r.s.spoke
	r.drop()
	var e *Error
	if errors.As(cause, &e) && e.Kind != KindBroken && e.Kind != KindHostile && !r.stumbled {
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
	r.fruitful, r.stumbled = false, false
	return r.connect(ctx)
}

// drop ends the connection without a word.
func (r *imapReading) drop() {
	if r.s != nil {
		r.s.close()
		r.s = nil
		r.giveBack()
	}
}

// giveBack hands a borrowed connection to its holder, whole or not.
func (r *imapReading) giveBack() {
	if r.lender != nil {
		r.lender.give()
		r.lender = nil
	}
}

// hangUp ends the connection, politely when it is whole; a borrowed one lives on.
func (r *imapReading) hangUp(ctx context.Context) {
	if r.s != nil {
		if r.lender == nil {
			r.s.logout(ctx)
		}
		r.s = nil
		r.giveBack()
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

var (
	errNoPassword = errors.New("no password was given")
	errNoFolder   = errors.New("the server has no folder of that name")
)

func (r *imapReading) note(source, why string, err error) {
	r.cov.Unreadable = append(r.cov.Unreadable, Unreadable{Source: source, Why: why, Err: err})
}

// source names a message for people and programs.
func (w *folderReading) source(uid imap.UID) string {
	return fmt.Sprintf("%s;%d/%d", w.name, w.validity, uid)
}
