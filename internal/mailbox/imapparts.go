package mailbox

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"

	"rimbalzo/internal/bounce"
)

// A bounce is fetched up to [wholeLimit]. What a long one has for machines may lie beyond that, behind a page of HTML with
// pictures in it, so its parts are fetched by themselves: first the server says what the message is made of, then come the
// few parts that matter. All this may fail and the beginning still stands.

const (
	partLimit = 16 << 10
	// maxLeaves and maxPartDepth bound how much of a message's structure is looked at.
	maxLeaves    = 64
	maxPartDepth = 10
	// maxTrouble is how many failures one reading puts up with before it asks for no more parts. Structures of messages are
	// what servers garble most, and each such answer costs a login.
	maxTrouble = 10
)

// partUse is what a part is good for, the most telling first.
type partUse int

const (
	useNone partUse = iota
	useReport
	useCertificate // of Italian certified mail
	useReturned
	useText
)

// mostParts is how many parts of a use are fetched of one message: 8 in all.
var mostParts = map[partUse]int{useReport: 3, useCertificate: 1, useReturned: 3, useText: 1}

// section names a part as FETCH does (RFC 9051 section 6.4.5.1).
type section struct {
	number []int // [2 1] is 2.1
	header bool  // of an enclosed message, its header only
}

func (s section) String() string {
	words := make([]string, 0, len(s.number)+1)
	for _, n := range s.number {
		words = append(words, strconv.Itoa(n))
	}
	if s.header {
		words = append(words, string(imap.PartSpecifierHeader))
	}
	return strings.Join(words, ".")
}

// wantedPart is a part that is worth fetching.
type wantedPart struct {
	bounce.Part // without its body
	section
	use partUse
}

// leaf is a part that has no parts.
type leaf struct {
	*imap.BodyStructureSinglePart
	number []int
}

// choose picks the parts of a message that tell what became of another one, in their order; none where there is but text.
func choose(structure imap.BodyStructure) (parts []wantedPart) {
	leaves := leavesOf(structure, nil, nil)
	text := slices.IndexFunc(leaves, func(l leaf) bool { return l.MediaType() == "text/plain" })
	if text < 0 {
		text = slices.IndexFunc(leaves, func(l leaf) bool { return l.MediaType() == "text/html" })
	}
	count := map[partUse]int{}
	for i, l := range leaves {
		use := useOf(l.MediaType(), l.Filename())
		if i == text {
			use = useText
		}
		if count[use] < mostParts[use] {
			count[use]++
			parts = append(parts, l.want(use))
		}
	}
	if len(parts) == count[useText] {
		return nil // the beginning has more of it
	}
	return parts
}

// leavesOf adds the leaves of a structure to those found before.
func leavesOf(structure imap.BodyStructure, number []int, leaves []leaf) []leaf {
	switch bs := structure.(type) {
	case *imap.BodyStructureSinglePart:
		if len(number) == 0 {
			number = []int{1} // a message that is not a multipart is its own first part
		}
		if len(leaves) < maxLeaves {
			leaves = append(leaves, leaf{bs, number})
		}
	case *imap.BodyStructureMultiPart:
		if len(number) >= maxPartDepth {
			return leaves
		}
		for i, child := range bs.Children[:min(len(bs.Children), maxLeaves)] {
			leaves = leavesOf(child, append(slices.Clip(number), i+1), leaves)
		}
	}
	return leaves
}

// useOf tells what a part is good for by its type (RFC 6522, 6533, 8098, 5965) and by its file's name.
func useOf(kind, file string) partUse {
	switch kind {
	case "message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
		"message/global-disposition-notification", "message/feedback-report", "text/delivery-status", "message/xdelivery-status":
		return useReport
	case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "message/rfc822-headers":
		return useReturned
	}
	if strings.HasSuffix(kind, "/xml") || strings.EqualFold(file, "daticert.xml") {
		return useCertificate
	}
	return useNone
}

// want says how a leaf is asked for. Of an enclosed message the header is enough; one that is encoded, as RFC 6532 section
// 3.7 allows, comes as it is, for a server may not look into it.
func (l leaf) want(use partUse) wantedPart {
	w := wantedPart{
		Part:    bounce.Part{Type: l.MediaType(), Encoding: l.Encoding, Charset: l.Params["charset"], Name: l.Filename()},
		section: section{number: l.number},
		use:     use,
	}
	if w.Type == "message/rfc822" || w.Type == "message/global" {
		switch strings.ToLower(l.Encoding) {
		case "base64", "quoted-printable":
		default:
			w.header, w.Encoding = true, ""
		}
	}
	return w
}

