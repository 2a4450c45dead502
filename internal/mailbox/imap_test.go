package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
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
				"inbox INBOX;1/1 H 1", "inbox INBOX;1/2 T 2", "inbox INBOX;1/3 T 3", "inbox INBOX;1/5 T 3",
				"sent Posta inviata;2/1 T 4", "junk Junk;3/1 H 5", "all All Mail;6/3 H 8",
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
			if len(progress) == 0 || progress[0] != (Progress{Folder: "INBOX", Role: RoleInbox, Looked: 4}) {
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

func TestIMAPErrors(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	good := a.good(t)
	old := a.good(t)
	old.MaxVersion = tls.VersionTLS11
	login := func(answer string) func(io.Writer, string, string) bool {
		plain := ordinary(0, nil)
		return func(w io.Writer, tag, line string) bool {
			if !strings.HasPrefix(line, "LOGIN") {
				return plain(w, tag, line)
			}
			if answer == "" {
				return false
			}
			_, err := io.WriteString(w, strings.ReplaceAll(answer, "TAG", tag))
			return err == nil
		}
	}
	const hello = "* OK hello\r\n"
	for name, c := range map[string]struct {
		script
		kind   string
		asked  bool // for the password
		server string
	}{
		"no STARTTLS":            {script{greeting: hello, plain: true, answer: refuseStartTLS}, "no-starttls", false, "BAD what?"},
		"PREAUTH in clear text":  {script{greeting: "* PREAUTH come in\r\n", plain: true, answer: refuseStartTLS}, "preauth-clear", false, ""},
		"another host":           {script{greeting: hello, tls: a.issue(t, "other.example", time.Now().Add(time.Hour))}, "cert-host", false, ""},
		"another host, STARTTLS": {script{greeting: hello, plain: true, tls: a.issue(t, "other.example", time.Now().Add(time.Hour))}, "cert-host", false, ""},
		"expired":                {script{greeting: hello, tls: a.issue(t, "localhost", time.Now().Add(-time.Hour))}, "cert-expired", false, ""},
		"unknown authority":      {script{greeting: hello, tls: stranger.good(t)}, "cert-unknown", false, ""},
		"TLS 1.1":                {script{greeting: hello, tls: old}, "tls-old", false, ""},
		"clear text":             {script{greeting: hello}, "not-tls", false, ""},
		"silent before TLS":      {script{}, "timeout", false, ""},
		"silent, STARTTLS":       {script{plain: true}, "silent", false, ""},
		"silent in TLS":          {script{tls: good}, "silent", false, ""},
		"another service":        {script{greeting: "SSH-2.0-OpenSSH_9\r\n", tls: good}, "not-imap", false, "SSH-2.0-OpenSSH_9"},
		"endless greeting":       {script{greeting: strings.Repeat("* OK", 1<<14), tls: good}, "not-imap", false, ""},
		"BYE": {
			script{greeting: "* BYE \x1b[31mback at 18:00\x07\u202e\r\n", tls: good},
			"bye", false, "[31mback at 18:00",
		},
		"BYE, unavailable": {script{greeting: "* BYE [UNAVAILABLE] maintenance\r\n", tls: good}, "unavailable", false, "maintenance"},
		"BYE, limit":       {script{greeting: "* BYE [LIMIT] too many\r\n", tls: good}, "limit", false, "too many"},
		"login disabled": {
			script{greeting: "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n", tls: good},
			"login-disabled", false, "",
		},
		"wrong password":     {script{greeting: hello, tls: good, answer: login("TAG NO [AUTHENTICATIONFAILED] no\r\n")}, "password", true, "no"},
		"unavailable":        {script{greeting: hello, tls: good, answer: login("TAG NO [UNAVAILABLE] later\r\n")}, "unavailable", true, "later"},
		"limit":              {script{greeting: hello, tls: good, answer: login("TAG NO [LIMIT] slow down\r\n")}, "limit", true, "slow down"},
		"refused, no reason": {script{greeting: hello, tls: good, answer: login("TAG NO no\r\n")}, "login-refused", true, "no"},
		"app password": {
			script{greeting: hello, tls: good, answer: login("TAG NO [ALERT] Application-specific password required\r\n")},
			"app-password", true, "Application-specific password required",
		},
		"dropped at login": {script{greeting: hello, tls: good, answer: login("")}, "dropped", true, ""},
		"BYE at login":     {script{greeting: hello, tls: good, answer: login("* BYE [UNAVAILABLE] going down\r\n")}, "unavailable", true, "going down"},
		"silent at login":  {script{greeting: hello, tls: good, answer: login("* OK wait\r\n")}, "stalled", true, ""},
		"garbage at login": {script{greeting: hello, tls: good, answer: login("?? (\r\n")}, "broken", true, ""},
		"endless at login": {script{greeting: hello, tls: good, answer: login("* LIST " + strings.Repeat("(", 1000))}, "hostile", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, sent := serveScript(t, c.script)
			cfg := config(a, address)
			asked := false
			cfg.Password = func() (string, error) { asked = true; return testPassword, nil }
			_, cov, err := readAll(IMAP(cfg))
			var e *Error
			if !errors.As(err, &e) || e.Kind != c.kind || asked != c.asked || len(cov.Roles) > 0 {
				t.Fatalf("%v (asked for the password: %v), want %s", err, asked, c.kind)
			}
			if !strings.HasPrefix(e.Server, c.server) || e.User != testUser || !strings.HasPrefix(e.Host, "localhost:") {
				t.Errorf("server %q, user %q, host %q", e.Server, e.User, e.Host)
			}
			checkWords(t, err)
			if strings.Contains(sent.String(), testPassword) {
				t.Error("the password went over the wire in clear text")
			}
		})
	}
}

