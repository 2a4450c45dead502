package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// checked runs a check and gives its stages in the order in which they were told, the two of DNS sorted.
func checked(ctx context.Context, cfg IMAPConfig) (stages []string, results map[Stage]StageResult, err error) {
	results = map[Stage]StageResult{}
	err = Check(ctx, cfg, func(r StageResult) {
		results[r.Stage] = r
		stages = append(stages, string(r.Stage))
	})
	if len(stages) > 1 {
		slices.Sort(stages[:2])
	}
	return stages, results, err
}

func TestCheckGoesAllTheWay(t *testing.T) {
	a := newAuthority(t)
	for _, implicit := range []bool{true, false} {
		t.Run(fmt.Sprintf("implicit %v", implicit), func(t *testing.T) {
			m := serveMemory(t, a, implicit)
			fill(t, m)
			m.put(t, "INBOX", ordinaryMessage, january.Add(time.Hour))
			stages, results, err := checked(t.Context(), config(a, m.url))
			if err != nil {
				t.Fatal(err)
			}
			want := "dns-a dns-aaaa connect tls greeting capabilities login capabilities open newest"
			if !implicit {
				want = "dns-a dns-aaaa connect greeting tls capabilities login capabilities open newest"
			}
			if got := strings.Join(stages, " "); got != want {
				t.Errorf("stages %s, want %s", got, want)
			}
			for stage, r := range results {
				if r.Err != nil || r.Took < 0 || r.Took > 5*time.Second {
					t.Errorf("%s: %v after %v", stage, r.Err, r.Took)
				}
			}
			if got := results[StageNewest].Newest; !got.Equal(january.Add(time.Hour)) {
				t.Errorf("the newest message arrived %v", got)
			}
			if left := time.Until(results[StageTLS].Until); left < 50*time.Minute || left > 70*time.Minute {
				t.Errorf("the certificate is good for %v", left)
			}
			checkDialogue(t, m, "AUTHENTICATE PLAIN", "EXAMINE INBOX", "FETCH 6 (INTERNALDATE)", "LOGOUT")
		})
	}
}