// filled gives the parts with what came of them; nil when the most telling ones did not come.
func filled(wanted []wantedPart, bodies map[string][]byte) (parts []bounce.Part) {
	needed, have := useText, map[partUse]bool{}
	for _, p := range wanted {
		needed = min(needed, p.use)
		if body := bodies[p.String()]; len(body) > 0 {
			p.Body, have[p.use] = body, true
			parts = append(parts, p.Part)
		}
	}
	if !have[needed] {
		return nil
	}
	return parts
}

// tellsAll reports whether the beginning of a bounce holds the report and the returned message's header.
func tellsAll(beginning []byte) bool {
	rep, err := bounce.Decode(bytes.NewReader(beginning))
	return err == nil && rep.Why == "rfc3464" && rep.Original.MessageID != "" && rep.Original.From != ""
}

// addParts fetches the parts of bounces that are longer than what was fetched of them. It fails only when ctx ends.
func (w *folderReading) addParts(ctx context.Context, uids []imap.UID, texts map[imap.UID]fetched) error {
	if w.role == RoleSent {
		return nil
	}
	var long []imap.UID
	for _, uid := range uids {
		if f := texts[uid]; len(f.text) >= wholeLimit && !tellsAll(f.text) {
			long = append(long, uid)
		}
	}
	for set := range slices.Chunk(long, bodyChunk) {
		wanted := map[imap.UID][]wantedPart{}
		err := w.coax(ctx, set, func(set []imap.UID) error {
			return w.s.structures(ctx, set, func(uid imap.UID, structure imap.BodyStructure) { wanted[uid] = choose(structure) })
		}, func(uid imap.UID) bool { _, ok := wanted[uid]; return ok })
		if err != nil {
			return err
		}
		for _, alike := range alikes(set, wanted) {
			if err := w.fetchParts(ctx, alike, wanted[alike[0]], texts); err != nil {
				return err
			}
		}
	}
	return nil
}

// alikes groups the messages of which the same sections are wanted: one command gets them all.
func alikes(uids []imap.UID, wanted map[imap.UID][]wantedPart) (groups [][]imap.UID) {
	index := map[string]int{}
	for _, uid := range uids {
		var key strings.Builder
		for _, p := range wanted[uid] {
			key.WriteString(p.String() + " " + p.Type + " " + p.Encoding + " " + p.Charset + " " + p.Name + "\n")
		}
		if key.Len() == 0 {
			continue
		}
		i, ok := index[key.String()]
		if !ok {
			i, groups = len(groups), append(groups, nil)
			index[key.String()] = i
		}
		groups[i] = append(groups[i], uid)
	}
	return groups
}

// fetchParts fetches the same parts of some messages.
func (w *folderReading) fetchParts(ctx context.Context, uids []imap.UID, wanted []wantedPart, texts map[imap.UID]fetched) error {
	sections := make([]section, 0, len(wanted))
	for _, p := range wanted {
		sections = append(sections, p.section)
	}
	got := map[imap.UID]map[string][]byte{}
	err := w.coax(ctx, uids, func(set []imap.UID) error {
		return w.s.sections(ctx, set, sections, partLimit, func(uid imap.UID, bodies map[string][]byte) { got[uid] = bodies })
	}, func(uid imap.UID) bool { return len(got[uid]) == len(sections) })
	for _, uid := range uids {
		f := texts[uid]
		f.parts = filled(wanted, got[uid])
		texts[uid] = f
	}
	return err
}

// coax asks something about messages, and where no whole answer came once more about each of which nothing did. It fails only
// when ctx ends.
func (w *folderReading) coax(ctx context.Context, uids []imap.UID, ask func([]imap.UID) error, has func(imap.UID) bool) error {
	if !w.dare(ctx, func() error { return ask(uids) }) && len(uids) > 1 {
		for _, uid := range uids {
			if !has(uid) {
				w.dare(ctx, func() error { return ask([]imap.UID{uid}) })
			}
		}
	}
	return ctx.Err()
}

// dare asks something that may well end the connection, unless it has gone wrong too often, and reports whether there is
// nothing more to try. A silence is not risked twice: each costs a minute.
func (w *folderReading) dare(ctx context.Context, ask func() error) bool {
	if w.trouble >= maxTrouble {
		return true
	}
	err := w.reopen(ctx)
	if err == nil {
		err = ask()
	}
	var e *Error
	switch {
	case err == nil:
		return true
	case !errors.As(err, &e): // the end of ctx
		return true
	case e.Stage == StageFetch && e.Kind == KindServerRefused:
		w.trouble++
	case e.another() && e.Kind != KindStalled:
		w.trouble++
		if err := w.reconnect(ctx, err); err != nil {
			w.trouble = maxTrouble
		}
		w.lost-- // what is lost here has a bound of its own
	default:
		w.trouble = maxTrouble
		w.drop()
	}
	return false
}
