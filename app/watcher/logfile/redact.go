package logfile

import (
	"regexp"
	"strings"
)

var (
	address = regexp.MustCompile(`([\pL\pN._%+'-]*)([\pL\pN_%+'-])@([\pL\pN-]+(?:\.[\pL\pN-]+)+)`)
	// secret is what follows a word for a secret.
	secret = regexp.MustCompile(`(?i)\b(password|passwd|passphrase|pwd|pass|secret|token|bearer|authorization|code_verifier|client_secret|refresh_token|access_token)(["']?\s*[=: ]\s*)((?:bearer\s+)?(?:"[^"]*"|'[^']*'|[^\s&"',;]+))`)
	// answer is what comes back to a program at the end of a sign-in (RFC 6749 section 4.1.2).
	answer = regexp.MustCompile(`\b(code|state)=[^\s&"',;]+`)
	// opaque is what looks like a key: long, without spaces, of more than one kind of character.
	opaque = regexp.MustCompile(`[A-Za-z0-9+/_=.~-]{32,}`)
)

// Redact gives text without secrets, and with addresses of which the first letter and the domain are left.
func Redact(text string) string {
	text = secret.ReplaceAllStringFunc(text, func(s string) string {
		m := secret.FindStringSubmatch(s)
		if isWord(m[1]) && !strings.ContainsAny(m[2], "=:") {
			return s // "the code of the answer" is no secret
		}
		return m[1] + m[2] + "[…]"
	})
	text = answer.ReplaceAllString(text, "$1=[…]")
	text = address.ReplaceAllStringFunc(text, func(s string) string {
		local, domain, _ := strings.Cut(s, "@")
		first := []rune(local)[0]
		return string(first) + "…@" + domain
	})
	return opaque.ReplaceAllStringFunc(text, func(s string) string {
		if !looksRandom(s) {
			return s
		}
		return "[…]"
	})
}

// isWord reports whether a word for a secret is also an everyday one.
func isWord(s string) bool {
	switch strings.ToLower(s) {
	case "bearer", "authorization":
		return false
	}
	return true
}

// looksRandom tells a key from a path or a long name: it has letters of both cases and digits in one piece.
func looksRandom(s string) bool {
	for _, piece := range strings.FieldsFunc(s, func(c rune) bool { return c == '/' || c == '.' }) {
		if len(piece) >= 20 && strings.ContainsAny(piece, "0123456789") && piece != strings.ToLower(piece) && piece != strings.ToUpper(piece) {
			return true
		}
	}
	return false
}
