package mailbox

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// sectionKind is what of a message or part is meant.
type sectionKind int

const (
	sectionBody   sectionKind = iota // all of it
	sectionHeader                    // the header of a message or of an enclosed one
	sectionFields                    // the same without its bulkiest fields
	sectionBrief                     // and without the way it took
	sectionText                      // a message without its header
)

// bulkyFields are what a header mostly consists of and nothing here looks at: signatures (RFC 6376). Leaving fields out by name is
// cheaper than naming those that are wanted: a server repeats the names with every message (RFC 9051 section 7.5.2).
var bulkyFields = []string{"DKIM-Signature"}

// briefFields are left out of ordinary mail, which more servers sign (RFC 8617). The way that a bounce took tells which server wrote it; of ordinary mail nobody asks.
var briefFields = append(slices.Clip(bulkyFields), "Received", "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results", "X-Google-DKIM-Signature")

// section names a piece of a message as FETCH does (RFC 9051 section 6.4.5.1), and says how many bytes of it are wanted.
type section struct {
	number []int // [2 1] is 2.1; nil is the message itself
	kind   sectionKind
	limit  int64
}

// String names the section; a header has one name whatever is left out of it, for only one of its forms is ever wanted.
func (s section) String() string {
	words := make([]string, 0, len(s.number)+1)
	for _, n := range s.number {
		words = append(words, strconv.Itoa(n))
	}
	switch s.kind {
	case sectionHeader, sectionFields, sectionBrief:
		words = append(words, string(imap.PartSpecifierHeader))
	case sectionText:
		words = append(words, string(imap.PartSpecifierText))
	}
	return strings.Join(words, ".")
}

// item is how the library asks for it, without marking the message as read: BODY.PEEK, for iCloud hands over nothing as RFC822
// (https://github.com/modern-email/defects/issues/36), and one list of fields in a command, for Yahoo refuses two
// (https://github.com/MailCore/mailcore2/issues/826).
func (s section) item() *imap.FetchItemBodySection {
	item := &imap.FetchItemBodySection{Peek: true, Part: s.number, Partial: &imap.SectionPartial{Size: s.limit}}
	switch s.kind {
	case sectionHeader:
		item.Specifier = imap.PartSpecifierHeader
	case sectionFields:
		item.Specifier, item.HeaderFieldsNot = imap.PartSpecifierHeader, bulkyFields
	case sectionBrief:
		item.Specifier, item.HeaderFieldsNot = imap.PartSpecifierHeader, briefFields
	case sectionText:
		item.Specifier = imap.PartSpecifierText
	}
	return item
}

// nameOf gives the name of a section that came, as [section.String] does; false for one of a kind that is never wanted.
func nameOf(item *imap.FetchItemBodySection) (string, bool) {
	s := section{number: item.Part}
	switch item.Specifier {
	case imap.PartSpecifierNone:
	case imap.PartSpecifierHeader:
		s.kind = sectionHeader
	case imap.PartSpecifierText:
		s.kind = sectionText
	default:
		return "", false
	}
	return s.String(), len(item.HeaderFields) == 0
}

// How much is fetched of a message's pieces. 1.5 KB of text hold what a bounce with a report says for people; a bounce of text alone
// is cut after 4 KB and fetched further where that does not tell all.
const (
	headerLimit = 64 << 10
	wholeLimit  = 64 << 10
	replyLimit  = 16 << 10
	textLimit   = 4 << 10
	humanLimit  = 3 << 9
	partLimit   = 16 << 10
)

// The sections of a message itself.
var (
	wholeHeader = section{kind: sectionHeader, limit: headerLimit}
	mostFields  = section{kind: sectionFields, limit: headerLimit}
	fewFields   = section{kind: sectionBrief, limit: headerLimit}
	beginning   = section{limit: wholeLimit}
	replyStart  = section{limit: replyLimit}
	shortText   = section{kind: sectionText, limit: textLimit}
)

// ask is what one FETCH wants to know of some messages.
type ask struct {
	uids      []imap.UID // ascending
	sections  []section
	structure bool
	flags     bool
	dated     bool // when they arrived is known already
}

// options is how the library says it.
func (a ask) options() *imap.FetchOptions {
	options := &imap.FetchOptions{UID: true, InternalDate: !a.dated, Flags: a.flags}
	if a.structure {
		options.BodyStructure = &imap.FetchItemBodyStructure{}
	}
	for _, s := range a.sections {
		options.BodySection = append(options.BodySection, s.item())
	}
	return options
}

// wants gives the section of that name, if it is wanted.
func (a ask) wants(name string) (section, bool) {
	i := slices.IndexFunc(a.sections, func(s section) bool { return s.String() == name })
	if i < 0 {
		return section{}, false
	}
	return a.sections[i], true
}

// about reports whether a message is one of those asked about.
func (a ask) about(uid imap.UID) bool {
	_, found := slices.BinarySearch(a.uids, uid)
	return found
}

// answer is what came of one message.
type answer struct {
	uid       imap.UID
	at        time.Time // INTERNALDATE
	draft     bool
	structure imap.BodyStructure // nil when none came
	bodies    map[string][]byte  // by the sections' names; absent where a server says NIL
}

// body gives a message's own header or text that came, whichever was asked for; nil when nothing did.
func (a answer) body(s section) []byte { return a.bodies[s.String()] }