// checkDialogue holds what was said to be these commands, apart from CAPABILITY and from what is said with a login.
func checkDialogue(t *testing.T, m *memory, want ...string) {
	t.Helper()
	var got []string
	for _, command := range m.commands() {
		if strings.HasPrefix(command, "AUTHENTICATE ") {
			command = strings.Join(strings.Fields(command)[:2], " ")
		}
		if command != "CAPABILITY" {
			got = append(got, command)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the client said %q, want %q", got, want)
	}
}

func TestCheckWithoutCredentials(t *testing.T) {
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	cfg := config(a, strings.Replace(m.url, testUser+"@", "", 1))
	cfg.Password = nil
	stages, results, err := checked(t.Context(), cfg)
	if want := "dns-a dns-aaaa connect tls greeting capabilities"; err != nil || strings.Join(stages, " ") != want {
		t.Errorf("stages %q, %v", stages, err)
	}
	if !strings.Contains(results[StageCapabilities].Detail, "IMAP4REV1") {
		t.Errorf("capabilities %q", results[StageCapabilities].Detail)
	}
	checkDialogue(t, m, "LOGOUT")
	cfg.Password = func() (string, error) { return testPassword, nil }
	var e *Error
	if err := Check(t.Context(), cfg, nil); !errors.As(err, &e) || e.Kind != KindURL {
		t.Errorf("a password without a user: %v", err)
	}
}

func TestCheckHoldsTheConnection(t *testing.T) {
	a := newAuthority(t)
	m := serveMemory(t, a, true)
	fill(t, m)
	held, err := CheckAndHold(t.Context(), config(a, m.url), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := held.Noop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	held.Close()
	var e *Error
	if err := held.Noop(t.Context()); !errors.As(err, &e) || e.Kind != KindDropped || e.Stage != StageNoop {
		t.Errorf("after the end: %v", err)
	}
	if logins := count(m.commands(), "AUTHENTICATE"); logins != 1 {
		t.Errorf("%d logins", logins)
	}
}

// saying makes a server's answers: the commands that begin with a key get the value, with TAG for the tag; others go well. A
// value that ends in "CLOSE" ends the connection behind it.
func saying(answers map[string]string) func(io.Writer, string, string) bool {
	plain := ordinary(1, func(w io.Writer, uid int, _ string) {
		fmt.Fprintf(w, "* %d FETCH (INTERNALDATE \"23-Jan-2023 11:00:00 +0100\")\r\n", uid)
	})
	return func(w io.Writer, tag, line string) bool {
		for verb, answer := range answers {
			if strings.HasPrefix(line, verb) {
				text, end := strings.CutSuffix(answer, "CLOSE")
				io.WriteString(w, strings.ReplaceAll(text, "TAG", tag))
				return !end
			}
		}
		return plain(w, tag, line)
	}
}

func TestCheckTellsEndingsApart(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	good := a.good(t)
	const hello = "* OK hello\r\n"
	at := func(verb, answer string) script {
		return script{greeting: hello, tls: good, answer: saying(map[string]string{verb: answer})}
	}
	for name, c := range map[string]struct {
		script
		stage Stage
		kind  string
	}{
		"all is well":                  {at("NOTHING", ""), "", ""},
		"tls-stripped":                 {script{greeting: hello, plain: true, answer: refuseStartTLS}, StageTLS, KindNoStartTLS},
		"tls-host":                     {script{greeting: hello, tls: a.issue(t, "other.example", time.Now().Add(time.Hour))}, StageTLS, KindCertHost},
		"tls-expired":                  {script{greeting: hello, tls: a.issue(t, "localhost", time.Now().Add(-time.Hour))}, StageTLS, KindCertExpired},
		"tls-unknown-ca":               {script{greeting: hello, tls: stranger.good(t)}, StageTLS, KindCertUnknown},
		"bye at greeting":              {script{greeting: "* BYE too busy\r\n", tls: good}, StageGreeting, KindBye},
		"bye at greeting, in clear":    {script{greeting: "* BYE too busy\r\n", plain: true, answer: refuseStartTLS}, StageGreeting, KindBye},
		"bye instead of STARTTLS":      {script{greeting: hello, plain: true, answer: saying(map[string]string{"STARTTLS": "* BYE [UNAVAILABLE] later\r\n"})}, StageTLS, KindUnavailable},
		"unavailable at greeting":      {script{greeting: "* BYE [UNAVAILABLE] x\r\n", tls: good}, StageGreeting, KindUnavailable},
		"limit at greeting":            {script{greeting: "* BYE [limit] x\r\n", tls: good}, StageGreeting, KindLimit},
		"unavailable":                  {at("LOGIN", "TAG NO [UNAVAILABLE] User is not known just now\r\n"), StageLogin, KindUnavailable},
		"limit":                        {at("LOGIN", "TAG NO [LIMIT] Maximum number of connections exceeded\r\n"), StageLogin, KindLimit},
		"inuse":                        {at("LOGIN", "TAG NO [INUSE] Mailbox in use\r\n"), StageLogin, KindInUse},
		"serverbug":                    {at("LOGIN", "TAG NO [SERVERBUG] Internal error occurred\r\n"), StageLogin, KindServerBug},
		"auth-failed":                  {at("LOGIN", "TAG NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"), StageLogin, KindPassword},
		"a bare NO":                    {at("LOGIN", "TAG NO Login failed\r\n"), StageLogin, KindLoginRefused},
		"a NO without a word":          {at("LOGIN", "TAG NO\r\n"), StageLogin, KindLoginRefused},
		"a BAD":                        {at("LOGIN", "TAG BAD eh?\r\n"), StageLogin, KindLoginRefused},
		"bye at login":                 {at("LOGIN", "* BYE [UNAVAILABLE] x\r\n"), StageLogin, KindUnavailable},
		"inuse at the inbox":           {at("EXAMINE", "TAG NO [INUSE] x\r\n"), StageOpen, KindInUse},
		"refused at the inbox":         {at("EXAMINE", "TAG NO x\r\n"), StageOpen, KindServerRefused},
		"serverbug at the message":     {at("FETCH", "TAG NO [SERVERBUG] x\r\n"), StageNewest, KindServerBug},
		"silence after connect":        {script{tls: good}, StageGreeting, KindSilent},
		"silence after connect, clear": {script{plain: true}, StageGreeting, KindSilent},
		"silence before TLS":           {script{}, StageTLS, KindTimeout},
		"silence at the capabilities":  {at("CAPABILITY", "* OK wait\r\n"), StageCapabilities, KindStalled},
		"silence at the inbox":         {at("EXAMINE", ""), StageOpen, KindStalled},
		"cut in the greeting":          {cutGreeting(good), StageGreeting, KindCut},
		"cut at the capabilities":      {at("CAPABILITY", "* CAPABILITY IMAP4rCLOSE"), StageCapabilities, KindCut},
		"cut at the login":             {at("LOGIN", "TAG OCLOSE"), StageLogin, KindCut},
		"cut in a literal":             {at("FETCH", "* 1 FETCH (X {100}\r\nabcCLOSE"), StageNewest, KindCut},
		"dropped at the login":         {at("LOGIN", "CLOSE"), StageLogin, KindDropped},
		"garbage as greeting":          {script{greeting: "\x00\xff\x80?!\r\n", tls: good}, StageGreeting, KindNotIMAP},
		"garbage at the capabilities":  {at("CAPABILITY", "\x00\xff\x80?!\r\n"), StageCapabilities, KindBroken},
		"no capabilities":              {at("CAPABILITY", "TAG OK\r\n"), StageCapabilities, KindBroken},
		"garbage at the login":         {at("LOGIN", "Z9 OK\r\n"), StageLogin, KindBroken},
		"SMTP":                         {script{greeting: "220 mx.example ESMTP Postfix\r\n", tls: good}, StageGreeting, KindIsSMTP},
		"SMTP in trouble":              {script{greeting: "421-busy\r\n", tls: good}, StageGreeting, KindIsSMTP},
		"SMTP in clear":                {script{greeting: "220 mx.example ESMTP\r\n", plain: true, answer: refuseStartTLS}, StageGreeting, KindIsSMTP},
		"SMTP in clear, TLS expected":  {script{greeting: "220 mx.example ESMTP\r\n"}, StageTLS, KindIsSMTP},
		"POP3":                         {script{greeting: "+OK ready\r\n", tls: good}, StageGreeting, KindIsPOP3},
		"POP3 in clear, TLS expected":  {script{greeting: "+OK ready\r\n"}, StageTLS, KindIsPOP3},
		"HTTP":                         {script{greeting: "HTTP/1.1 400 Bad Request\r\n", tls: good}, StageGreeting, KindIsHTTP},
		"HTTP in clear, TLS expected":  {script{greeting: "HTTP/1.1 400 Bad Request\r\n"}, StageTLS, KindIsHTTP},
		"IMAP in clear, TLS expected":  {script{greeting: hello}, StageTLS, KindNotTLS},
		"FTP":                          {script{greeting: "220 ProFTPD FTP\r\n", tls: good}, StageGreeting, KindNotIMAP},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, sent := serveScript(t, c.script)
			cfg := config(a, address)
			cfg.Timeouts = Timeouts{Dial: 700 * time.Millisecond, Idle: 700 * time.Millisecond}
			stages, results, err := checked(t.Context(), cfg)
			if c.kind == "" {
				if err != nil || results[StageNewest].Newest.IsZero() {
					t.Errorf("%v %v", stages, err)
				}
				return
			}
			var e *Error
			if !errors.As(err, &e) || e.Kind != c.kind || e.Stage != c.stage {
				t.Fatalf("%v, want %s at %s", err, c.kind, c.stage)
			}
			if last := stages[len(stages)-1]; last != string(c.stage) || results[c.stage].Err != err {
				t.Errorf("told %v, %v last", stages, results[c.stage].Err)
			}
			checkWords(t, err)
			if strings.Contains(sent.String(), testPassword) {
				t.Error("the password went over the wire in clear text")
			}
		})
	}
}

