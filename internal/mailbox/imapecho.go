package mailbox

import (
	"encoding/base64"
	"encoding/hex"
	"hash/maphash"
	"net/url"
	"strings"
	"sync"
)

// secrets know what a server was told in confidence, to find it again in what the server says: a server that repeats a
// password in an error message would otherwise have it shown, logged and stored. Only hashes are kept, so that nothing here
// can be printed. Mail is not looked through: what is in a mailbox is the server's to say.
type secrets struct {
	mu     sync.Mutex
	seed   maphash.Seed
	pieces map[uint64]bool // of every piece of pieceSize bytes, folded; of a shorter secret the whole
	sizes  map[int]bool    // how long the pieces are
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
		s.pieces, s.sizes, s.seed = map[uint64]bool{}, map[int]bool{}, maphash.MakeSeed()
	}
	secret = secret[:min(len(secret), maxSecret)]
	forms := []string{secret, hex.EncodeToString([]byte(secret)), url.QueryEscape(secret), url.PathEscape(secret)}
	for shift := range min(3, len(secret)) { // Base64 looks different at each of three places
		text := base64.StdEncoding.EncodeToString([]byte(secret[shift:]))
		forms = append(forms, strings.TrimRight(text, "="))
	}
	for _, form := range forms {
		folded := fold(form)
		size := min(len(folded), pieceSize)
		if size == 0 {
			continue
		}
		s.sizes[size] = true
		for i := range len(folded) - size + 1 {
			s.pieces[maphash.String(s.seed, folded[i:i+size])] = true
		}
	}
}

// in reports whether a text holds a piece of a secret.
func (s *secrets) in(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	folded := fold(text)
	for size := range s.sizes {
		for i := range max(0, len(folded)-size+1) {
			if s.pieces[maphash.String(s.seed, folded[i:i+size])] {
				return true
			}
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
