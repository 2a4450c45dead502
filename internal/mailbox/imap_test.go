package mailbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// config is how tests read: with short patience.

func config(a *authority, url string) IMAPConfig {
	return IMAPConfig{
		URL: url, Roots: a.pool,
		Password: func() (string, error) { return testPassword, nil },
		RoleOf: func(name string) Role {
			return map[string]Role{
				"Sent": RoleSent, "Posta inviata": RoleSent, "Junk": RoleJunk, "Trash": RoleTrash, "Drafts": RoleDrafts,
				"All Mail": RoleAll, "Archive": RoleArchive,
			}[name]
		},
		few:      1,
		Timeouts: Timeouts{Dial: 2 * time.Second, Idle: 2 * time.Second, Command: 10 * time.Second, Retry: time.Millisecond},
	}
}

const (
	ordinaryMessage = "From: ada@sender.example\nTo: bob@rcpt.example\nSubject: lunch\nMessage-ID: <1@x.example>\n\nBring bread.\n"
	replyMessage    = "From: bob@rcpt.example\nSubject: Re: lunch\nMessage-ID: <2@x.example>\nIn-Reply-To: <1@x.example>\n\nGladly.\n"
	bounceMessage   = "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <3@x.example>\n\nbob@rcpt.example: host unreachable\n"
)

var (
	january = time.Date(2023, 1, 23, 11, 0, 0, 0, time.FixedZone("", 3600))
	before  = time.Date(2022, 12, 1, 0, 0, 0, 0, time.UTC)
)

// fill puts messages of every sort into a memory server.

func fill(t testing.TB, m *memory) {
	m.put(t, "INBOX", ordinaryMessage, january)
	m.put(t, "INBOX", replyMessage, january)
	m.put(t, "INBOX", bounceMessage, january)
	m.put(t, "INBOX", "Subject: too old\nFrom: x@y.example\n\nold\n", before)
	m.put(t, "INBOX", strings.Replace(bounceMessage, "bob", strings.Repeat("long line\n", 20_000), 1), january)
	m.put(t, "Posta inviata", strings.Replace(ordinaryMessage, "<1@", "<4@", 1), january)
	m.put(t, "Junk", strings.Replace(ordinaryMessage, "<1@", "<5@", 1), january)
	m.put(t, "Drafts", strings.Replace(ordinaryMessage, "<1@", "<6@", 1), january)
	m.put(t, "Work", strings.Replace(ordinaryMessage, "<1@", "<7@", 1), january)
	m.put(t, "All Mail", bounceMessage, january)
	m.put(t, "All Mail", strings.Replace(ordinaryMessage, "<1@", "<4@", 1), january)
	m.put(t, "All Mail", strings.Replace(ordinaryMessage, "<1@", "<8@", 1), january)
}

// told names a message by where it is and how much of it came: "H" for its header alone, "T" for its text as well.

func told(m read) string {
	head, body, _ := strings.Cut(m.text, "\r\n\r\n")
	part := "H"
	if body != "" {
		part = "T"
	}
	_, id, _ := strings.Cut(head, "Message-ID: <")
	return fmt.Sprintf("%s %s %s %.1s", m.Role, m.Source, part, id)
}

func TestIMAPReadsWhatMatters(t *testing.T) {
	a := newAuthority(t)
	for _, implicit := range []bool{true, false} {
		t.Run(fmt.Sprintf("implicit %v", implicit), func(t *testing.T) {
			m := serveMemory(t, a, implicit)
			fill(t, m)
			cfg := config(a, m.url)
			cfg.Since = january.AddDate(0, 0, -3)
			var progress []Progress
			cfg.Progress = func(p Progress) { progress = append(progress, p) }
			got, cov, err := readAll(IMAP(cfg))
			if err != nil {
				t.Fatal(err)
			}
			var list []string
			for _, msg := range got {
				list = append(list, told(msg))
				if !msg.ArrivedAt.Equal(january) {
					t.Errorf("%s arrived %v", msg.Source, msg.ArrivedAt)
				}
				if len(msg.text) > wholeLimit {
					t.Errorf("%s has %d bytes", msg.Source, len(msg.text))
				}
			}
			want := []string{
				"inbox INBOX;1/3 T 3", "inbox INBOX;1/5 T 3", "sent Posta inviata;2/1 T 4",
				"inbox INBOX;1/1 H 1", "inbox INBOX;1/2 H 2", "junk Junk;3/1 H 5", "all All Mail;6/3 H 8",
			}
			if !slices.Equal(list, want) {
				t.Errorf("read\n%q, want\n%q", list, want)
			}
			if len(cov.Unreadable) > 0 || cov.Messages != len(want) || !slices.Equal(cov.Accounts, []string{testUser}) {
				t.Errorf("coverage %+v", cov)
			}
			for role, read := range map[Role]bool{
				RoleInbox: true, RoleSent: true, RoleJunk: true, RoleAll: true, RoleDrafts: false, RoleOther: false, RoleTrash: false,
			} {
				if cov.Roles[role] != read {
					t.Errorf("role %s: read is %v", role, cov.Roles[role])
				}
			}
			want0 := Progress{Folder: "INBOX", Role: RoleInbox, Looked: 2, Found: 2, Left: 2}
			if len(progress) == 0 || progress[0] != want0 {
				t.Errorf("progress %v", progress)
			}
			checkReadOnly(t, m)
		})
	}
}

// checkReadOnly looks at all that was sent: only commands that read, and nothing secret outside TLS.

func checkReadOnly(t *testing.T, m *memory) {
	t.Helper()
	allowed := []string{
		"CAPABILITY", "AUTHENTICATE PLAIN", "LOGIN", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT",
	}
	commands := m.commands()
	if len(commands) < 8 {
		t.Errorf("only %d commands were seen", len(commands))
	}
	for _, command := range commands {
		if !slices.ContainsFunc(allowed, func(verb string) bool { return command == verb || strings.HasPrefix(command, verb+" ") }) {
			t.Errorf("the client said %.60q", command)
		}
		if strings.Contains(command, "BODY[") || strings.Contains(command, "RFC822") {
			t.Errorf("a fetch that marks messages as read: %q", command)
		}
	}
	raw := m.raw.String()
	if at := strings.Index(raw, "\x16\x03"); strings.HasPrefix(m.url, "imap:") && raw[:max(at, 0)] != "S1 STARTTLS\r\n" {
		t.Errorf("before TLS the client said %q", raw[:max(at, 0)])
	} else if strings.HasPrefix(m.url, "imaps:") && at != 0 {
		t.Errorf("TLS does not come first: %.20q", raw)
	}
	for _, secret := range []string{testPassword, testUser, "AUTHENTICATE", "LOGIN"} {
		if strings.Contains(raw, secret) {
			t.Errorf("%q went over the wire in clear text", secret)
		}
	}
}

// TestIMAPBadMessages reads an inbox of 60 messages, some of which the server answers about as no server should.

// TestIMAPLostConnections reads over connections that end after some messages each.

// TestIMAPStall reads past a message that the server falls silent about.

// TestIMAPPasswordComesLate has a server that does not wait as long as a person needs.
