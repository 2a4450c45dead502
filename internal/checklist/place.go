package checklist

import (
	"strconv"
	"strings"

	"rimbalzo/internal/words"
)

// Place says where a message lies as a person would: the folder's name of one on a server, and nothing of the numbers by which
// programs know it; which message of a file it is. source is as mailbox names it; JSON keeps that.
func Place(source string, w *words.Words) string {
	if at := strings.LastIndexByte(source, ';'); at > 0 && isPair(source[at+1:]) {
		name := plain(source[:at], maxName)
		if strings.EqualFold(name, "INBOX") {
			name = w.T("checklist.place.inbox")
		}
		return w.T("checklist.place.folder", "Folder", name)
	}
	if at := strings.LastIndexByte(source, '#'); at > 0 {
		if n, err := strconv.Atoi(source[at+1:]); err == nil && n > 0 {
			return w.T("checklist.place.mbox", "N", n, "Path", plain(source[:at], maxName))
		}
	}
	return plain(source, maxName)
}

// isPair reports whether s is "UIDVALIDITY/UID".
func isPair(s string) bool {
	a, b, ok := strings.Cut(s, "/")
	return ok && a != "" && b != "" && strings.Trim(a+b, "0123456789") == ""
}

// origin says from what a list was made, "" where nobody said.
func (o Options) origin(r Report) string {
	if len(r.From) == 0 {
		return ""
	}
	list := make([]string, 0, min(len(r.From), maxOrigins))
	for _, from := range r.From[:min(len(r.From), maxOrigins)] {
		list = append(list, plain(from, maxSubject))
	}
	if more := len(r.From) - len(list); more > 0 {
		list = append(list, o.Words.N("checklist.origin.more", more))
	}
	return o.Words.T("checklist.origin", "List", strings.Join(list, "; "))
}

// maxOrigins is how many sources are named.
const maxOrigins = 20

// made says of what and when a list is, for its end.
func (o Options) made(r Report) string {
	made := o.Words.N("checklist.made", len(r.Items), "Time", o.local(r.At))
	if origin := o.origin(r); origin != "" {
		made += " " + origin
	}
	return made
}
