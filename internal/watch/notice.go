package watch

import (
	"strings"
	"time"

	"rimbalzo/internal/words"
)

// Kind is what a notice tells of.
type Kind string

// The kinds of notice.
const (
	KindDown     Kind = "down"     // a provider does not work
	KindBack     Kind = "back"     // it works again
	KindBounces  Kind = "bounces"  // messages came back
	KindReopened Kind = "reopened" // a message that was ticked off came back later
	KindWaited   Kind = "waited"   // the time in which messages could still arrive is over
	KindResend   Kind = "resend"   // now is the time to send again
	KindPassword Kind = "password" // a login is refused for good, see WhyPassword
	KindRefused  Kind = "refused"  // a login has been refused for days, and nobody says why, see WhyLong
	KindTogether Kind = "together" // several of the others, after a time in which nothing was to be told

	// KindSeen and KindMark are claimed and never told.
	KindSeen Kind = "seen" // the person saw it in the window
	KindMark Kind = "mark" // something to remember, such as that an item was told to wait
)

// Sentence is one sentence of internal/words with its arguments. N is the number of a plural, -1 where there is none.
// Texts of mail among the arguments are short and harmless already: one line, no control characters, no marks that turn
// the direction of writing. They are not escaped for any markup.
type Sentence struct {
	ID   string
	N    int
	Args map[string]any
}

// In gives the sentence in words; times are told in zone.
func (s Sentence) In(w *words.Words, zone *time.Location) string {
	args := make([]any, 0, 2*len(s.Args))
	for key, value := range s.Args {
		switch v := value.(type) {
		case time.Time:
			value = v.In(zone)
		case Sentence:
			value = v.In(w, zone)
		case []Sentence:
			value = list(v, w, zone)
		}
		args = append(args, key, value)
	}
	if s.N >= 0 {
		return w.N(s.ID, s.N, args...)
	}
	return w.T(s.ID, args...)
}

// list words an enumeration.
func list(all []Sentence, w *words.Words, zone *time.Location) string {
	parts := make([]string, len(all))
	for i, s := range all {
		parts[i] = s.In(w, zone)
	}
	return strings.Join(parts, ", ")
}

// Notice is one thing to tell the person: worded by the caller, who knows the language.
type Notice struct {
	ID    string // names what it tells, also after a restart; a notifier may use it to replace
	Kind  Kind
	At    time.Time
	Title Sentence
	Body  []Sentence
	Keys  []string // what it tells of, as claimed
	Marks []string // what is to be remembered when it is told
}

// Text gives title and body in a language, times in zone.
func (n Notice) Text(w *words.Words, zone *time.Location) (title, body string) {
	parts := make([]string, len(n.Body))
	for i, s := range n.Body {
		parts[i] = s.In(w, zone)
	}
	return n.Title.In(w, zone), strings.Join(parts, " ")
}

func say(id string) Sentence { return Sentence{ID: id, N: -1} }

func sayN(id string, n int) Sentence { return Sentence{ID: id, N: n} }

// about adds an argument.
func (s Sentence) about(key string, value any) Sentence {
	args := map[string]any{key: value}
	for k, v := range s.Args {
		args[k] = v
	}
	s.Args = args
	return s
}
