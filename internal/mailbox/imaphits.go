package mailbox

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"rimbalzo/internal/bounce"
)

// A bounce is fetched piece by piece: first its header and what it is made of, then the few parts that matter, or the beginning of its
// text ([folderReading.gather]). All this may fail, and what comes may not tell
// all: then the beginning of the whole message is fetched.

// hitChunk is how many bounces are asked about at once.
const hitChunk = 300

// readHits visits the bounces that the search found.
func (w *folderReading) readHits(ctx context.Context) error {
	err := w.gather(ctx, w.hits, func(uid imap.UID, f fetched, came bool) error {
		w.found++
		if err := w.hand(ctx, uid, f, came); err != nil {
			return err
		}
		w.visited[uid] = true
		w.mark.Hits, w.mark.Digest = uint32(uid)+1, w.mark.Digest+fingerprint(uid)
		return w.mayMark(ctx)
	})
	if errors.Is(err, errEmptyHanded) {
		return w.giveUp(err)
	}
	if err != nil || w.blind || len(w.uids) == 0 {
		return err
	}
	w.mark.Hits = max(w.mark.Hits, uint32(w.next))
	w.tell()
	return w.handMark()
}

// candidate is a message that may be a bounce, on its way.
type candidate struct {
	fetched
	uid    imap.UID
	known  bool // its header came
	only   bool // all mail only repeats it: no more of it is needed
	short  bool // its pieces do not tell all
	wanted []wantedPart
	pieces map[string][]byte
}

// gather fetches what matters of messages that may be bounces; deliver gets all of them, in their order. Three chunks are on their way:
// of the next one the headers are asked for, of the one before the pieces, and while they come the one before that is put together
// and handed on.
func (w *folderReading) gather(ctx context.Context, uids []imap.UID, deliver func(uid imap.UID, f fetched, came bool) error) error {
	var whole, ready []*candidate
	for chunk, rest := uids[:min(len(uids), hitChunk)], uids; len(chunk)+len(ready)+len(whole) > 0; {
		rest = rest[len(chunk):]
		next, asks, take := w.askAhead(ready, chunk)
		coming := make(chan error, 1)
		go func() { coming <- w.attempt(ctx, asks, take) }()
		left, err := w.deliverWhole(whole, deliver)
		if err := cmp.Or(err, <-coming); err != nil {
			return err
		}
		if err := w.deliverLeft(ctx, left, deliver); err != nil {
			return err
		}
		if err := w.retryPieces(ctx, ready); err != nil {
			return err
		}
		if err := w.settle(ctx, next); err != nil {
			return err
		}
		if len(next) >= bodyChunk && !slices.ContainsFunc(next, func(c *candidate) bool { return c.known }) {
			return errEmptyHanded
		}
		whole, ready, chunk = ready, next, rest[:min(len(rest), hitChunk)]
	}
	return nil
}

// askAhead says what is asked of the candidates that are ready for it and of the next ones, and takes what comes.
func (w *folderReading) askAhead(ready []*candidate, chunk []imap.UID) (next []*candidate, asks []ask, take func(answer)) {
	index := map[imap.UID]*candidate{}
	for _, uid := range chunk {
		next = append(next, &candidate{uid: uid})
		index[uid] = next[len(next)-1]
	}
	for _, c := range ready {
		index[c.uid] = c
	}
	asks = askPieces(ready)
	if len(next) > 0 {
		asks = append(asks, ask{uids: chunk, sections: []section{mostFields}, structure: w.trouble < maxTrouble, flags: w.role == RoleAll})
	}
	return next, asks, func(a answer) { index[a.uid].take(a) }
}

// take keeps what an answer brings: first the header and the structure, then the pieces.
func (c *candidate) take(a answer) {
	if !c.known {
		if text := a.body(mostFields); text != nil {
			c.known, c.answer, c.text = true, a, text
		}
		return
	}
	if c.pieces == nil {
		c.pieces = map[string][]byte{}
	}
	for name, body := range a.bodies {
		c.pieces[name] = body
	}
}

// settle sees to it that headers and structures are there, and chooses what is wanted of each message.
func (w *folderReading) settle(ctx context.Context, list []*candidate) error {
	index, got := map[imap.UID]*candidate{}, map[imap.UID]fetched{}
	var uids, bare []imap.UID
	for _, c := range list {
		if index[c.uid] = c; !c.known {
			uids = append(uids, c.uid)
		}
	}
	err := w.insist(ctx, ask{uids: uids, sections: []section{wholeHeader}, flags: w.role == RoleAll}, func(a answer) {
		if text := a.body(wholeHeader); text != nil {
			f := fetched{answer: a, text: text}
			got[a.uid], index[a.uid].fetched, index[a.uid].known = f, f, true
		}
	}, got)
	if err != nil {
		return err
	}
	for _, c := range list {
		c.only = c.known && w.role == RoleAll && (c.draft || w.seen[headerDigest(c.text)])
		if c.known && !c.only && c.structure == nil {
			bare = append(bare, c.uid)
		}
	}
	if len(bare) > 0 {
		err = w.coax(ctx, bare, func(set []imap.UID) error {
			return w.s.fetch(ctx, []ask{{uids: set, structure: true}}, func(a answer) { index[a.uid].structure = a.structure })
		}, func(uid imap.UID) bool { return index[uid].structure != nil })
	}
	for _, c := range list {
		c.wanted = choose(c.structure)
	}
	return err
}

// sections are the pieces that are wanted of a message: the parts that matter, or the beginning of its text.
func (c *candidate) sections() (list []section) {
	if !c.known || c.only {
		return nil
	}
	for _, p := range c.wanted {
		list = append(list, p.section)
	}
	if list == nil {
		return []section{shortText}
	}
	return list
}

