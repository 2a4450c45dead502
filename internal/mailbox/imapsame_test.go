package mailbox

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"rimbalzo/internal/bounce"
)

// sharedMail lists sample messages beside the project.
func sharedMail(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(filepath.Join(moduleRoot(t), "..", "shared", "corpus", "mail"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return err
	})
	if err != nil || len(list) == 0 {
		t.Skip("the sample bounces are not beside the project")
	}
	return list
}

// reported is what a review makes of a message.
func reported(m read) bounce.Report {
	head, _, _ := strings.Cut(m.text, "\r\n\r\n")
	if m.Parts != nil {
		if rep := bounce.DecodeParts([]byte(head), m.Parts); rep.Kind != bounce.KindNotABounce && rep.Kind != bounce.KindUnreadable {
			return rep
		}
	}
	rep, _ := bounce.Decode(strings.NewReader(m.text))
	return rep
}

// evidence is what of a report an advice is made from: all but the words shown beside it.
func evidence(rep bounce.Report) string {
	rep.Text = ""
	text, _ := json.Marshal(rep)
	return string(text)
}

// TestPiecesTellWhatTheWholeTells reads sample bounces piece by piece and compares what they report with what they report when they
// are read whole.
func TestPiecesTellWhatTheWholeTells(t *testing.T) {
	files := sharedMail(t)
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	var whole, names []string
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil || len(raw) > wholeLimit {
			continue
		}
		text := strings.ReplaceAll(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n", "\r\n")
		if imapserver.ExtractBodySection(strings.NewReader(text), &imap.FetchItemBodySection{}) == nil {
			continue // the embedded server cannot read its header, and hands over nothing
		}
		m.put(t, "INBOX", strings.ReplaceAll(text, "\r\n", "\n"), january)
		whole, names = append(whole, text), append(names, filepath.Base(path))
	}
	got, cov, err := readAll(IMAP(config(a, m.url)))
	if err != nil || len(got) != len(whole) {
		t.Fatalf("%d of %d messages, %v, %v", len(got), len(whole), cov.Unreadable, err)
	}
	inPieces, differ, bytes := 0, 0, 0
	for _, msg := range got {
		want, _ := bounce.Decode(strings.NewReader(whole[msg.UID-1]))
		bytes += len(msg.text)
		for _, p := range msg.Parts {
			bytes += len(p.Body)
		}
		if msg.Parts != nil || len(msg.text) < len(whole[msg.UID-1]) {
			inPieces++
		}
		if got, want := evidence(reported(msg)), evidence(want); got != want {
			if differ++; differ < 8 {
				t.Errorf("%s in %d pieces:\n got %s\nwant %s", names[msg.UID-1], len(msg.Parts), got, want)
			}
		}
	}
	t.Logf("%d messages, %d of them in pieces, %d KB; %d tell something else", len(got), inPieces, bytes>>10, differ)
}
