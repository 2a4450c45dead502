package mailbox

import (
	"bytes"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"rimbalzo/internal/bounce"
)

// maxLeaves and maxPartDepth bound how much of a message's structure is looked at.
const (
	maxLeaves    = 64
	maxPartDepth = 10
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
		section: section{number: l.number, limit: partLimit},
		use:     use,
	}
	switch {
	case use == useText:
		w.limit = humanLimit
	case w.Type == "message/rfc822", w.Type == "message/global":
		switch strings.ToLower(l.Encoding) {
		case "base64", "quoted-printable":
		default:
			w.kind, w.Encoding = sectionFields, ""
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

// tellsEnough reports whether what is known of a bounce is all that is needed of it.
func tellsEnough(rep bounce.Report) bool {
	switch rep.Kind {
	case bounce.KindNotABounce, bounce.KindUnreadable:
		return false
	case bounce.KindAutoReply, bounce.KindReadReceipt, bounce.KindFeedback:
		return true
	}
	return len(rep.Recipients) > 0 && rep.Original.MessageID != "" && rep.Original.From != ""
}
