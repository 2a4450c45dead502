package mailbox

import (
	"bufio"
	"bytes"
	"compress/flate"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// recorder stands between a client and a server, ends TLS on both sides, and keeps what clients say.
type recorder struct {
	url   string // to go to instead of the server's
	mu    sync.Mutex
	heard []*record // one for each conversation
	said  []*record // what the server said in it
}

// startRecorder starts one before the server at address (host:port, TLS from the start, certificate by a). With plain it offers
// STARTTLS itself.
func startRecorder(t testing.TB, a *authority, address string, plain bool) *recorder {
	t.Helper()
	l, port := listen(t)
	scheme := map[bool]string{false: "imaps", true: "imap"}[plain]
	r := &recorder{url: fmt.Sprintf("%s://%s@localhost:%s", scheme, testUser, port)}
	mine, theirs := a.good(t), clientTLS(a)
	var wg sync.WaitGroup
	var open sync.Map
	t.Cleanup(func() {
		l.Close()
		open.Range(func(c, _ any) bool { c.(net.Conn).Close(); return true })
		wg.Wait()
	})
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			server, err := tls.Dial("tcp", address, theirs)
			if err != nil {
				t.Error(err)
				conn.Close()
				return
			}
			open.Store(conn, nil)
			open.Store(net.Conn(server), nil)
			wg.Go(func() { r.relay(conn, server, mine, plain) })
		}
	})
	return r
}

// relay holds one conversation.
func (r *recorder) relay(conn, server net.Conn, config *tls.Config, plain bool) {
	defer conn.Close()
	defer server.Close()
	greeting := bufio.NewReader(server)
	if plain {
		if _, err := greeting.ReadString('\n'); err != nil {
			return
		}
		io.WriteString(conn, "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\r\n")
		line, err := readLine(conn, 100)
		if err != nil || line != "S1 STARTTLS" {
			return
		}
		io.WriteString(conn, "S1 OK go\r\n")
	}
	secure := tls.Server(conn, config)
	heard, said := &record{}, &record{}
	r.mu.Lock()
	r.heard, r.said = append(r.heard, heard), append(r.said, said)
	r.mu.Unlock()
	var wg sync.WaitGroup
	wg.Go(func() { io.Copy(io.MultiWriter(heard, server), secure); server.Close() })
	io.Copy(io.MultiWriter(said, secure), greeting)
	secure.Close()
	conn.Close()
	wg.Wait()
}

// commands gives all that clients said, without tags, passwords and literals.
func (r *recorder) commands(t testing.TB) (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, heard := range r.heard {
		list = append(list, parseCommands(t, []byte(heard.String()))...)
	}
	return list
}

// continuation is a line that is no command: the answer to a "+", in Base64 or empty.
var continuation = regexp.MustCompile(`^[A-Za-z0-9+/]*=*$`)

// parseCommands reads what one client said as a server would. Behind COMPRESS DEFLATE the rest is inflated (RFC 4978).
func parseCommands(t testing.TB, said []byte) (list []string) {
	t.Helper()
	var in io.Reader = bytes.NewReader(said)
	for awaited := false; ; {
		line, err := readLine(in, 1<<20)
		if err != nil {
			if rest, _ := io.ReadAll(in); len(rest) > 0 {
				t.Errorf("%d bytes that are no command: %v", len(rest), err)
			}
			return list
		}
		tag, command, _ := strings.Cut(line, " ")
		switch {
		case line == "DONE":
			list = append(list, line)
			continue
		case awaited && command == "" && continuation.MatchString(tag):
			continue
		case tag == "" || command == "":
			t.Errorf("the client said %.80q", line)
			continue
		}
		for {
			open := strings.LastIndexByte(command, '{')
			size, err := strconv.Atoi(strings.Trim(command[open+1:], "+}"))
			if open < 0 || err != nil || !strings.HasSuffix(command, "}") {
				break
			}
			io.CopyN(io.Discard, in, int64(size))
			more, _ := readLine(in, 1<<20)
			command = command[:open] + "LITERAL" + more
		}
		awaited = strings.HasPrefix(command, "AUTHENTICATE ")
		if awaited || strings.HasPrefix(command, "LOGIN ") {
			command = strings.Join(strings.Fields(command)[:1], " ")
		}
		list = append(list, command)
		if command == "COMPRESS DEFLATE" {
			in = flate.NewReader(in)
		}
	}
}

