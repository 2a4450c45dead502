package mailbox

import (
	"strings"
	"testing"

	"rimbalzo/internal/words"
)

// checkWords holds an error to have a sentence in both languages, filled in, without anything secret.
func checkWords(t *testing.T, err error) {
	t.Helper()
	for _, lang := range words.Languages {
		text, ok := Describe(err, words.New(lang))
		if !ok || len(text) < 20 || strings.HasPrefix(text, "mailbox.error") || strings.Contains(text, "<no value>") ||
			strings.Contains(text, "{{") || strings.Contains(text, testPassword) || strings.Contains(text, "s3cret") {
			t.Errorf("%s: %v is worded %q", lang, err, text)
		}
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	for _, why := range []string{
		whyVanished, whyPermission, whyLoop, whySpecial, whyReadFailed, whyEmpty, whyBinary, whyPacked, whyOutlook, whyNotMail,
		whyTruncated, whyHeadless, whySubfolder, whyTooMany, whyFolderGone, whyUnfinished, whyGarbled, whyHostile, whyNotHandedOver, whyFolderRefused, whyFolderList,
	} {
		for _, lang := range words.Languages {
			if w := words.New(lang); !w.Has("note." + why) {
				t.Errorf("%s: no sentence for %q", lang, why)
			}
		}
	}
	for _, kind := range []string{
		"missing", "no-mail", whyPermission, whyLoop, whySpecial, whyReadFailed, whyBinary, whyPacked, whyOutlook, whyNotMail,
	} {
		checkWords(t, &PathError{Path: "/a/path", Kind: kind, Err: ErrNotMail})
	}
	for _, kind := range []string{
		"unreachable", "timeout", "connect-failed", "cert-invalid", "tls-failed", "not-allowed", "password-expired", KindServerRefused, KindBye,
		KindBroken, KindHostile, KindStalled, "folder-renewed",
	} {
		checkWords(t, &Error{Kind: kind, Host: "imap.example:993", User: testUser, Folder: "INBOX", Server: "no"})
	}
}
