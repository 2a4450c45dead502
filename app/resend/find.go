package resend

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"rimbalzo/internal/checklist"
	"rimbalzo/internal/mailbox"
)

const (
	maxPeeked    = 64 << 10 // of a message, to see which one it is
	maxIDCompare = 998
)

// search looks for one message.
type search struct {
	id      string
	bounces map[string]bool // the sources of the bounces about it
	letter  checklist.Letter
	from    From
	folder  string
	trouble error
	wanted  []mailbox.Wanted
}

func newSearch(m Message) *search {
	first := m.For[0]
	s := &search{id: first.MessageID, bounces: map[string]bool{}, from: FromKnown, letter: checklist.Letter{HeadOnly: true}}
	if s.id != "" {
		s.wanted = append(s.wanted, mailbox.Wanted{ID: s.id, Role: mailbox.RoleSent, SentAt: first.SentAt.At})
	}
	for _, item := range m.For {
		for i := range item.Bounces {
			if source := item.Bounces[i].Source; !s.bounces[source] {
				s.bounces[source] = true
				s.wanted = append(s.wanted, mailbox.Wanted{Source: source})
			}
		}
	}
	return s
}

// errFound ends the reading: nothing better can come.
var errFound = errors.New("found")

// look goes through the files, and through the servers while nothing better than a bounce was found.
func (f Finder) look(ctx context.Context, s *search) error {
	if s.id == "" {
		return nil
	}
	for _, source := range f.Files {
		_, err := source.Read(ctx, s.visit)
		if errors.Is(err, errFound) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	for _, server := range f.Servers {
		err := mailbox.Fetch(ctx, server, s.wanted, s.fetched)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if s.from == FromSent {
			s.trouble = nil
			return nil
		}
		s.trouble = errors.Join(s.trouble, err)
	}
	return nil
}

// fetched takes a message of a server; true where nothing better can come.
func (s *search) fetched(m mailbox.Whole) bool {
	if !m.Asked {
		s.returned(m.Data)
		return s.from == FromBounce
	}
	l, err := checklist.ParseLetter(m.Data, false)
	if err != nil || !sameID(l.MessageID(), s.id) {
		return false
	}
	s.letter, s.from, s.folder = l, FromSent, m.Folder
	return true
}

// visit takes the message out of sent mail, or what a bounce about it returned. A message elsewhere that bears the id may be of
// anybody's making: it is not taken for the person's own.
func (s *search) visit(m mailbox.Message) error {
	about := s.bounces[m.Source]
	if m.Role != mailbox.RoleSent && !about {
		return nil
	}
	in := bufio.NewReaderSize(m.Body, maxPeeked)
	start, err := in.Peek(maxPeeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil //nolint:nilerr // the review has listed it as unreadable
	}
	own := m.Role == mailbox.RoleSent && s.isIt(start)
	if !own && !about {
		return nil
	}
	var raw bytes.Buffer
	if _, err := io.Copy(&raw, io.LimitReader(in, checklist.MaxLetter+1)); err != nil {
		return nil //nolint:nilerr // likewise
	}
	if !own {
		s.returned(raw.Bytes())
		return nil
	}
	l, err := checklist.ParseLetter(raw.Bytes(), false)
	if err != nil {
		return nil //nolint:nilerr // a bounce may still return it
	}
	s.letter, s.from = l, FromSent
	return errFound
}

func (s *search) isIt(start []byte) bool {
	l, err := checklist.ParseLetter(start, true)
	return err == nil && sameID(l.MessageID(), s.id)
}

func sameID(a, b string) bool { return a != "" && len(a) <= maxIDCompare && strings.EqualFold(a, b) }

// returned takes what a bounce returned, where it is of this message and better than what there is.
func (s *search) returned(raw []byte) {
	l, ok := checklist.Returned(raw)
	if !ok || !sameID(l.MessageID(), s.id) || s.from == FromBounce {
		return
	}
	switch {
	case !l.HeadOnly:
		s.letter, s.from = l, FromBounce
	case s.from == FromKnown:
		s.letter, s.from = l, FromHeader
	}
}
