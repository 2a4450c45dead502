package resend

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/mailbox"
)

const (
	maxPeeked    = 64 << 10 // of a message, to see which one it is
	maxIDCompare = 998
)

// search is one message that is looked for.
type search struct {
	Message
	id      string // "" where it has none to be found by
	letter  checklist.Letter
	from    From
	folder  string
	trouble error
	done    bool // it was handed on
}

// hunt looks for many messages in one go: every file is read once for the sent mail and, where that does not have all, once for the
// bounces; every server is asked over one connection. At most one whole message is in memory at a time.
type hunt struct {
	Finder
	all     []*search
	byID    map[string][]*search // lower case
	bounces map[string][]*search // by the sources of the bounces about them
	left    int
	trouble error // the first of a file or server
	found   func(*search) error
	failed  error // what found gave
}

func (f Finder) newHunt(messages []Message, found func(*search) error) *hunt {
	h := &hunt{Finder: f, byID: map[string][]*search{}, bounces: map[string][]*search{}, found: found}
	for _, m := range messages {
		s := &search{Message: m, from: FromKnown, letter: checklist.Letter{HeadOnly: true}}
		h.all = append(h.all, s)
		if s.id = m.For[0].MessageID; s.id == "" || len(s.id) > maxIDCompare {
			s.id = ""
			continue
		}
		h.left++
		h.byID[strings.ToLower(s.id)] = append(h.byID[strings.ToLower(s.id)], s)
		for _, source := range s.sources() {
			h.bounces[source] = append(h.bounces[source], s)
		}
	}
	return h
}

// sources are where the bounces about the message lie.
func (s *search) sources() (list []string) {
	seen := map[string]bool{}
	for _, item := range s.For {
		for i := range item.Bounces {
			if source := item.Bounces[i].Source; !seen[source] {
				seen[source] = true
				list = append(list, source)
			}
		}
	}
	return list
}

// errAll ends a reading: nothing is left to be found.
var errAll = errors.New("all found")

// run looks everywhere. Sent mail comes first, wherever it is; then what bounces brought back; the rest is known by its item alone.
func (h *hunt) run(ctx context.Context) error {
	for _, pass := range []struct {
		visit func(mailbox.Message) error
		ask   iter.Seq[mailbox.Wanted]
	}{{h.visitSent, h.byIDs}, {h.visitBounce, h.bySources}} {
		if err := h.readFiles(ctx, pass.visit); err != nil {
			return err
		}
		if err := h.askServers(ctx, pass.ask); err != nil {
			return err
		}
	}
	for _, s := range h.all {
		if s.done {
			continue
		}
		if err := h.handOn(s); err != nil {
			return err
		}
	}
	return nil
}

// readFiles goes through the mail files. One that cannot be read does not keep the others from being.
func (h *hunt) readFiles(ctx context.Context, visit func(mailbox.Message) error) error {
	for _, source := range h.Files {
		if h.left == 0 {
			return nil
		}
		_, err := source.Read(ctx, visit)
		switch {
		case h.failed != nil || ctx.Err() != nil:
			return errors.Join(h.failed, ctx.Err())
		case err != nil && !errors.Is(err, errAll) && h.trouble == nil:
			h.trouble = err // a disk that is not there now
		}
	}
	return nil
}

// askServers asks each server for what is left. One that cannot be asked does not keep the others from it.
func (h *hunt) askServers(ctx context.Context, wanted iter.Seq[mailbox.Wanted]) error {
	for _, server := range h.Servers {
		if h.left == 0 {
			return nil
		}
		err := mailbox.Fetch(ctx, server, wanted, h.fetched)
		if h.failed != nil || ctx.Err() != nil {
			return errors.Join(h.failed, ctx.Err())
		}
		if err != nil && h.trouble == nil {
			h.trouble = err
		}
	}
	return nil
}

// byIDs asks for the messages among the sent mail.
func (h *hunt) byIDs(yield func(mailbox.Wanted) bool) {
	for _, s := range h.all {
		if s.done || s.id == "" {
			continue
		}
		if !yield(mailbox.Wanted{ID: s.id, Role: mailbox.RoleSent, SentAt: s.For[0].SentAt.At}) || h.failed != nil {
			return
		}
	}
}

// bySources asks for the bounces about what is left.
func (h *hunt) bySources(yield func(mailbox.Wanted) bool) {
	for _, s := range h.all {
		for _, source := range s.sources() {
			if s.done || s.id == "" {
				break
			}
			if !yield(mailbox.Wanted{Source: source}) || h.failed != nil {
				return
			}
		}
	}
}

// fetched takes a message of a server; true where it was worth fetching.
func (h *hunt) fetched(m mailbox.Whole) bool {
	if m.Asked {
		h.failed = h.own(m.Body, m.Folder)
	} else {
		h.failed = h.returned(m.Source, m.Body)
	}
	return h.left == 0 || h.failed != nil
}

// visitSent takes messages out of sent mail. A message elsewhere that bears the id may be of anybody's making: it is not taken for
// the person's own.
func (h *hunt) visitSent(m mailbox.Message) error {
	if m.Role != mailbox.RoleSent {
		return nil
	}
	in := bufio.NewReaderSize(m.Body, maxPeeked)
	start, err := in.Peek(maxPeeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil //nolint:nilerr // the review has listed it as unreadable
	}
	l, err := checklist.ReadLetter(bytes.NewReader(start), true)
	if err != nil || len(h.byID[strings.ToLower(l.MessageID())]) == 0 {
		return nil //nolint:nilerr // likewise
	}
	h.failed = h.own(in, "")
	return h.orAll()
}

// visitBounce takes what bounces brought back.
func (h *hunt) visitBounce(m mailbox.Message) error {
	if len(h.bounces[m.Source]) == 0 {
		return nil
	}
	h.failed = h.returned(m.Source, m.Body)
	return h.orAll()
}

// orAll ends a reading where nothing is left to do.
func (h *hunt) orAll() error {
	if h.failed == nil && h.left == 0 {
		return errAll
	}
	return h.failed
}

// own takes the person's own message. One that cannot be read may still be returned by a bounce.
func (h *hunt) own(body io.Reader, folder string) error {
	l, err := checklist.ReadLetter(body, false)
	if err != nil {
		return nil //nolint:nilerr // see above
	}
	for _, s := range h.byID[strings.ToLower(l.MessageID())] {
		if s.done {
			continue
		}
		s.letter, s.from, s.folder = l, FromSent, folder
		if err := h.handOn(s); err != nil {
			return err
		}
	}
	return nil
}

// returned takes what a bounce returned, where it is of a message that is looked for: whole at once, its header for want of better.
func (h *hunt) returned(source string, bounced io.Reader) error {
	l, ok := checklist.Returned(bounced)
	if !ok {
		return nil
	}
	for _, s := range h.bounces[source] {
		if s.done || !strings.EqualFold(l.MessageID(), s.id) {
			continue
		}
		if l.HeadOnly {
			s.letter, s.from = l, FromHeader
			continue
		}
		s.letter, s.from = l, FromBounce
		if err := h.handOn(s); err != nil {
			return err
		}
	}
	return nil
}

// handOn hands a message on, and lets go of it.
func (h *hunt) handOn(s *search) error {
	s.done = true
	if s.id != "" {
		h.left--
	}
	if s.from != FromSent {
		s.trouble = h.trouble
	}
	err := h.found(s)
	s.letter = checklist.Letter{}
	return err
}