// readingCommands are all that may ever be said to a server.
var readingCommands = []*regexp.Regexp{
	regexp.MustCompile(`^(CAPABILITY|NOOP|AUTHENTICATE|LOGIN|STARTTLS|IDLE|DONE|COMPRESS DEFLATE|LOGOUT)$`),
	regexp.MustCompile(`^(ID|LIST|STATUS|EXAMINE|ENABLE|NAMESPACE) `),
	regexp.MustCompile(`^NAMESPACE$`),
	regexp.MustCompile(`^(UID )?SEARCH `),
	regexp.MustCompile(`^(UID )?FETCH [0-9:,*]+ \((.*)\)( \(CHANGEDSINCE [0-9]+( VANISHED)?\))?$`),
}

// fetchItem is what a FETCH may ask for: nothing of it marks a message as read.
var fetchItem = regexp.MustCompile(`^(UID|FLAGS|INTERNALDATE|RFC822\.SIZE|MODSEQ|BODY|BODYSTRUCTURE|BODY\.PEEK\[[^\]]*\](<[0-9]+\.[0-9]+>)?)$`)

// fetchItems splits the list of a FETCH at the blanks outside of brackets.
var fetchItems = regexp.MustCompile(`BODY\.PEEK\[[^\]]*\](<[0-9.]+>)?|[^ ]+`)

// checkOnlyReads holds every command to be one of those that read.
func checkOnlyReads(t testing.TB, commands []string) {
	t.Helper()
	for _, command := range commands {
		if !slices.ContainsFunc(readingCommands, func(r *regexp.Regexp) bool { return r.MatchString(command) }) {
			t.Errorf("the client said %.120q", command)
		}
		m := readingCommands[len(readingCommands)-1].FindStringSubmatch(command)
		if m == nil {
			continue
		}
		for _, item := range fetchItems.FindAllString(m[2], -1) {
			if !fetchItem.MatchString(item) {
				t.Errorf("the client fetches %q: %.120q", item, command)
			}
		}
	}
}

func TestRecorderSeesWhatWrites(t *testing.T) {
	for said, want := range map[string]bool{
		"A1 CAPABILITY\r\n": true,
		"A1 AUTHENTICATE PLAIN\r\nAGFkYQ==\r\nA2 NOOP\r\n":                           true,
		"A1 LOGIN ada {3}\r\nabc\r\n":                                                true,
		"A1 LOGIN {3}\r\nada {12}\r\nA2 EXPUNGE\r\n\r\n":                             true, // a password
		"A1 IDLE\r\nDONE\r\n":                                                        true,
		"A1 UID FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (FROM TO)]<0.100>)\r\n": true,
		"A1 FETCH 1 (INTERNALDATE)\r\n":                                              true,
		"A1 UID FETCH 1 (BODY[])\r\n":                                                false,
		"A1 UID FETCH 1 (BODY.PEEK[] RFC822)\r\n":                                    false,
		"A1 UID FETCH 1 (RFC822.TEXT)\r\n":                                           false,
		"A1 SELECT INBOX\r\n":                                                        false,
		"A1 STORE 1 +FLAGS (\\Seen)\r\n":                                             false,
		"A1 UID STORE 1 +FLAGS (\\Seen)\r\n":                                         false,
		"A1 EXPUNGE\r\n":                                                             false,
		"A1 CLOSE\r\n":                                                               false,
		"A1 APPEND Sent {3}\r\nabc\r\n":                                              false,
		"A1 UID MOVE 1 Trash\r\n":                                                    false,
		"A1 CREATE x\r\n":                                                            false,
		"A1 COMPRESS DEFLATE\r\n" + squeezed("A2 NOOP\r\nA3 UID COPY 1 Trash\r\n"):                             false,
		"A1 COMPRESS DEFLATE\r\n" + squeezed("A2 EXAMINE INBOX\r\nA3 STATUS INBOX (UIDNEXT)\r\nA4 LOGOUT\r\n"): true,
		"A1 NOOP\r\nEXPUNGE\r\n": false,
	} {
		probe := &quietly{TB: t}
		checkOnlyReads(probe, parseCommands(probe, []byte(said)))
		if probe.failed == want {
			t.Errorf("%q: objected to %v", said, probe.failed)
		}
	}
}

// quietly notes failures instead of reporting them.
type quietly struct {
	testing.TB
	failed bool
}

func (q *quietly) Errorf(string, ...any) { q.failed = true }

func squeezed(text string) string {
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, flate.BestSpeed)
	io.WriteString(z, text)
	z.Flush()
	return b.String()
}
