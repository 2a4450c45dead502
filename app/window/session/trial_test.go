package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rimbalzo/app/accounts"
	"rimbalzo/internal/account"
	"rimbalzo/internal/demo"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// fakeKeyring is a keyring in memory.
type fakeKeyring struct {
	mu   sync.Mutex
	kept map[string]string
	err  error // of every call
}

func (k *fakeKeyring) Get(_ context.Context, id string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.kept[id]
	if k.err == nil && !ok {
		return "", account.ErrNoSecret
	}
	return s, k.err
}

func (k *fakeKeyring) Set(_ context.Context, id, secret string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil {
		k.kept[id] = secret
	}
	return k.err
}

func (k *fakeKeyring) Delete(_ context.Context, id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, id)
	return k.err
}

func (k *fakeKeyring) State(context.Context) account.State { return account.Ready }

// newDesk gives a desk with a data folder of its own.
func newDesk(t *testing.T) (*accounts.Desk, *fakeKeyring) {
	t.Helper()
	k := &fakeKeyring{kept: map[string]string{}}
	return &accounts.Desk{Data: filepath.Join(t.TempDir(), "data"), Vault: account.Remember(k), Quiet: k}, k
}

// demoAccount starts the demo's servers and gives their account.
func demoAccount(t *testing.T) (account.Account, *demo.Server) {
	t.Helper()
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return account.Account{
		ID: s.User, Address: s.User, User: s.User, Kind: account.IMAP, Auth: account.Password, CA: string(s.CAPEM),
		IMAP: endpoint(t, s.IMAPURL[strings.LastIndexByte(s.IMAPURL, '@')+1:]),
	}, s
}

func endpoint(t *testing.T, at string) account.Endpoint {
	t.Helper()
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return account.Endpoint{Host: host, Port: n, Security: account.TLS}
}

// TestTrial: what works is kept; a wrong password is told apart from an outage, and the failed step is named.
func TestTrial(t *testing.T) {
	acc, s := demoAccount(t)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	ongoing := outage.Builtin()
	// A moment inside an outage of the demo's provider, if the account were there.
	inOutage := acc
	inOutage.Address = "anna@libero.it"
	for name, tc := range map[string]struct {
		change   func(*Trial)
		now      time.Time
		steps    string
		keepable bool
	}{
		"works":             {func(*Trial) {}, time.Now(), "connect tls greeting login open", false},
		"wrong password":    {func(tr *Trial) { tr.Secret = "wrong" }, time.Now(), "connect tls greeting login!", false},
		"wrong, in outage":  {func(tr *Trial) { tr.Secret, tr.Account = "wrong", inOutage }, time.Date(2023, 1, 24, 12, 0, 0, 0, time.UTC), "connect tls greeting login!", true},
		"nobody answers":    {func(tr *Trial) { tr.Account.IMAP = endpoint(t, closed.Addr().String()) }, time.Now(), "connect!", true},
		"wrong certificate": {func(tr *Trial) { tr.Account.CA = "" }, time.Now(), "connect tls!", false},
	} {
		t.Run(name, func(t *testing.T) {
			desk, _ := newDesk(t)
			trial := Trial{Account: acc, Secret: s.Password, Sure: true}
			tc.change(&trial)
			var steps []string
			o := trial.Try(t.Context(), desk, ongoing, tc.now, func(s TrialStep) {
				if s.Failed {
					s.ID += "!"
				}
				if len(steps) == 0 || steps[len(steps)-1] != s.ID {
					steps = append(steps, s.ID)
				}
			})
			if got := strings.Join(steps, " "); got != tc.steps || o.Keepable() != tc.keepable || (o.Err == nil) != !strings.Contains(tc.steps, "!") {
				t.Errorf("steps %q, %+v", got, o)
			}
			if list, _, err := desk.List(); err != nil || len(list) != 0 {
				t.Errorf("a trial left %v, %v", list, err)
			}
		})
	}
}

// TestTrialIsCancelledAtOnce: a server that takes the connection and is silent holds nobody.
func TestTrialIsCancelledAtOnce(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	acc, s := demoAccount(t)
	acc.IMAP = endpoint(t, l.Addr().String())
	desk, _ := newDesk(t)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	began := time.Now()
	o := Trial{Account: acc, Secret: s.Password}.Try(ctx, desk, outage.Builtin(), time.Now(), func(TrialStep) {})
	if !errors.Is(o.Err, context.Canceled) || o.Keepable() || time.Since(began) > 2*time.Second {
		t.Errorf("ended after %v with %+v", time.Since(began), o)
	}
}

// TestKeep: the secret goes into the keyring; where that cannot take it, it is kept in memory and the reason is a sentence.
func TestKeep(t *testing.T) {
	for name, tc := range map[string]struct {
		broken error
		says   string
	}{
		"a keyring":    {nil, ""},
		"none":         {account.ErrNoBus, "no place to keep passwords"},
		"no program":   {account.ErrNoService, "No program that keeps passwords"},
		"locked":       {account.ErrLocked, "is locked"},
		"mute":         {account.ErrMute, "does not answer"},
		"not unlocked": {account.ErrDismissed, "was not unlocked"},
	} {
		t.Run(name, func(t *testing.T) {
			desk, keyring := newDesk(t)
			keyring.err = tc.broken
			acc := account.Account{ID: "anna@studio.example", Address: "anna@studio.example", User: "anna@studio.example", Kind: account.IMAP, Auth: account.Password, IMAP: account.Endpoint{Host: "imap.studio.example", Port: 993, Security: account.TLS}}
			memory, err := Trial{Account: acc, Secret: "pa55"}.Keep(t.Context(), desk)
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			if memory != nil {
				said, _ = account.Describe(memory, words.New("en"))
			}
			if (tc.says == "") != (said == "") || !strings.Contains(said, tc.says) || (said != "" && !strings.Contains(said, "in memory")) {
				t.Errorf("says %q, want %q", said, tc.says)
			}
			if list, _, err := desk.List(); err != nil || len(list) != 1 || strings.Contains(fmt.Sprintf("%+v", list), "pa55") {
				t.Errorf("kept %+v, %v", list, err)
			}
			if got, err := desk.Vault.Get(t.Context(), acc.ID); got != "pa55" || err != nil {
				t.Errorf("this window reads with %q, %v", got, err)
			}
			if kept := keyring.kept[acc.ID]; (kept == "pa55") != (tc.broken == nil) {
				t.Errorf("the keyring has %q", kept)
			}
		})
	}
}
