package mailbox

import (
	"fmt"
	"slices"
)

// spinWatch looks out for what makes the library's parser spin for ever, which no closed connection ends: a "(" in a list of
// capabilities (go-imap v2.0.0-beta.8, imapclient/capability.go). It sees each byte outside literals before the parser does.
// A status behind a number is refused with it: the parser takes it, with braces in it that look like a literal's.
type spinWatch struct {
	inside  bool // a list of capabilities
	started bool // the line holds more than "*", digits and blanks
	number  bool
	opener  byte // what stands before the word
	word    []byte
}

// maxSpinWord is longer than any word that matters.
const maxSpinWord = 12

var statuses = []string{"OK", "NO", "BAD", "BYE", "PREAUTH"}

// take follows the next byte; its error is [errHostile] with the reason.
func (w *spinWatch) take(c byte) error {
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	if c >= 'A' && c <= 'Z' {
		if len(w.word) < maxSpinWord {
			w.word = append(w.word, c)
		}
		return nil
	}
	if err := w.endWord(); err != nil {
		return err
	}
	switch {
	case c == '\n':
		*w = spinWatch{word: w.word[:0]}
		return nil
	case c == ']':
		w.inside = false
	case c == '(' && w.inside:
		return fmt.Errorf("%w: a list among capabilities", errHostile)
	case c >= '0' && c <= '9':
		w.number = w.number || !w.started
	case c != ' ' && c != '*':
		w.started = true
	}
	w.opener = c
	return nil
}

// endWord weighs the word that has just ended.
func (w *spinWatch) endWord() error {
	if len(w.word) == 0 {
		return nil
	}
	word := string(w.word)
	w.word = w.word[:0]
	kind := !w.started && w.opener == ' ' // the word says what sort of response it is
	w.started = true
	if kind && w.number && slices.Contains(statuses, word) {
		return fmt.Errorf("%w: a status with a number", errHostile)
	}
	if word == "CAPABILITY" && (kind || w.opener == '[') || word == "ENABLED" && kind {
		w.inside = true
	}
	return nil
}