func refuseStartTLS(w io.Writer, tag, _ string) bool {
	fmt.Fprintf(w, "%s BAD what?\r\n", tag)
	return true
}

func TestIMAPBadURL(t *testing.T) {
	for raw, kind := range map[string]string{
		"":                                        "url",
		"imap.sender.example":                     "url",
		"imaps://imap.sender.example":             "url",
		"https://ada@imap.sender.example":         "url",
		"imaps://ada@imap.sender.example:99999":   "url",
		"imaps://ada@imap.sender.example/INBOX":   "url",
		"imaps://ada@":                            "url",
		"imaps://ada@exa mple":                    "url",
		"imaps://ada:s3cret@imap.sender.example":  "url-password",
		"imaps://a@b.example:s3cret@imap.example": "url-password",
	} {
		_, _, err := readAll(IMAP(IMAPConfig{URL: raw}))
		var e *Error
		if !errors.As(err, &e) || e.Kind != kind || e.Stage != StageURL || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v, want %s", raw, err, kind)
		}
		checkWords(t, err)
	}
	for raw, want := range map[string]account{
		"imaps://ada@sender.example@imap.sender.example":       {"imap.sender.example", "993", "ada@sender.example", true},
		"imaps://ada%40sender.example@imap.sender.example:994": {"imap.sender.example", "994", "ada@sender.example", true},
		"imap://ada@città.example/":                            {"xn--citt-3na.example", "143", "ada", false},
		"imaps://ada@[::1]:993":                                {"::1", "993", "ada", true},
	} {
		if got, err := parseURL(raw); err != nil || got != want {
			t.Errorf("%q: %+v, %v", raw, got, err)
		}
	}
}

func TestIMAPRefusedAndUnknownHost(t *testing.T) {
	a := newAuthority(t)
	l, port := listen(t)
	l.Close()
	for address, kind := range map[string]string{
		"imaps://ada@localhost:" + port:    "refused",
		"imaps://ada@no-such-host.invalid": "dns",
	} {
		_, _, err := readAll(IMAP(config(a, address)))
		var e *Error
		if !errors.As(err, &e) || e.Kind != kind || e.Stage != StageConnect && e.Stage != StageA {
			t.Errorf("%s: %v, want %s", address, err, kind)
		}
		checkWords(t, err)
	}
}

func TestIMAPNoPassword(t *testing.T) {
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	away := errors.New("nobody at the keyboard")
	for _, password := range []func() (string, error){nil, func() (string, error) { return "", nil }, func() (string, error) { return "", away }} {
		cfg := config(a, m.url)
		cfg.Password = password
		_, _, err := readAll(IMAP(cfg))
		var e *Error
		if !errors.As(err, &e) || e.Kind != "no-password" || !(errors.Is(err, errNoPassword) || errors.Is(err, away)) {
			t.Errorf("%v", err)
		}
	}
	for _, command := range m.commands() {
		if strings.HasPrefix(command, "LOGIN") || strings.HasPrefix(command, "AUTHENTICATE") {
			t.Errorf("a login without a password: %q", command)
		}
	}
}

