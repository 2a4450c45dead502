package mailbox

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// opened is a folder as the server opened it.
type opened struct {
	validity uint32 // UIDVALIDITY; 0 from a server whose UIDs cannot be relied on
	messages uint32
	next     imap.UID // UIDNEXT; 0 when untold
}

// examine opens a folder for reading only (RFC 9051 section 6.3.3).
func (s *session) examine(ctx context.Context, folder string) (o opened, err error) {
	s.folder = folder
	err = s.do(ctx, StageOpen, func() error {
		data, err := s.client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err == nil {
			o = opened{data.UIDValidity, data.NumMessages, data.UIDNext}
		}
		return err
	})
	return o, err
}

// status asks how a folder stands without opening it (RFC 9051 section 6.3.11).
func (s *session) status(ctx context.Context, folder string) (o opened, err error) {
	err = s.do(ctx, StageSearch, func() error {
		data, err := s.client.Status(folder, &imap.StatusOptions{UIDNext: true, UIDValidity: true}).Wait()
		if err == nil {
			o.validity, o.next = data.UIDValidity, data.UIDNext
		}
		return err
	})
	return o, err
}

// noop asks for a sign of life (RFC 9051 section 6.1.2).
func (s *session) noop(ctx context.Context) error {
	return s.do(ctx, StageNoop, func() error { return s.client.Noop().Wait() })
}

// extendedSearch reports whether answers to searches come with the command's tag and as ranges (RFC 4731): several can be under
// way at once, and a number is not sent for each message.
func (s *session) extendedSearch() bool {
	caps := s.client.Caps()
	return caps.Has(imap.CapESearch) || caps.Has(imap.CapIMAP4rev2)
}

// search gives the UIDs of the messages that answer each of the criteria, ascending, at most [maxFiles]. It asks at once where the
// server can tell the answers apart. A refusal is an error for its criteria alone.
func (s *session) search(ctx context.Context, criteria ...*imap.SearchCriteria) (lists [][]imap.UID, refused []error, err error) {
	lists, refused = make([][]imap.UID, len(criteria)), make([]error, len(criteria))
	step := 1
	var options *imap.SearchOptions
	if s.extendedSearch() {
		step, options = max(len(criteria), 1), &imap.SearchOptions{ReturnAll: true}
	}
	for i := 0; i < len(criteria); i += step {
		commands := make([]*imapclient.SearchCommand, step)
		err := s.do(ctx, StageSearch, func() (err error) {
			for j := range commands {
				commands[j] = s.client.UIDSearch(criteria[i+j], options)
			}
			for j, cmd := range commands {
				data, failed := cmd.Wait()
				if refused[i+j] = failed; failed == nil {
					lists[i+j] = unfold(data.All)
				}
			}
			return worst(refused[i : i+step])
		})
		if err != nil && !isRefusal(err) {
			return nil, nil, err
		}
		for j := range commands {
			if refused[i+j] != nil {
				refused[i+j] = err
			}
		}
	}
	return lists, refused, nil
}

// unfold lists the numbers of a set, ascending. The library's own way counts to the end of a range whatever it is: "1:4294967295"
// from a hostile server would take 16 GB.
func unfold(set imap.NumSet) (uids []imap.UID) {
	ranges, _ := set.(imap.UIDSet)
	for _, r := range ranges {
		for uid := uint64(r.Start); uid != 0 && uid <= uint64(r.Stop) && len(uids) < maxFiles; uid++ {
			uids = append(uids, imap.UID(uid))
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids)
}

// scanChunk is how many dates are asked for at once, about 60 bytes each.
const scanChunk = 10_000

// dates asks by sequence numbers when messages arrived, of the last [maxFiles] at most: for servers that do not search or whose answer
// is not to be believed.
func (s *session) dates(ctx context.Context, from, to uint32, got func(imap.UID, time.Time)) error {
	last := int64(to)
	for first := max(int64(from), 1, last-maxFiles+1); first <= last; first += scanChunk {
		var set imap.SeqSet
		set.AddRange(uint32(first), uint32(min(first+scanChunk-1, last)))
		err := s.do(ctx, StageSearch, func() error {
			cmd := s.client.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true})
			for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
				one, err := ask{}.take(msg)
				if err != nil {
					return err
				}
				if one.uid != 0 {
					got(one.uid, one.at)
				}
			}
			return cmd.Close()
		})
		if err != nil {
			return err
		}
	}
	return nil
}