// cutGreeting closes in the middle of the greeting.
func cutGreeting(good *tls.Config) script {
	return script{tls: good, hangUp: true, greeting: "* OK hel"}
}

func TestCheckRefusedAndUnknown(t *testing.T) {
	a := newAuthority(t)
	l, port := listen(t)
	l.Close()
	for address, kind := range map[string]string{
		"imaps://ada@localhost:" + port:    KindRefused,
		"imaps://ada@127.0.0.1:" + port:    KindRefused,
		"imaps://ada@no-such-host.invalid": KindDNS,
	} {
		stages, _, err := checked(t.Context(), config(a, address))
		var e *Error
		if !errors.As(err, &e) || e.Kind != kind {
			t.Errorf("%s: %v %v, want %s", address, stages, err, kind)
		}
		checkWords(t, err)
	}
}

// TestCheckLeavesNothing runs checks of every ending and counts what is left of them.
func TestCheckLeavesNothing(t *testing.T) {
	a := newAuthority(t)
	good := a.good(t)
	var addresses []string
	for _, s := range []script{
		{tls: good},
		{},
		{greeting: "* OK hi\r\n", tls: good, answer: saying(map[string]string{"LOGIN": ""})},
		{greeting: "* OK hi\r\n", tls: good, answer: saying(nil)},
		{greeting: "* BYE\r\n", tls: good},
	} {
		address, _ := serveScript(t, s)
		addresses = append(addresses, address)
	}
	runtime.GC()
	before := runtime.NumGoroutine()
	for _, address := range addresses {
		for range 5 {
			cfg := config(a, address)
			cfg.Timeouts = Timeouts{Dial: 50 * time.Millisecond, Idle: 50 * time.Millisecond}
			Check(t.Context(), cfg, nil)
		}
	}
	ours := func() (n int) {
		buf := make([]byte, 1<<20)
		for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			if strings.Contains(stack, "mailbox.(*course)") || strings.Contains(stack, "mailbox.race") || strings.Contains(stack, "mailbox.(*talk)") || strings.Contains(stack, "crypto/tls.(*Conn).handshakeContext") && strings.Contains(stack, "clientHandshake") {
				n++
			}
		}
		return n
	}
	if n := ours(); n > 0 {
		t.Errorf("%d goroutines of checks are left", n)
	}
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond) // the servers of the test end their own
	}
	if n := runtime.NumGoroutine(); n > before+len(addresses)*5 {
		t.Errorf("%d goroutines before, %d after", before, n)
	}
}