func TestIMAPContextEndsAtOnce(t *testing.T) {
	a := newAuthority(t)
	for name, s := range map[string]script{
		"before TLS":  {},
		"at greeting": {tls: a.good(t)},
		"at login":    {tls: a.good(t), greeting: "* OK hi\r\n", answer: func(io.Writer, string, string) bool { return true }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, _ := serveScript(t, s)
			cfg := config(a, address)
			cfg.Timeouts = Timeouts{}
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err := IMAP(cfg).Read(ctx, func(Message) error { return nil })
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 2*time.Second {
				t.Errorf("%v after %v", err, time.Since(start))
			}
		})
	}
}

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

// TestIMAPBadMessages reads an inbox of 60 messages, some of which the server answers about as no server should.
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

// TestIMAPLostConnections reads over connections that end after some messages each.
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

// TestIMAPStall reads past a message that the server falls silent about.
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

// TestIMAPPasswordComesLate has a server that does not wait as long as a person needs.
func TestIMAPPasswordComesLate(t *testing.T) {
	a := newAuthority(t)
	connections := 0
	plain := ordinary(0, nil)
	address, _ := serveScript(t, script{greeting: "* OK hi\r\n", tls: a.good(t), answer: func(w io.Writer, tag, line string) bool {
		if line == "CAPABILITY" {
			connections++
		}
		if strings.HasPrefix(line, "LOGIN") && connections == 1 {
			return false
		}
		return plain(w, tag, line)
	}})
	cfg := config(a, address)
	asked := 0
	cfg.Password = func() (string, error) {
		asked++
		time.Sleep(1200 * time.Millisecond)
		return testPassword, nil
	}
	cfg.Timeouts.Dial = time.Second
	_, cov, err := readAll(IMAP(cfg))
	if err != nil || asked != 1 || !cov.Roles[RoleInbox] {
		t.Errorf("asked %d times, %v, %v", asked, cov.Roles, err)
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
	if err != nil || len(got) > 0 || cov.Roles[RoleInbox] || len(cov.Unreadable) != 2+headerChunk {
		t.Fatalf("%d messages, %d unreadable, %v", len(got), len(cov.Unreadable), err)
	}
	list := notes(cov)
	if list[0] != "too-many INBOX" || list[len(list)-1] != "folder-refused INBOX" {
		t.Errorf("unreadable begins %q and ends %q", list[0], list[len(list)-1])
	}
}

func TestInterest(t *testing.T) {
	for header, want := range map[string]interest{
		"From: a@b.example\r\nSubject: lunch\r\n":                                           interestNone,
		"From: a@b.example\r\nSubject: Re: lunch\r\n":                                       interestReply,
		"From: a@b.example\r\nSubject: R: pranzo\r\n":                                       interestReply,
		"From: a@b.example\r\nReferences:\r\n <1@x.example>\r\n":                            interestReply,
		"From: MAILER-DAEMON@mx.example\r\nSubject: x\r\nIn-Reply-To: <1@x.example>\r\n":    interestBounce,
		"From: postmaster@mx.example\r\nSubject: x\r\n":                                     interestBounce,
		"Return-Path: <>\r\nFrom: a@b.example\r\n":                                          interestBounce,
		"From: a@b.example\r\nContent-Type: multipart/report; report-type=delivery-status":  interestBounce,
		"From: a@b.example\r\nX-Failed-Recipients: c@d.example\r\n":                         interestBounce,
		"From: a@b.example\r\nAuto-Submitted: auto-replied\r\n":                             interestBounce,
		"From: a@b.example\r\nAuto-Submitted: no\r\nSubject: x\r\n":                         interestNone,
		"From: a@b.example\r\nSubject: Undelivered Mail Returned to Sender\r\n":             interestBounce,
		"From: posta-certificata@pec.example\r\nX-Ricevuta: errore-consegna\r\n":            interestBounce,
		"From: a@b.example\r\nSubject: =?utf-8?q?Non_recapitabile=3A?= x\r\n":               interestBounce,
		"Subject: note for R&D: budget\r\nFrom: a@b.example\r\nX-Mailer: something: else\n": interestNone,
	} {
		if got := interestOf([]byte(header + "\r\n")); got != want {
			t.Errorf("%q: %d, want %d", header, got, want)
		}
	}
}
