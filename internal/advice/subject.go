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
	for s = strings.TrimSpace(s); ; {
		m, count := p.mark(s)
		if m == 0 {
			break
		}
		*count++
		s = s[m:]
		p.cutAgain(&s)
	}
	p.cutAgain(&s)
	p.base = strings.ToLower(strings.Join(strings.Fields(s), " "))
	return p
}

// mark gives the length of the reply's or forward's mark that s begins with, and where such are counted.
func (p *subjectParts) mark(s string) (int, *int) {
	if colon := strings.IndexByte(s, ':'); colon < 0 || colon > longestMark {
		return 0, nil
	}
	if m := replyMark.FindString(s); m != "" {
		return len(m), &p.reply
	}
	if m := forwardMark.FindString(s); m != "" {
		return len(m), &p.forward
	}
	return 0, nil
}

// longestMark is how far into a subject the colon of a mark may stand.
const longestMark = 20

// cutAgain takes the marks of second sendings off both ends of s, unless nothing else is left.
func (p *subjectParts) cutAgain(s *string) {
	if !saysAgain(*s) {
		return
	}
	if m := againFirst.FindString(*s); m != "" {
		p.again = true
		*s = (*s)[len(m):]
	}
	if m := againMark.FindString(*s); m != "" && len(m) < len(*s) {
		p.again = true
		*s = (*s)[:len(*s)-len(m)]
	}
}

// saysAgain is a quick look for the words of the patterns: of a hundred subjects one has them.
func saysAgain(s string) bool {
	s = strings.ToLower(s)
	for _, word := range []string{"invi", "riman", "rispedit", "sen", "second"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}
