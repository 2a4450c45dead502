package mailbox

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// How whole messages are looked for and fetched: the bytes of one piece, the messages that may bear one id, the messages around a
// day whose headers are looked at where a server finds no ids, and the days before and after.
const (
	wholePiece = 1 << 20
	mostAlike  = 20
	mostAround = 2_000
	daysAround = 2
)

// search looks for a message by its id in the folder that is open. Servers find an id as a part of others, and some find none
// (see searches of headers at Yahoo): what is found is looked at, and where nothing is, the headers of those days are.
func (f *fetching) search(ctx context.Context, p place, o opened, w Wanted) error {
	criteria := []*imap.SearchCriteria{{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: w.ID}}}}
	uids, err := f.bearing(ctx, criteria[0], w.ID, mostAlike)
	if err == nil && len(uids) == 0 && !w.SentAt.IsZero() {
		uids, err = f.bearing(ctx, &imap.SearchCriteria{
			SentSince: w.SentAt.AddDate(0, 0, -daysAround), SentBefore: w.SentAt.AddDate(0, 0, daysAround+1),
		}, w.ID, mostAround)
	}
	for _, uid := range uids {
		if err != nil || f.done {
			return err
		}
		err = f.whole(ctx, p, o.validity, uid, w.ID)
	}
	return err
}

// bearing gives the messages that answer criteria and bear an id, of the last most that answer. A refusal finds none.
func (f *fetching) bearing(ctx context.Context, criteria *imap.SearchCriteria, id string, most int) (list []imap.UID, err error) {
	lists, _, err := f.s.search(ctx, criteria)
	if err != nil {
		return nil, err
	}
	uids := lists[0][max(0, len(lists[0])-most):]
	var asks []ask
	for set := range slices.Chunk(uids, headChunk) {
		asks = append(asks, ask{uids: set, sections: []section{fewFields}, dated: true})
	}
	if len(asks) == 0 {
		return nil, nil
	}
	err = f.s.fetch(ctx, asks, func(a answer) {
		if strings.EqualFold(idIn(a.body(fewFields)), id) {
			list = append(list, a.uid)
		}
	})
	if isRefusal(err) {
		err = nil
	}
	slices.Sort(list)
	return list, err
}

// idIn gives the Message-ID in a header, without its angle brackets; "" for none.
func idIn(head []byte) string {
	for len(head) > 0 {
		line, rest, _ := bytes.Cut(head, newline)
		head = rest
		if !strings.EqualFold(string(fieldName(line)), "message-id") {
			continue
		}
		_, value, _ := bytes.Cut(line, []byte(":"))
		for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
			line, rest, _ = bytes.Cut(rest, newline)
			value = append(bytes.Clone(value), line...)
		}
		return strings.Trim(string(value), "<> \t\r")
	}
	return ""
}

// whole fetches a message of the folder that is open, piece by piece, and hands it on.
func (f *fetching) whole(ctx context.Context, p place, validity uint32, uid imap.UID, id string) error {
	var text []byte
	for {
		piece, err := f.s.piece(ctx, uid, int64(len(text)))
		if isRefusal(err) {
			return nil
		}
		if err != nil {
			return err
		}
		text = append(text, piece...)
		if len(text) > MaxWhole {
			return fmt.Errorf("fetch a message from %q: %w", p.name, ErrTooLong)
		}
		if f.cfg.Progress != nil {
			f.cfg.Progress(Progress{Folder: p.name, Role: p.role, Looked: len(text)})
		}
		if len(piece) < wholePiece {
			break
		}
	}
	if len(text) == 0 {
		return nil
	}
	f.done = f.take(Whole{
		Source: fmt.Sprintf("%s;%d/%d", p.name, validity, uid), Folder: p.name, Role: p.role, Asked: id != "", Data: text,
	})
	return nil
}

// piece fetches a piece of a message without marking it as read (BODY.PEEK[]<offset.size>, RFC 9051 section 6.4.5.1); nil where
// there is none.
func (s *session) piece(ctx context.Context, uid imap.UID, offset int64) (piece []byte, err error) {
	item := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: offset, Size: wholePiece}}
	err = s.do(ctx, StageFetch, func() error {
		cmd := s.client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{item}})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			text, of, err := readPiece(msg, offset)
			if err != nil {
				return err
			}
			if of == uid && text != nil {
				piece = text
			}
		}
		return cmd.Close()
	})
	return piece, err
}

// readPiece takes the piece at an offset out of one FETCH response. A message that is shorter than a piece may come without saying
// that it begins at its beginning.
func readPiece(msg *imapclient.FetchMessageData, offset int64) (piece []byte, uid imap.UID, err error) {
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = item.UID
		case imapclient.FetchItemDataBodySection:
			at := int64(0)
			if item.Section.Partial != nil {
				at = item.Section.Partial.Offset
			}
			if piece != nil || item.Literal == nil || at != offset || item.Section.Specifier != imap.PartSpecifierNone || len(item.Section.Part) > 0 {
				continue
			}
			if piece, err = readLiteral(item.Literal, wholePiece); err != nil {
				return nil, 0, err
			}
		}
	}
	return piece, uid, nil
}