// askPieces asks for the pieces of messages; those of which the same are wanted share a command.
func askPieces(list []*candidate) (asks []ask) {
	index := map[string]int{}
	for _, c := range list {
		sections := c.sections()
		if sections == nil {
			continue
		}
		var key strings.Builder
		for _, s := range sections {
			key.WriteString(s.String())
			key.WriteByte(' ')
		}
		i, ok := index[key.String()]
		if !ok {
			i, asks = len(asks), append(asks, ask{sections: sections, dated: true})
			index[key.String()] = i
		}
		asks[i].uids = append(asks[i].uids, c.uid)
	}
	return asks
}

// deliverWhole puts messages together and hands them on in their order, up to the first whose pieces do not tell all; it gives the
// rest. It asks the server nothing: other answers are on their way meanwhile.
func (w *folderReading) deliverWhole(list []*candidate, deliver func(imap.UID, fetched, bool) error) (left []*candidate, err error) {
	for _, c := range list {
		c.short = !c.compose()
	}
	n := slices.IndexFunc(list, func(c *candidate) bool { return c.short })
	if n < 0 {
		n = len(list)
	}
	return list[n:], deliverAll(list[:n], deliver)
}

// deliverLeft hands on the rest. Of messages whose pieces do not tell all the beginning is fetched, of some at a time.
func (w *folderReading) deliverLeft(ctx context.Context, list []*candidate, deliver func(imap.UID, fetched, bool) error) error {
	for len(list) > 0 {
		n, some := 0, []*candidate(nil)
		for ; n < len(list) && len(some) < bodyChunk; n++ {
			if list[n].short {
				some = append(some, list[n])
			}
		}
		if err := w.extend(ctx, some); err != nil {
			return err
		}
		if err := deliverAll(list[:n], deliver); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func deliverAll(list []*candidate, deliver func(imap.UID, fetched, bool) error) error {
	for _, c := range list {
		if err := deliver(c.uid, c.fetched, c.known); err != nil {
			return err
		}
		*c = candidate{} // its text is not needed any longer
	}
	return nil
}

// retryPieces asks once more for pieces that a lost connection kept back. It fails only when ctx ends.
func (w *folderReading) retryPieces(ctx context.Context, list []*candidate) error {
	index := map[imap.UID]*candidate{}
	var without []*candidate
	for _, c := range list {
		if index[c.uid] = c; c.sections() != nil && c.pieces == nil {
			without = append(without, c)
		}
	}
	for _, a := range askPieces(without) {
		err := w.coax(ctx, a.uids, func(set []imap.UID) error {
			return w.s.fetch(ctx, []ask{{uids: set, sections: a.sections, dated: true}}, func(one answer) { index[one.uid].take(one) })
		}, func(uid imap.UID) bool { return index[uid].pieces != nil })
		if err != nil {
			return err
		}
	}
	return nil
}

// compose makes a message of its pieces and reports whether they tell all that the whole message would.
func (c *candidate) compose() bool {
	if !c.known || c.only {
		return true
	}
	if len(c.wanted) > 0 {
		c.parts = filled(c.wanted, c.pieces)
		return c.parts != nil && reports(c.wanted) && tellsEnough(bounce.DecodeParts(c.text, c.parts))
	}
	text, came := c.pieces[shortText.String()]
	if !came {
		return false
	}
	head := c.text
	c.text = append(append(bytes.TrimRight(slices.Clone(head), "\r\n"), "\r\n\r\n"...), text...)
	rep, err := bounce.Decode(bytes.NewReader(c.text))
	switch {
	case err != nil, rep.Kind == bounce.KindUnreadable: // a header with bad lines may come to nothing when fields are left out of it
		return false
	case len(text) < textLimit:
		return true
	case rep.Kind == bounce.KindNotABounce:
		return isAutomatic(head)
	}
	return tellsEnough(rep) && endsHeader(text, rep.Original.MessageID)
}

// reports tells whether a report for machines is among the parts. Without one, everything may be in the text.
func reports(wanted []wantedPart) bool {
	return slices.ContainsFunc(wanted, func(p wantedPart) bool { return p.use == useReport || p.use == useCertificate })
}

// endsHeader reports whether the returned header with that Message-ID ends within a text, so that nothing of it was cut off.
func endsHeader(text []byte, id string) bool {
	at := bytes.Index(text, []byte(id))
	if at < 0 {
		return false
	}
	_, below, _ := bytes.Cut(text[at:], newline)
	for line := range bytes.SplitAfterSeq(below, newline) {
		if bytes.HasSuffix(line, newline) && len(bytes.Trim(line, "> \t\r\n")) == 0 {
			return true
		}
	}
	return false
}

// extend fetches the beginnings of messages. What the pieces told still stands where the beginning does not hold it.
func (w *folderReading) extend(ctx context.Context, list []*candidate) error {
	got := map[imap.UID]fetched{}
	var uids []imap.UID
	for _, c := range list {
		uids = append(uids, c.uid)
	}
	err := w.insist(ctx, ask{uids: uids, sections: []section{beginning}}, func(a answer) {
		if text := a.body(beginning); text != nil {
			got[a.uid] = fetched{answer: a, text: text}
		}
	}, got)
	for _, c := range list {
		f, came := got[c.uid]
		if !came {
			continue
		}
		if c.text = f.text; len(f.text) < wholeLimit || tellsAll(f.text) {
			c.parts = nil
		}
	}
	return err
}
