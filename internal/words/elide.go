package words

import (
	"regexp"
	"strings"
)

// beginsWithVowel stands before a date while a sentence is put together: no text that is shown holds this character.
const beginsWithVowel = "\x00"

var (
	// spokenWithVowel are the days whose number begins with a vowel when it is spoken: otto, undici.
	spokenWithVowel = regexp.MustCompile(`^(?:8|11) (?:gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic)`)
	article         = regexp.MustCompile(`\b([Ii]|[Aa]|[Dd]a|[Dd]e|[Nn]e|[Ss]u)l ` + beginsWithVowel)
)

// vowel marks a date before which Italian shortens the article: "l'8 gennaio", not "il 8 gennaio".
func (w *Words) vowel(date string) string {
	if w.lang == "it" && spokenWithVowel.MatchString(date) {
		return beginsWithVowel + date
	}
	return date
}

// elided shortens the articles before the dates that are marked: il, al, dal, del, nel and sul become l', all', dall' and so on.
func elided(s string) string {
	if !strings.Contains(s, beginsWithVowel) {
		return s
	}
	s = article.ReplaceAllStringFunc(s, func(m string) string {
		switch stem := strings.TrimSuffix(m, "l "+beginsWithVowel); stem {
		case "I":
			return "L'"
		case "i":
			return "l'"
		default:
			return stem + "ll'"
		}
	})
	return strings.ReplaceAll(s, beginsWithVowel, "")
}
