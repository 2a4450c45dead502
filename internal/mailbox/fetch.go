package mailbox

import (
	"context"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// MaxWhole bounds a message that is fetched whole, in bytes: what mail servers accept ends at about 50 MB.
const MaxWhole = 64 << 20

// ErrTooLong is a message of more than [MaxWhole] bytes.
var ErrTooLong = errors.New("the message is longer than any that is fetched whole")

// Wanted is one message on a server: the one at a place, or the one with an id in the folders of a role.
type Wanted struct {
	Source string    // "folder;UIDVALIDITY/UID", as [Message].Source names it; "" to look for ID
	ID     string    // its Message-ID without angle brackets
	Role   Role      // of the folders in which ID is looked for
	SentAt time.Time // about when it was sent, for servers that do not find ids; zero: they are believed
}

// Whole is a message as a server keeps it.
type Whole struct {
	Source string // as in [Message]
	Folder string
	Role   Role      // "" where it was fetched from its place
	Asked  bool      // it was looked for by its id, which it bears
	Body   io.Reader // valid only until it is taken; it fetches as it is read
}

// Fetch gets whole messages of an account, one after the other in the order of wanted, which may depend on what was taken before, and
// hands them to take. Of several messages with one id the first for which take gives true is the last. It reads as all of this room
// does: folders are opened with EXAMINE, messages come by BODY.PEEK[] in pieces of 1 MB, so that no mark is set and the
// bounds on a server's answers hold. What is not there, and a place that does not name a message any more, is passed over. Its
// errors are an [*Error] or the context's; a Body may also give [ErrTooLong].
func Fetch(ctx context.Context, cfg IMAPConfig, wanted iter.Seq[Wanted], take func(Whole) bool) error {
	cfg.Timeouts = cfg.Timeouts.orDefault()
	r := &imapReading{cfg: &cfg, cov: Coverage{Roles: map[Role]bool{}}}
	var err error
	if r.account, err = parseURL(cfg.URL); err != nil {
		return err
	}
	f := &fetching{imapReading: r, take: take}
	for w := range wanted {
		if err = f.one(ctx, w); err != nil {
			break
		}
	}
	var e *Error
	if err != nil && !errors.As(err, &e) {
		r.drop() // it may have ended in the middle of an answer
	}
	r.hangUp(ctx)
	return err
}

// fetching is one such pass over an account.
type fetching struct {
	*imapReading
	take  func(Whole) bool
	known []place // the account's folders, once they were asked for
	here  opened  // the folder that is open
	taken bool    // what was wanted last
}

func (f *fetching) one(ctx context.Context, w Wanted) error {
	f.taken = false
	if w.Source != "" {
		folder, validity, uid, ok := placeOf(w.Source)
		if !ok {
			return nil
		}
		return f.inFolder(ctx, folder, func() error {
			if f.here.validity != validity {
				return nil
			}
			return f.whole(ctx, place{name: folder}, uid, "")
		})
	}
	if !searchableID(w.ID) {
		return nil
	}
	if f.known == nil {
		var err error
		if f.known, err = f.places(ctx); err != nil {
			return err
		}
	}
	for _, p := range f.known {
		if p.role != w.Role || f.taken {
			continue
		}
		if err := f.inFolder(ctx, p.name, func() error { return f.search(ctx, p, w) }); err != nil {
			return err
		}
	}
	return nil
}

// placeOf reads "folder;UIDVALIDITY/UID".
func placeOf(source string) (folder string, validity uint32, uid imap.UID, ok bool) {
	at := strings.LastIndexByte(source, ';')
	if at <= 0 {
		return "", 0, 0, false
	}
	first, second, ok := strings.Cut(source[at+1:], "/")
	v, errV := strconv.ParseUint(first, 10, 32)
	u, errU := strconv.ParseUint(second, 10, 32)
	return source[:at], uint32(v), imap.UID(u), ok && errV == nil && errU == nil && u > 0
}

// searchableID reports whether an id may be put into a search: one line of at most what a header's line holds.
func searchableID(id string) bool {
	return id != "" && len(id) < 998 && !strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// inFolder opens a folder, which may be gone, and does something in it; over a new connection once more where one was lost.
func (f *fetching) inFolder(ctx context.Context, folder string, do func() error) error {
	err := f.try(ctx, func() (err error) {
		if f.s.folder != folder {
			if f.here, err = f.s.examine(ctx, folder); err != nil {
				f.s.folder = ""
				return err
			}
		}
		return do()
	})
	var e *Error
	if errors.As(err, &e) && e.Stage == StageOpen && !e.another() {
		return nil
	}
	return err
}
