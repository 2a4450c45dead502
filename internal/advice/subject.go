package advice

import (
	"regexp"
	"strings"
)

// replyMark and forwardMark are the prefixes that mail programs put before a subject; "R:" and "I:" are Outlook's in Italian.
var (
	replyMark   = regexp.MustCompile(`(?i)^\s*(re|r|rif|aw|antw|sv|rv|ref|res)\s*(\[\d+\])?\s*:\s*`)
	forwardMark = regexp.MustCompile(`(?i)^\s*(fwd|fw|i|inoltra|inoltro|wg|tr|enc|doorst|rinvio|rinvia|resend|resent|rimando)\s*(\[\d+\])?\s*:\s*`)
	againMark   = regexp.MustCompile(`(?i)[\s\-–:]*[(\[]?\s*(secondo invio|terzo invio|2[°ºo]? invio|nuovo invio|reinvio|re-?invio|rimando|rimandato|rispedito|resent|resend|re-?sent|sent again|second attempt|second try)\s*[)\]]?\s*$`)
	againFirst  = regexp.MustCompile(`(?i)^\s*[(\[]\s*(secondo invio|terzo invio|nuovo invio|reinvio|rimando|resent|resend|re-?sent|sent again|second attempt|second try)\s*[)\]]\s*`)
	spaces      = regexp.MustCompile(`\s+`)
)

// subjectParts is a subject without the marks of replies, forwards and second sendings, and which marks it had.
type subjectParts struct {
	base           string
	reply, forward int  // how many marks
	again          bool // says that it is sent again
}

func splitSubject(s string) subjectParts {
	if len(s) > 1000 {
		s = s[:1000]
	}
	var p subjectParts
	for {
		if m := replyMark.FindString(s); m != "" {
			p.reply++
			s = s[len(m):]
		} else if m := forwardMark.FindString(s); m != "" {
			p.forward++
			s = s[len(m):]
		} else if m := againFirst.FindString(s); m != "" {
			p.again = true
			s = s[len(m):]
		} else if m := againMark.FindString(s); m != "" && len(m) < len(s) {
			p.again = true
			s = s[:len(s)-len(m)]
		} else {
			p.base = strings.ToLower(spaces.ReplaceAllString(strings.TrimSpace(s), " "))
			return p
		}
	}
}
