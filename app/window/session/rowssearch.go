package session

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxSearch is how much of what is typed is looked for, in characters.
const maxSearch = 200

// Fold makes text fit for comparing: small letters without accents, so that "perche" finds "Perché".
func Fold(s string) string {
	plain := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// searchWords are the words looked for, folded.
func searchWords(typed string) []string {
	return strings.Fields(Fold(filter(typed, maxSearch, false)))
}

// holds reports whether text, folded, holds all the words.
func holds(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
