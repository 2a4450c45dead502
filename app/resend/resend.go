// Package resend is what a person needs to send a message again, the same for the command line and the window: copies that open
// as drafts, a mailto link for a short text, where the original lies among the sent mail, and the steps in each mail program.
// It sends nothing and changes no mailbox.
package resend

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/words"
)

// From says where the text of a copy comes from. It completes the key "export.copy.from.".
type From string

// Where a text comes from, from the best on: the person's own sent message, what a bounce returned of it, its header alone, nothing
// but what is known of the message.
const (
	FromSent   From = "sent"
	FromBounce From = "bounce"
	FromHeader From = "header"
	FromKnown  From = "known"
)

// ErrUnsound: the original is damaged in a way that a copy would be, too. The person sends it again from the Sent folder.
var ErrUnsound = errors.New("no copy can be made of the message")

// Describe gives an error of this room as a sentence; ok is false for any other.
func Describe(err error, w *words.Words) (text string, ok bool) {
	if errors.Is(err, ErrUnsound) {
		return w.T("export.copy.unsound"), true
	}
	return "", false
}

// Copy is a message ready to be sent again: a file that mail programs open as a draft.
type Copy struct {
	Name   string   // of the file, such as "da-rispedire-1f2e3d4c-1.eml"
	To     []string // whom it is for: those alone stand in it
	Got    []string // of the others who could be seen in the original, those who have it
	Others []string // and those of whom nothing says that they do not
	From   From
	Folder string // with FromSent, where the original lies; "" for a file
	// Complete says that text and attachments are all there. Without it the person completes the draft: see [Copy.Says].
	Complete bool
	Cut      bool  // the end is missing
	Trouble  error // why a file or a server was not looked through; nil where all were

	file checklist.Copy
}

// WriteTo writes the file. Its errors are those of out.
func (c Copy) WriteTo(out io.Writer) (int64, error) { return c.file.WriteTo(out) }

// Says tells a person what the copy is made from, and what is missing.
func (c Copy) Says(w *words.Words) []string {
	var list []string
	if c.Cut {
		list = append(list, w.T("export.copy.cut"))
	}
	return append(list, w.T("export.copy.from."+string(c.From)))
}

// Message is a message and for whom it goes again.
type Message struct {
	For   []*advice.Item // never empty, all of one message
	Known []*advice.Item // the report's items of that message, to tell who has it; may hold those of For
	At    time.Time      // the copies' date, and of what their ids are made
}

// Finder knows where originals may lie.
type Finder struct {
	Words   *words.Words         // of the files' names; nil for English
	Files   []mailbox.Source     // mail files, those with sent mail first
	Servers []mailbox.IMAPConfig // accounts whose sent mail is looked through
}

// Copies makes the copies of a message: one for those whom everybody could see, and one for each whom nobody could (Bcc). The
// original is looked for in the sent mail of files and servers, whole with its attachments (BODY.PEEK[]), else in the bounces, else
// the copies hold what is known of it. It fails with [ErrUnsound] or as ctx ends; what could not be read is in [Copy].Trouble.
func (f Finder) Copies(ctx context.Context, m Message) (copies []Copy, err error) {
	err = f.Each(ctx, []Message{m}, func(_ Message, made []Copy, unsound error) error {
		copies = made
		return unsound
	})
	return copies, err
}

// Each makes the copies of many messages and hands them on, one message after the other, in the order in which their originals are
// found: the same mail gives the same order. unsound is [ErrUnsound] for a message of which there can be no copy. Of the originals
// one at a time is in memory, unless visit keeps its copies. Its error ends the search and is given back.
func (f Finder) Each(ctx context.Context, messages []Message, visit func(m Message, copies []Copy, unsound error) error) error {
	return f.newHunt(messages, func(s *search) error {
		copies, err := f.copies(s)
		if err != nil && !errors.Is(err, ErrUnsound) {
			return err
		}
		return visit(s.Message, copies, err)
	}).run(ctx)
}

func (f Finder) copies(s *search) ([]Copy, error) {
	made, err := checklist.Copies(s.letter, s.For, s.At)
	if errors.Is(err, checklist.ErrLetter) || err == nil && len(made) == 0 {
		return nil, fmt.Errorf("copying %q: %w", s.For[0].MessageID, ErrUnsound)
	}
	if err != nil {
		return nil, err
	}
	got, others := s.others(made, s.Known)
	w := f.Words
	if w == nil {
		w = words.New("en")
	}
	copies := make([]Copy, len(made))
	for i, c := range made {
		copies[i] = Copy{
			Name: fileName(w, s.For[0], i+1), To: c.Recipients, Got: got, Others: others, From: s.from, Folder: s.folder,
			Complete: !s.letter.Cut && (s.from == FromSent || s.from == FromBounce),
			Cut:      s.letter.Cut, Trouble: s.trouble, file: c,
		}
	}
	return copies, nil
}

// fileName is the same for the same message at each time.
func fileName(w *words.Words, item *advice.Item, n int) string {
	sum := sha256.Sum256([]byte(item.MessageID))
	if item.MessageID == "" {
		sum = sha256.Sum256([]byte(checklist.Key(&advice.Item{SentAt: item.SentAt, Subject: item.Subject})))
	}
	return fmt.Sprintf("%s-%s-%d.eml", w.T("export.copy.name"), hex.EncodeToString(sum[:4]), n)
}

// others are those whom everybody could see that the original was for, and whom no copy is for: who has it, and the rest.
func (s *search) others(copies []checklist.Copy, known []*advice.Item) (got, rest []string) {
	arrived := map[string]bool{}
	for _, item := range known {
		if item.Verdict == advice.Delivered || item.Verdict == advice.Resent {
			arrived[strings.ToLower(item.Recipient)] = true
		}
	}
	for _, address := range s.letter.Others(copies) {
		if arrived[strings.ToLower(advice.Address(address))] {
			got = append(got, address)
		} else {
			rest = append(rest, address)
		}
	}
	return got, rest
}
