package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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

// search looks for a message by its id in the folder that is open. Servers find an id as a part of others, and some find none (searches
// of headers at Yahoo are flaky): what is found is looked at, and where nothing is, the headers of those days are.
func (f *fetching) search(ctx context.Context, p place, w Wanted) error {
	byID := &imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: w.ID}}}
	uids, err := f.bearing(ctx, byID, w.ID, mostAlike)
	if err == nil && len(uids) == 0 && !w.SentAt.IsZero() {
		byDay := &imap.SearchCriteria{SentSince: w.SentAt.AddDate(0, 0, -daysAround), SentBefore: w.SentAt.AddDate(0, 0, daysAround+1)}
		uids, err = f.bearing(ctx, byDay, w.ID, mostAround)
	}
	for _, uid := range uids {
		if err != nil || f.taken {
			return err
		}
		err = f.whole(ctx, p, uid, w.ID)
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

// whole hands on a message of the folder that is open. An answer that ended the connection is the error, also where the taker made do
// without the rest.
func (f *fetching) whole(ctx context.Context, p place, uid imap.UID, id string) error {
	body := &wholeBody{f: f, ctx: ctx, p: p, uid: uid}
	if body.fill(); len(body.piece) > 0 {
		f.taken = f.take(Whole{
			Source: fmt.Sprintf("%s;%d/%d", p.name, f.here.validity, uid), Folder: p.name, Role: p.role, Asked: id != "", Body: body,
		})
	}
	if errors.Is(body.err, io.EOF) || errors.Is(body.err, ErrTooLong) || isRefusal(body.err) {
		return nil
	}
	return body.err
}

// wholeBody is a message that is fetched as it is read.
type wholeBody struct {
	f     *fetching
	ctx   context.Context //nolint:containedctx // it lives as long as the call that makes it
	p     place
	uid   imap.UID
	piece []byte // what is not read yet
	next  int64  // offset of the next piece
	err   error  // after piece
}

// Read implements [io.Reader].
func (b *wholeBody) Read(p []byte) (int, error) {
	if len(b.piece) == 0 && b.err == nil {
		b.fill()
	}
	if len(b.piece) == 0 {
		return 0, b.err
	}
	n := copy(p, b.piece)
	b.piece = b.piece[n:]
	return n, nil
}

// fill fetches the next piece.
func (b *wholeBody) fill() {
	piece, err := b.f.s.piece(b.ctx, b.uid, b.next)
	if err != nil {
		b.err = err
		return
	}
	b.piece, b.next = piece, b.next+int64(len(piece))
	switch {
	case b.next > MaxWhole:
		b.piece, b.err = nil, fmt.Errorf("fetch a message from %q: %w", b.p.name, ErrTooLong)
	case len(piece) < wholePiece:
		b.err = io.EOF
	}
}

// piece fetches a piece of a message without marking it as read (BODY.PEEK[]<offset.size>, RFC 9051 section 6.4.5.1); nil where
// there is none.
func (s *session) piece(ctx context.Context, uid imap.UID, offset int64) (piece []byte, err error) {
	item := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: offset, Size: wholePiece}}
	err = s.do(ctx, StageFetch, func() error {
		var unfit error
		cmd := s.client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{item}})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			text, of, err := readPiece(msg, offset)
			if errors.Is(err, errNoPieces) {
				unfit = err
				continue
			}
			if err != nil {
				return err
			}
			if of == uid && text != nil {
				piece = text
			}
		}
		return errors.Join(unfit, cmd.Close())
	})
	return piece, err
}

// errNoPieces is a server that hands over a whole message where a piece was asked for: further pieces would be its beginning again.
var errNoPieces = errors.New("the server hands over no pieces of messages")

// readPiece takes the piece at an offset out of one FETCH response. A message that is shorter than a piece may come without saying
// that it begins at its beginning.
func readPiece(msg *imapclient.FetchMessageData, offset int64) (piece []byte, uid imap.UID, err error) {
	whole := false
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
			if item.Section.Partial == nil && item.Literal.Size() > wholePiece {
				// Passed over: the library waits until what came is taken.
				piece, whole = nil, true
				continue
			}
			if piece, err = readLiteral(item.Literal, wholePiece); err != nil {
				return nil, 0, err
			}
		}
	}
	if whole {
		err = errNoPieces
	}
	return piece, uid, err
}
