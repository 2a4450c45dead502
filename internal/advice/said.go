package advice

import (
	"time"

	"rimbalzo/internal/bounce"
)

// Word is what a person said of one message and recipient; "" is nothing, or a word taken back.
type Word string

// The words.
const (
	SaidDone      Word = "done"       // dealt with: sent again, telephoned, or whatever it took
	SaidArrived   Word = "arrived"    // the recipient has it
	SaidNotNeeded Word = "not-needed" // it need not arrive any more
)

// Said is a person's word about one message and recipient. A message without an id is known by time, subject and recipient.
type Said struct {
	MessageID string       // without angle brackets, "" where there is none
	SentAt    bounce.Stamp // compared only where MessageID is ""
	Subject   string       // likewise
	Recipient string       // "" for every recipient of the message
	Word      Word
	// At is when it was said. It is about the message and not about a moment: it counts at whatever moment is looked at.
	At time.Time
}

// saidWords finds the words by message.
type saidWords map[string][]*Said

func (s saidWords) add(w *Said) {
	k := saidKey(w.MessageID, w.SentAt, w.Subject)
	s[k] = append(s[k], w)
}

func saidKey(id string, at bounce.Stamp, subject string) string {
	if id != "" {
		return idKey(id)
	}
	return "\x00" + at.At.UTC().Format(time.RFC3339) + "\x00" + subject
}

// word gives the last word about a thread, nil for none. Of two at one instant the one that leaves less to do is taken.
func (a *advisor) word(t *thread) *Said {
	if len(a.said) == 0 {
		return nil
	}
	var last *Said
	for _, w := range a.said[saidKey(t.msg.id, t.msg.sentAt, t.msg.subject)] {
		if w.Recipient != "" && key(w.Recipient) != t.key {
			continue
		}
		if last == nil || w.At.After(last.At) || (w.At.Equal(last.At) && w.Word.rank() > last.Word.rank()) {
			last = w
		}
	}
	if last == nil || last.Word.rank() == 0 {
		return nil
	}
	return last
}

// rank orders words that were said at one instant.
func (w Word) rank() int {
	switch w {
	case SaidDone:
		return 1
	case SaidNotNeeded:
		return 2
	case SaidArrived:
		return 3
	}
	return 0
}

// Outranks reports whether w stands against another word that was said at the very same time.
func (w Word) Outranks(other Word) bool { return w.rank() > other.rank() }

// Known reports whether w is one of the words.
func (w Word) Known() bool { return w.rank() > 0 }

// bySaid judges a thread by the person's word: it outranks silence and what was told before it was said, and not a notice
// that came later. It reports whether it decided.
func (a *advisor) bySaid(t *thread, f *fate, failed bool) bool {
	w := a.word(t)
	if w == nil {
		return false
	}
	if f.deciding >= 0 && t.events[f.deciding].arrived.After(w.At) {
		f.because("said-before", "Time", w.At)
		return false
	}
	f.proof, f.confidence = ProofPerson, certain
	switch w.Word {
	case SaidArrived:
		f.verdict = Delivered
		f.because("said-arrived", "Time", w.At)
		if failed {
			f.confidence = likely
			f.because("said-against-bounce")
		}
	case SaidNotNeeded:
		f.verdict = Resent
		f.because("said-not-needed", "Time", w.At)
	default:
		f.verdict = Resent
		f.because("said-done", "Time", w.At)
	}
	return true
}
