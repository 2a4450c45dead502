package bounce

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

//go:embed phrases.toml
var phrasesTOML string

// meaning is what a phrase says, one bit each, so that the meanings of a whole text fit a word.
type meaning uint64

// The meanings a phrase may have; their ids in phrases.toml are the names below.
const (
	saysFailed meaning = 1 << iota
	saysDelayed
	saysFinal
	saysDelivered
	saysRefused
	saysTimeout
	saysUnreachable
	saysDNS
	saysTLS
	saysExpired
	saysLost
	saysAfterData
	saysReplied
	saysReason
	saysOriginal
	saysLure
	saysSubjectFailed
	saysSubjectDelayed
	saysSubjectAuto
	saysSender
	saysNotYet
	saysAutoText
	saysNameWeak
	saysChallenge
	saysSubjectComplaint
	saysParcel
)

var meanings = map[string]meaning{
	"failed": saysFailed, "delayed": saysDelayed, "final": saysFinal, "delivered": saysDelivered,
	"refused": saysRefused, "timeout": saysTimeout, "unreachable": saysUnreachable, "dns": saysDNS, "tls": saysTLS, "expired": saysExpired,
	"lost": saysLost, "after-data": saysAfterData, "replied": saysReplied, "reason": saysReason, "original-follows": saysOriginal,
	"lure": saysLure, "subject-failed": saysSubjectFailed, "subject-delayed": saysSubjectDelayed, "subject-auto": saysSubjectAuto,
	"sender": saysSender, "temporary": saysNotYet, "auto-text": saysAutoText, "dns-weak": saysNameWeak, "challenge": saysChallenge, "subject-complaint": saysSubjectComplaint, "parcel": saysParcel,
}

// phrasebook is the data of phrases.toml, ready to search with.
type phrasebook struct {
	body     *matcher
	bodyMean []meaning
	subject  *matcher
	subjMean []meaning
	labels   map[string]bool // what stands before a recipient's address, lower case, without its colon
	locals   map[string]bool // local parts of mail systems, letters only
	names    *matcher        // parts of the display names of mail systems
	robots   []string        // parts of local parts that programs send from
	marks    *matcher        // words before the name of the host that answered, the surest first
	operator map[string]string
}

type phraseFile struct {
	Phrase []struct {
		Means  string
		Lang   string
		Words  []string
		Source string
	}
	Label []struct {
		Lang   string
		Words  []string
		Source string
	}
	List []struct {
		ID, About, Source string
		Words             []string
	}
	Operator []struct {
		Name, Source string
		Domains      []string
	}
}

var phrases = sync.OnceValue(loadPhrases)

// loadPhrases reads the embedded data. It is part of the program, so an error in it is one of the program's own, and a test reads it first.
func loadPhrases() *phrasebook {
	book, err := parsePhrases(phrasesTOML)
	if err != nil {
		return &phrasebook{body: newMatcher(nil), subject: newMatcher(nil), marks: newMatcher(nil), names: newMatcher(nil)}
	}
	return book
}

func parsePhrases(data string) (*phrasebook, error) {
	var file phraseFile
	if _, err := toml.Decode(data, &file); err != nil {
		return nil, fmt.Errorf("reading the phrases: %w", err)
	}
	book := &phrasebook{labels: make(map[string]bool)}
	var body, subject []string
	for _, p := range file.Phrase {
		mean, ok := meanings[p.Means]
		if !ok {
			return nil, fmt.Errorf("reading the phrases: unknown meaning %q", p.Means)
		}
		for _, w := range p.Words {
			if mean&(saysSubjectFailed|saysSubjectDelayed|saysSubjectAuto|saysSubjectComplaint) != 0 {
				subject, book.subjMean = append(subject, strings.ToLower(w)), append(book.subjMean, mean)
				continue
			}
			body, book.bodyMean = append(body, strings.ToLower(w)), append(book.bodyMean, mean)
		}
	}
	for _, l := range file.Label {
		for _, w := range l.Words {
			book.labels[strings.ToLower(w)] = true
		}
	}
	book.body, book.subject = newMatcher(body), newMatcher(subject)
	if book.body.full() || book.subject.full() {
		return nil, errors.New("reading the phrases: there are too many")
	}
	if err := book.addLists(&file); err != nil {
		return nil, err
	}
	return book, nil
}

// addLists takes the word lists and the operators.
func (b *phrasebook) addLists(file *phraseFile) error {
	b.locals, b.operator, b.marks, b.names = make(map[string]bool), make(map[string]string), newMatcher(nil), newMatcher(nil)
	for _, l := range file.List {
		switch l.ID {
		case "daemon-local":
			for _, w := range l.Words {
				b.locals[w] = true
			}
		case "daemon-name":
			b.names = newMatcher(l.Words)
		case "robot":
			b.robots = l.Words
		case "remote-mark":
			b.marks = newMatcher(l.Words)
		default:
			return fmt.Errorf("reading the phrases: unknown list %q", l.ID)
		}
	}
	for _, o := range file.Operator {
		for _, d := range o.Domains {
			b.operator[d] = o.Name
		}
	}
	return nil
}

// hear gives the meanings of all phrases in a text.
func (b *phrasebook) hear(text string) meaning {
	var all meaning
	b.body.find(foldCase(text), func(id, _, _ int) { all |= b.bodyMean[id] })
	return all
}

// foldCase puts a text into lower case where the matcher does not do so itself: the capitals beyond ASCII that phrases are written in, which are those of
// the Latin, Greek and Cyrillic blocks (U+00C0 to U+052F, in UTF-8 the first bytes 0xC3 to 0xD4). Other scripts have none.
func foldCase(s string) string {
	var b []byte
	for i := 0; i+1 < len(s); i++ {
		if c := s[i]; c < 0xc3 || c > 0xd4 {
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if lower := unicode.ToLower(r); lower != r && size == 2 && utf8.RuneLen(lower) == 2 {
			if b == nil {
				b = []byte(s)
			}
			utf8.EncodeRune(b[i:], lower)
		}
		i += size - 1
	}
	if b == nil {
		return s
	}
	return string(b)
}

// hearSubject gives what a Subject says. A phrase counts at the start of a word, that of an automatic answer only at the start of the subject.
func (b *phrasebook) hearSubject(subject string) meaning {
	lower := foldCase(subject)
	var all meaning
	b.subject.find(lower, func(id, start, _ int) {
		switch mean := b.subjMean[id]; {
		case mean&(saysSubjectAuto|saysSubjectComplaint) != 0 && start > 0: // people write of holidays too
		case start == 0 || !isLetter(lower[start-1]|0x20):
			all |= mean
		}
	})
	return all
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }
