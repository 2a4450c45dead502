package mailbox

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestIMAPVisitorEndsReading(t *testing.T) {
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	fill(t, m)
	enough := errors.New("enough")
	n := 0
	_, err := IMAP(config(a, m.url)).Read(t.Context(), func(Message) error {
		if n++; n == 2 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 2 {
		t.Errorf("%d visits, %v", n, err)
	}
}

func TestIMAPBadMessages(t *testing.T) {
	a := newAuthority(t)
	wrong := map[int]string{
		7:  "* 7 FETCH (UID 7 INTERNALDATE \"yesterday\" BODY[HEADER]<0> {2}\r\n\r\n)\r\n",
		8:  "* 8 FETCH (UID 8 FLAGS \"\" \x01)\r\n",
		20: "* 20 FETCH (UID 20 BODY[HEADER]<0> {268435456}\r\n",
		21: "* 21 FETCH (UID 21 BODYSTRUCTURE " + strings.Repeat("(", 1<<16),
		33: "",
		60: "* 60 FETCH (UID 60 ENVELOPE ({99999999999999999999}\r\n",
	}
	fetch := func(w io.Writer, uid int, command string) {
		if text, bad := wrong[uid]; bad {
			io.WriteString(w, text)
			return
		}
		fetchResponse(w, uid, command, fmt.Sprintf("Subject: %d\r\nFrom: x@y.example\r\n\r\ntext\r\n", uid))
	}
	logins := 0
	plain := ordinary(60, fetch)
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
		if strings.HasPrefix(line, "LOGIN") {
			logins++
		}
		return plain(w, tag, line)
	}})
	got, cov, err := readAll(IMAP(config(a, address)))
	if err != nil || len(got) != 60-len(wrong) {
		t.Fatalf("%d messages, %v", len(got), err)
	}
	want := []string{
		"garbled INBOX;7/7", "garbled INBOX;7/8", "hostile INBOX;7/20", "hostile INBOX;7/21", "hostile INBOX;7/60", "not-handed-over INBOX;7/33",
	}
	list := notes(cov)
	slices.Sort(list)
	if !slices.Equal(list, want) {
		t.Errorf("unreadable\n%q, want\n%q", list, want)
	}
	last := 0
	for _, m := range got {
		var uid int
		if fmt.Sscanf(m.Source, "INBOX;7/%d", &uid); uid <= last {
			t.Errorf("%s after number %d", m.Source, last)
		}
		last = uid
	}
	if logins > 1+2*len(wrong) {
		t.Errorf("%d logins for %d bad messages", logins, len(wrong))
	}
}

func TestIMAPLostConnections(t *testing.T) {
	a := newAuthority(t)
	count := 0
	fetch := func(w io.Writer, uid int, command string) {
		if count++; count%25 == 0 {
			w.(io.Closer).Close()
			return
		}
		fetchResponse(w, uid, command, fmt.Sprintf("Subject: %d\r\nFrom: x@y.example\r\n\r\ntext\r\n", uid))
	}
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: ordinary(100, fetch)})
	got, cov, err := readAll(IMAP(config(a, address)))
	if err != nil || len(got) != 100 || len(cov.Unreadable) > 0 {
		t.Errorf("%d messages, %v, %v", len(got), cov.Unreadable, err)
	}
	fetch = func(w io.Writer, _ int, _ string) { w.(io.Closer).Close() }
	address, _ = serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: ordinary(100, fetch)})
	_, cov, err = readAll(IMAP(config(a, address)))
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindDropped || cov.Roles[RoleInbox] {
		t.Errorf("a server that always breaks off: %v, %v", err, cov.Roles)
	}
}

func TestIMAPStall(t *testing.T) {
	a := newAuthority(t)
	fetch := func(w io.Writer, uid int, command string) {
		if uid == 4 {
			fmt.Fprintf(w, "* 4 FETCH (UID 4 BODY[HEADER]<0> {100}\r\nSubject: ")
			time.Sleep(1300 * time.Millisecond)
			w.(io.Closer).Close()
			return
		}
		fetchResponse(w, uid, command, fmt.Sprintf("Subject: %d\r\nFrom: x@y.example\r\n\r\ntext\r\n", uid))
	}
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: ordinary(9, fetch)})
	cfg := config(a, address)
	cfg.Timeouts.Idle = time.Second
	got, cov, err := readAll(IMAP(cfg))
	if err != nil || len(got) != 8 || !slices.Equal(notes(cov), []string{"not-handed-over INBOX;7/4"}) {
		t.Errorf("%d messages, %q, %v", len(got), notes(cov), err)
	}
}

func TestIMAPWithoutSearch(t *testing.T) {
	a := newAuthority(t)
	plain := ordinary(30, func(w io.Writer, uid int, command string) {
		fetchResponse(w, uid, command, fmt.Sprintf("Subject: %d\r\nFrom: x@y.example\r\n\r\ntext\r\n", uid))
	})
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "UID SEARCH"):
			fmt.Fprintf(w, "%s NO not today\r\n", tag)
			return true
		case strings.HasPrefix(line, "FETCH 1:30 "):
			for i := range 30 {
				fmt.Fprintf(w, "* %d FETCH (UID %d INTERNALDATE \"%02d-Jan-2023 11:00:00 +0100\")\r\n", i+1, i+1, i+1)
			}
		}
		return plain(w, tag, line)
	}})
	cfg := config(a, address)
	cfg.Since = time.Date(2023, 1, 21, 12, 0, 0, 0, time.UTC)
	got, cov, err := readAll(IMAP(cfg))
	if err != nil || len(got) != 10 || got[0].Source != "INBOX;7/21" || len(cov.Unreadable) > 0 {
		t.Errorf("%d messages, %v, %v", len(got), cov.Unreadable, err)
	}
}

func TestIMAPHugeSearchAnswer(t *testing.T) {
	a := newAuthority(t)
	plain := ordinary(3, func(io.Writer, int, string) {})
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
		if strings.HasPrefix(line, "UID SEARCH") {
			fmt.Fprintf(w, "* ESEARCH (TAG %q) UID ALL 1:4294967295\r\n%s OK\r\n", tag, tag)
			return true
		}
		return plain(w, tag, line)
	}})
	got, cov, err := readAll(IMAP(config(a, address)))
	if err != nil || len(got) > 0 || cov.Roles[RoleInbox] || len(cov.Unreadable) != 2+headChunk*headChunks {
		t.Fatalf("%d messages, %d unreadable, %v", len(got), len(cov.Unreadable), err)
	}
	list := notes(cov)
	if list[0] != "too-many INBOX" || list[len(list)-1] != "folder-refused INBOX" {
		t.Errorf("unreadable begins %q and ends %q", list[0], list[len(list)-1])
	}
}
