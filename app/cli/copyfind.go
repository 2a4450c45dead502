package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"rimbalzo/internal/account"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/provider"
)

// Where a copy's text comes from, from the best on: the person's own sent message, what a bounce returned, nothing but what is
// known of the message. They complete the keys "export.copy.from.".
const (
	fromSent     = "sent"
	fromBounce   = "bounce"
	fromHeader   = "header"
	fromNothing  = "nothing"
	maxPeeked    = 64 << 10 // of a message, to see which one it is
	maxIDCompare = 998
)

// finder looks for a message in mail files.
type finder struct {
	id      string
	bounces map[string]bool // the sources of the bounces about it
	letter  checklist.Letter
	from    string
}

// errFound ends the reading: nothing better can come.
var errFound = errors.New("found")

// original looks for the message that items are about in the files that the flags name. What is on a server only is not fetched.
func (a *app) original(ctx context.Context, s *sources, items []*advice.Item) (checklist.Letter, string, error) {
	f := &finder{id: items[0].MessageID, bounces: map[string]bool{}, from: fromNothing, letter: checklist.Letter{HeadOnly: true}}
	for _, item := range items {
		for i := range item.Bounces {
			f.bounces[item.Bounces[i].Source] = true
		}
	}
	list, err := a.files(s)
	if err != nil {
		return f.letter, f.from, err
	}
	for _, source := range list {
		_, err := source.Read(ctx, f.visit)
		if errors.Is(err, errFound) {
			break
		}
		if err != nil {
			return f.letter, f.from, err
		}
	}
	return f.letter, f.from, nil
}

// files are the mail files of a review, those with sent mail first.
func (a *app) files(s *sources) (list []mailbox.Source, err error) {
	for _, path := range s.sent {
		list = append(list, mailbox.Path(path, mailbox.RoleSent))
	}
	for _, dir := range s.mailboxes {
		list = append(list, mailbox.Maildirpp(dir, func(name string) mailbox.Role { return mailbox.Role(provider.Builtin().RoleOf(name)) }))
	}
	for _, path := range s.inbox {
		list = append(list, mailbox.Path(path, mailbox.RoleInbox))
	}
	for _, path := range s.junk {
		list = append(list, mailbox.Path(path, mailbox.RoleJunk))
	}
	if len(s.accounts) == 0 && s.given() {
		return list, nil
	}
	book, err := a.book()
	if err != nil {
		return nil, err
	}
	all, err := book.List()
	if err != nil {
		return nil, err
	}
	for _, acc := range all {
		if acc.Kind != account.Local || len(s.accounts) > 0 && !named(s.accounts, acc.ID) {
			continue
		}
		var paths []mailbox.LocalPath
		for _, p := range acc.Paths {
			paths = append(paths, mailbox.LocalPath{Path: p.Path, Role: mailbox.Role(p.Role)})
		}
		list = append(list, mailbox.Local(mailbox.LocalConfig{Paths: paths}))
	}
	return list, nil
}

func named(names []string, id string) bool {
	for _, name := range names {
		if strings.EqualFold(name, id) {
			return true
		}
	}
	return false
}

// visit takes the message out of sent mail, or what a bounce about it returned. A message elsewhere that bears the id may be of
// anybody's making: it is not taken for the person's own.
func (f *finder) visit(m mailbox.Message) error {
	about := f.bounces[m.Source]
	if m.Role != mailbox.RoleSent && !about {
		return nil
	}
	in := bufio.NewReaderSize(m.Body, maxPeeked)
	start, err := in.Peek(maxPeeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil //nolint:nilerr // the review has listed it as unreadable
	}
	own := m.Role == mailbox.RoleSent && f.isIt(start)
	if !own && !about {
		return nil
	}
	var raw bytes.Buffer
	if _, err := io.Copy(&raw, io.LimitReader(in, checklist.MaxLetter+1)); err != nil {
		return nil //nolint:nilerr // likewise
	}
	if !own {
		f.returned(raw.Bytes())
		return nil
	}
	l, err := checklist.ParseLetter(raw.Bytes(), false)
	if err != nil {
		return nil //nolint:nilerr // a bounce may still return it
	}
	f.letter, f.from = l, fromSent
	return errFound
}

func (f *finder) isIt(start []byte) bool {
	l, err := checklist.ParseLetter(start, true)
	return err == nil && sameID(l.MessageID(), f.id)
}

func sameID(a, b string) bool { return a != "" && len(a) <= maxIDCompare && strings.EqualFold(a, b) }

// returned takes what a bounce returned, where it is of this message and better than what there is.
func (f *finder) returned(raw []byte) {
	l, ok := checklist.Returned(raw)
	if !ok || !sameID(l.MessageID(), f.id) || f.from == fromBounce {
		return
	}
	switch {
	case !l.HeadOnly:
		f.letter, f.from = l, fromBounce
	case f.from == fromNothing:
		f.letter, f.from = l, fromHeader
	}
}