// TestCheckBudget lets stage after stage take as long as it may.
func TestCheckBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &budget{begun: time.Now(), limits: Timeouts{}.forCheck()}
		start := time.Now()
		for _, stage := range []Stage{StageA, StageConnect, StageTLS, StageGreeting, StageCapabilities, StageLogin, StageOpen, StageNewest} {
			if limit := b.limit(stage); limit > 12*time.Second {
				t.Errorf("%s may take %v", stage, limit)
			} else {
				time.Sleep(limit)
			}
		}
		if took := time.Since(start); took > 18*time.Second {
			t.Errorf("all together %v", took)
		}
		with := b.apart(credentials{password: func() (string, error) { time.Sleep(time.Hour); return "x", nil }})
		b.begun = time.Now()
		with.password()
		if left := b.limit(StageLogin); left != 12*time.Second {
			t.Errorf("after an hour at the keyboard %v are left", left)
		}
	})
}

// found gives a lookup of a test's own.
func found(a4, a6 func(context.Context) ([]netip.Addr, error)) lookup {
	return func(ctx context.Context, network, _ string) ([]netip.Addr, error) {
		if network == "ip4" {
			return a4(ctx)
		}
		return a6(ctx)
	}
}

func TestAddresses(t *testing.T) {
	v4, v6 := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	have := func(list ...netip.Addr) func(context.Context) ([]netip.Addr, error) {
		return func(context.Context) ([]netip.Addr, error) { return list, nil }
	}
	none := func(context.Context) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}
	}
	mute := func(ctx context.Context) ([]netip.Addr, error) { <-ctx.Done(); return nil, ctx.Err() }
	broken := func(context.Context) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "server misbehaving", Name: "x", IsTemporary: true}
	}
	for name, c := range map[string]struct {
		a4, a6 func(context.Context) ([]netip.Addr, error)
		want   []netip.Addr
		failed []Stage
		took   time.Duration
	}{
		"both":                 {have(v4), have(v6), []netip.Addr{v6, v4}, nil, 0},
		"IPv4 only":            {have(v4), none, []netip.Addr{v4}, nil, 0},
		"IPv6 only":            {none, have(v6), []netip.Addr{v6}, nil, 0},
		"in turns":             {have(v4, v4.Next(), v4.Next().Next()), have(v6), []netip.Addr{v6, v4, v4.Next(), v4.Next().Next()}, nil, 0},
		"AAAA is not answered": {have(v4), mute, []netip.Addr{v4}, []Stage{StageAAAA}, resolutionDelay},
		"A is broken":          {broken, have(v6), []netip.Addr{v6}, []Stage{StageA}, 0},
		"neither":              {none, none, nil, nil, 0},
		"both broken":          {broken, broken, nil, []Stage{StageA, StageAAAA}, 0},
		"both mute":            {mute, mute, nil, []Stage{StageA, StageAAAA}, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := IMAPConfig{Timeouts: Timeouts{Dial: 5 * time.Second}}
				course := account{host: "imap.example", port: "993"}.newCourse(&cfg)
				course.lookup = found(c.a4, c.a6)
				var mu sync.Mutex
				var failed []Stage
				course.tell = func(r StageResult) {
					mu.Lock()
					defer mu.Unlock()
					if r.Err != nil {
						failed = append(failed, r.Stage)
					}
				}
				start := time.Now()
				got, err := course.addresses(t.Context())
				slices.Sort(failed)
				if !slices.Equal(got, c.want) || (err != nil) != (c.want == nil) || !slices.Equal(failed, c.failed) || time.Since(start) != c.took {
					t.Errorf("%v, %v, failed %v, after %v", got, err, failed, time.Since(start))
				}
				var e *Error
				if err != nil && (!errors.As(err, &e) || e.Kind != KindDNS) {
					t.Error(err)
				}
			})
		})
	}
}

