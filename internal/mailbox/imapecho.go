package mailbox

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"sync"
)

// secrets know what a server was told in confidence, to find it again in what the server says: a server that repeats a
// password in an error message would otherwise have it shown, logged and stored. A person's words are not looked through,
// nor is mail: what is in a mailbox is the server's to say.
type secrets struct {
	mu     sync.Mutex
	pieces map[string]bool // every piece of pieceSize runes' bytes, folded
	short  []string        // secrets shorter than a piece
}

// pieceSize is how many bytes in a row give a secret away. Fewer would be found in ordinary words.
const pieceSize = 6

// maxSecret bounds how much of a secret is looked for: its beginning.
const maxSecret = 64 << 10

// keep adds a secret, in the forms in which it may come back.
func (s *secrets) keep(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pieces == nil {
		s.pieces = map[string]bool{}
	}
	secret = secret[:min(len(secret), maxSecret)]
	forms := []string{secret, hex.EncodeToString([]byte(secret)), url.QueryEscape(secret), url.PathEscape(secret)}
	for shift := range min(3, len(secret)) { // Base64 looks different at each of three places
		forms = append(forms, strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret[shift:])), "="))
	}
	for _, form := range forms {
		folded := fold(form)
		if len(folded) < pieceSize {
			s.short = append(s.short, folded)
			continue
		}
		for i := range len(folded) - pieceSize + 1 {
			s.pieces[folded[i:i+pieceSize]] = true
		}
	}
}

// in reports whether a text holds a piece of a secret.
func (s *secrets) in(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	folded := fold(text)
	for i := range max(0, len(folded)-pieceSize+1) {
		if s.pieces[folded[i:i+pieceSize]] {
			return true
		}
	}
	for _, short := range s.short {
		if short != "" && strings.Contains(folded, short) {
			return true
		}
	}
	return false
}

// fold takes away what a text may be dressed up with: capitals, blanks and control characters.
func fold(text string) string {
	return strings.Map(func(c rune) rune {
		if c <= ' ' || c == 0x7f {
			return -1
		}
		return c
	}, strings.ToLower(text))
}
