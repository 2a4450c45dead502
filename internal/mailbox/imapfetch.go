package mailbox

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// fetch asks for messages by several commands at once, so that a slow link carries the answers without a pause between them. What
// came before an error is kept: got is called in the order of arrival, by one goroutine at a time. Of a refusal and a lost
// connection the latter is the error.
func (s *session) fetch(ctx context.Context, asks []ask, got func(answer)) error {
	return s.do(ctx, StageFetch, func() error {
		var (
			mu      sync.Mutex
			readers sync.WaitGroup
			errs    = make([]error, len(asks))
		)
		for i, a := range asks {
			cmd := s.client.Fetch(imap.UIDSetNum(a.uids...), a.options())
			// Each command has a reader of its own: the library's one goroutine waits until what came is taken, whosever it is.
			readers.Go(func() {
				errs[i] = a.read(cmd, func(one answer) {
					mu.Lock()
					defer mu.Unlock()
					got(one)
				})
			})
		}
		readers.Wait()
		return worst(errs)
	})
}

// worst picks the error that says most: a lost connection before a refusal.
func worst(errs []error) (err error) {
	for _, e := range errs {
		var status *imap.Error
		if e != nil && (err == nil || !errors.As(e, &status)) {
			err = e
		}
	}
	return err
}

// read takes the answers to one command. After an error of a literal, which only a lost connection causes, neither message nor
// command may be touched again: the library's reader has gone on, and both would read from one buffer at once.
func (a ask) read(cmd *imapclient.FetchCommand, got func(answer)) error {
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		one, err := a.take(msg)
		if err != nil {
			return err
		}
		if a.about(one.uid) {
			got(one)
		}
	}
	return cmd.Close()
}

// take reads the items of one FETCH response. Nothing but the UID is there after an unasked change of flags.
func (a ask) take(msg *imapclient.FetchMessageData) (one answer, err error) {
	one.bodies = map[string][]byte{}
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			one.uid = item.UID
		case imapclient.FetchItemDataInternalDate:
			one.at = item.Time
		case imapclient.FetchItemDataFlags:
			for _, flag := range item.Flags {
				one.draft = one.draft || strings.EqualFold(string(flag), string(imap.FlagDraft))
			}
		case imapclient.FetchItemDataBodyStructure:
			one.structure = item.BodyStructure
		case imapclient.FetchItemDataBodySection:
			name, known := nameOf(item.Section)
			want, wanted := a.wants(name)
			if _, double := one.bodies[name]; double || !known || !wanted || item.Literal == nil {
				continue
			}
			if one.bodies[name], err = readLiteral(item.Literal, want.limit); err != nil {
				return answer{}, err
			}
		}
	}
	return one, nil
}

// readLiteral reads at most limit bytes of a literal.
func readLiteral(literal imap.LiteralReader, limit int64) ([]byte, error) {
	text := make([]byte, min(limit, max(literal.Size(), 0)))
	if _, err := io.ReadFull(literal, text); err != nil {
		return nil, io.ErrUnexpectedEOF // the library takes the end of the connection for the end of the text
	}
	return text, nil
}
