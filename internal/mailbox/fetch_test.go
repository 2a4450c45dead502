package mailbox

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
)

// taken fetches and gives the messages with their places; after each of them goOn says whether that will do.
func taken(t testing.TB, cfg IMAPConfig, wanted ...Wanted) (list []string, err error) {
	t.Helper()
	err = Fetch(context.Background(), cfg, slices.Values(wanted), func(m Whole) bool {
		text, err := io.ReadAll(m.Body)
		switch {
		case err != nil:
			list = append(list, err.Error())
		case len(text) > 10_000:
			list = append(list, fmt.Sprintf("%s %s %v %x", m.Folder, m.Role, m.Asked, sha256.Sum256(text)))
		default:
			list = append(list, fmt.Sprintf("%s %s %v %s", m.Folder, m.Role, m.Asked, text))
		}
		return true
	})
	return list, err
}

func sentMessage(id, body string) string {
	return "From: ada@sender.example\nTo: ugo@libero.it\nMessage-ID: <" + id + ">\nDate: Tue, 24 Jan 2023 10:00:00 +0100\nSubject: a\n\n" + body
}

// TestFetch: a message comes whole, byte for byte, from where it was sent or from its place, and nothing in the mailbox changes.
func TestFetch(t *testing.T) {
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	long := strings.Repeat("0123456789abcdef\n", 200_000) // more than three pieces
	exact := strings.Repeat("x", wholePiece-len(strings.ReplaceAll(sentMessage("exact@x", ""), "\n", "\r\n")))
	for _, text := range []string{sentMessage("one@x", "one"), sentMessage("one@x.example", "other"), sentMessage("long@x", long), sentMessage("exact@x", exact), sentMessage("One@Y", "case")} {
		m.put(t, "Sent", text, january)
	}
	m.put(t, "INBOX", sentMessage("one@x", "not mine"), january)
	status, err := m.user.Status("INBOX", &imap.StatusOptions{UIDValidity: true})
	if err != nil {
		t.Fatal(err)
	}
	bounce := fmt.Sprintf("INBOX;%d/1", status.UIDValidity)
	cfg := config(a, m.url)
	cfg.RoleOf = func(name string) Role { return map[string]Role{"Sent": RoleSent}[name] }
	crlf := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	whole := func(id, body string) string {
		text := crlf(sentMessage(id, body))
		if len(text) > 10_000 {
			return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
		}
		return text
	}
	asked := func(ids ...string) (list []Wanted) {
		for _, id := range ids {
			list = append(list, Wanted{ID: id, Role: RoleSent, SentAt: january})
		}
		return list
	}
	for name, tc := range map[string]struct {
		wanted []Wanted
		want   []string
	}{
		"by its id":             {asked("one@x"), []string{"Sent sent true " + whole("one@x", "one")}},
		"in several pieces":     {asked("long@x"), []string{"Sent sent true " + whole("long@x", long)}},
		"of just one piece":     {asked("exact@x"), []string{"Sent sent true " + whole("exact@x", exact)}},
		"in other letters":      {asked("one@y"), []string{"Sent sent true " + whole("One@Y", "case")}},
		"by its place":          {[]Wanted{{Source: bounce}}, []string{"INBOX  false " + whole("one@x", "not mine")}},
		"two of them":           {append(asked("one@x.example"), Wanted{Source: bounce}), []string{"Sent sent true " + whole("one@x.example", "other"), "INBOX  false " + whole("one@x", "not mine")}},
		"an unknown one":        {asked("none@x"), nil},
		"of a folder made anew": {[]Wanted{{Source: "INBOX;1/1"}}, nil},
		"of a folder gone":      {[]Wanted{{Source: "Work;1/1"}, {Source: bounce}}, []string{"INBOX  false " + whole("one@x", "not mine")}},
		"of a message gone":     {[]Wanted{{Source: strings.TrimSuffix(bounce, "1") + "99"}}, nil},
		"of a file":             {[]Wanted{{Source: "/home/ada/mbox#4"}, {Source: ";1/1"}, {Source: "INBOX;x/1"}, {ID: "a\r\nb", Role: RoleSent}}, nil},
	} {
		got, err := taken(t, cfg, tc.wanted...)
		if err != nil || !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v\n got %.300q\nwant %.300q", name, err, got, tc.want)
		}
	}
	for _, c := range m.commands() {
		if strings.HasPrefix(c, "SELECT") || strings.Contains(c, "STORE") || strings.Contains(c, "BODY[") {
			t.Errorf("said %q", c)
		}
	}
	cfg.Password = func() (string, error) { return "wrong", nil }
	var e *Error
	if _, err := taken(t, cfg, asked("one@x")...); !errors.As(err, &e) || e.Stage != StageLogin {
		t.Errorf("with a wrong password: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Fetch(ctx, cfg, slices.Values(asked("one@x")), func(Whole) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestFetchFromServersOfAllSorts: what is found where a server does not search, breaks off, lies or never ends.
func TestFetchFromServersOfAllSorts(t *testing.T) {
	a := newAuthority(t)
	text := strings.ReplaceAll(sentMessage("one@x", "one"), "\n", "\r\n")
	answers := func(search func(line string) string, fetch func(n int, line string) string) func(io.Writer, string, string) bool {
		n := 0
		plain := ordinary(1, nil)
		return func(w io.Writer, tag, line string) bool {
			switch {
			case strings.HasPrefix(line, "LIST"):
				io.WriteString(w, "* LIST () \"/\" INBOX\r\n* LIST () \"/\" Sent\r\n")
			case strings.HasPrefix(line, "UID SEARCH"):
				io.WriteString(w, search(line))
			case strings.HasPrefix(line, "UID FETCH") && strings.Contains(line, "HEADER"):
				head, _, _ := strings.Cut(text, "\r\n\r\n")
				head += "\r\n\r\n"
				fmt.Fprintf(w, "* 1 FETCH (UID 1 BODY[HEADER.FIELDS.NOT (%s)]<0> {%d}\r\n%s)\r\n", strings.Join(briefFields, " "), len(head), head)
			case strings.HasPrefix(line, "UID FETCH"):
				n++
				answer := fetch(n, line)
				if answer == "" {
					return false
				}
				io.WriteString(w, answer)
			default:
				return plain(w, tag, line)
			}
			_, err := fmt.Fprintf(w, "%s OK done\r\n", tag)
			return err == nil
		}
	}
	found := func(string) string { return "* SEARCH 1\r\n" }
	piece := func(body string) func(int, string) string {
		return func(int, string) string {
			return fmt.Sprintf("* 1 FETCH (UID 1 BODY[]<0> {%d}\r\n%s)\r\n", len(body), body)
		}
	}
	endless := strings.Repeat("x", wholePiece)
	for name, tc := range map[string]struct {
		answer func(io.Writer, string, string) bool
		want   string // beginning of what came; "" for nothing, "!" for an error
	}{
		"it finds no ids": {answers(func(line string) string {
			if strings.Contains(line, "HEADER") {
				return "* SEARCH\r\n"
			}
			return "* SEARCH 1\r\n"
		}, piece(text)), "Sent sent true From: ada"},
		"it does not say where the piece begins": {answers(found, func(int, string) string {
			return fmt.Sprintf("* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n", len(text), text)
		}), "Sent sent true From: ada"},
		"it knows no pieces": {answers(found, func(int, string) string {
			return fmt.Sprintf("* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n", len(text)+2*len(endless), text+endless+endless)
		}), "!"},
		"it hands over nothing": {answers(found, func(int, string) string { return "* 1 FETCH (UID 1 BODY[]<0> NIL)\r\n" }), ""},
		"it breaks off once": {answers(found, func(n int, _ string) string {
			if n == 1 {
				return ""
			}
			return piece(text)(n, "")
		}), "Sent sent true From: ada"},
		"it never ends": {answers(found, func(_ int, line string) string {
			var offset int
			fmt.Sscanf(line[strings.Index(line, "<")+1:], "%d", &offset)
			return fmt.Sprintf("* 1 FETCH (UID 1 BODY[]<%d> {%d}\r\n%s)\r\n", offset, len(endless), endless)
		}), "fetch a message from \"Sent\": the message is longer"},
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := serveScript(t, script{greeting: "* OK hello\r\n", answer: tc.answer, tls: a.good(t)})
			cfg := config(a, url)
			cfg.RoleOf = func(name string) Role { return map[string]Role{"Sent": RoleSent}[name] }
			got, err := taken(t, cfg, Wanted{ID: "one@x", Role: RoleSent, SentAt: january})
			if wrong := tc.want == "!"; (err != nil) != wrong || wrong {
				if (err != nil) != wrong || len(got) > 0 {
					t.Errorf("%v, got %.200q", err, got)
				}
				return
			}
			if tc.want == "" && len(got) > 0 || tc.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], tc.want)) {
				t.Errorf("got %.200q, want %q", got, tc.want)
			}
		})
	}
}

// BenchmarkFetch50MB measures what a large message takes that is handed on as it comes.
func BenchmarkFetch50MB(b *testing.B) {
	a := newAuthority(b)
	m := serveMemory(b, a, true)
	m.put(b, "Sent", sentMessage("long@x", strings.Repeat("0123456789abcdef\n", 3_000_000)), january)
	cfg := config(a, m.url)
	cfg.Timeouts = Timeouts{Idle: time.Minute}
	cfg.RoleOf = func(name string) Role { return map[string]Role{"Sent": RoleSent}[name] }
	for b.Loop() {
		n := int64(0)
		err := Fetch(b.Context(), cfg, slices.Values([]Wanted{{ID: "long@x", Role: RoleSent}}), func(w Whole) bool {
			n, _ = io.Copy(io.Discard, w.Body)
			return true
		})
		if err != nil || n < 50<<20 {
			b.Fatal(n, err)
		}
	}
}