// TestHappyEyeballs connects where the first address does not answer, or refuses.
func TestHappyEyeballs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	here := netip.MustParseAddr("127.0.0.1")
	for name, first := range map[string]string{"refused": "127.0.0.2", "unreachable": "2001:db8::1", "mute": "192.0.2.1"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			start := time.Now()
			conn, err := race(ctx, []netip.Addr{netip.MustParseAddr(first), here}, port)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if took := time.Since(start); took > attemptDelay+time.Second || conn.RemoteAddr().String() != l.Addr().String() {
				t.Errorf("connected to %s after %v", conn.RemoteAddr(), took)
			}
		})
	}
}

func TestInternalDate(t *testing.T) {
	for line, want := range map[string]string{
		`1 FETCH (INTERNALDATE "23-Jan-2023 11:00:00 +0100")`:       "2023-01-23T10:00:00Z",
		`1 fetch (UID 3 internaldate " 3-Jan-2023 11:00:00 +0000")`: "2023-01-03T11:00:00Z",
		`1 FETCH (INTERNALDATE "03-Jan-0001 11:00:00 +0000")`:       "",
		`1 FETCH (INTERNALDATE "yesterday")`:                        "",
		`1 FETCH (INTERNALDATE "23-Jan-2023 11:00:00 +0100`:         "",
		`1 FETCH (FLAGS ())`:         "",
		`1 FETCH (INTERNALDATE NIL)`: "",
		`1 FETCH (INTERNALDATE "23-Jan-2023 11:00:00 +0100" FLAGS (`: "2023-01-23T10:00:00Z",
	} {
		at, ok := internalDate(line)
		if got := at.UTC().Format(time.RFC3339); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %s %v", line, got, ok)
		}
	}
}
