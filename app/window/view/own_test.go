package view

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/accounts"
	"rimbalzo/app/watcher"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/account/autoconfig"
	"rimbalzo/internal/account/oauth"
	"rimbalzo/internal/demo"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

// fakeKeyring is a keyring in memory, which may take its time.
type fakeKeyring struct {
	mu    sync.Mutex
	kept  map[string]string
	err   error
	delay time.Duration
}

func (k *fakeKeyring) Get(_ context.Context, id string) (string, error) {
	time.Sleep(k.delay)
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.kept[id]
	if k.err == nil && !ok {
		return "", account.ErrNoSecret
	}
	return s, k.err
}

func (k *fakeKeyring) Set(_ context.Context, id, secret string) error {
	time.Sleep(k.delay)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil {
		k.kept[id] = secret
	}
	return k.err
}

func (k *fakeKeyring) Delete(_ context.Context, id string) error {
	time.Sleep(k.delay)
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, id)
	return k.err
}

func (k *fakeKeyring) State(context.Context) account.State { return account.Ready }

func newDesk(t *testing.T) (*accounts.Desk, *fakeKeyring) {
	t.Helper()
	k := &fakeKeyring{kept: map[string]string{}}
	return &accounts.Desk{Data: filepath.Join(t.TempDir(), "data"), Vault: account.Remember(k), Quiet: k}, k
}

// ownParams are those of a window with accounts, at the end of the sample's outage.
func ownParams(desk *accounts.Desk) session.Params {
	p := params("en")
	p.Start, p.Moments, p.Banner, p.Desk = nil, nil, "", desk
	p.Base.At, p.Base.Zone, p.Base.Discover, p.Review = january(34, 9, 0), rome, true, review.Run
	p.Explain = func(err error, w *words.Words) string {
		for _, describe := range []func(error, *words.Words) (string, bool){account.Describe, oauth.Describe, autoconfig.Describe, mailbox.Describe} {
			if text, ok := describe(err, w); ok {
				return text
			}
		}
		return err.Error()
	}
	return p
}

// press taps the button or pill of a text in view.
func press(t *testing.T, win fyne.Window, text string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(win.Content()) {
		switch o := o.(type) {
		case *widget.Button:
			if o.Text == text && o.Visible() {
				test.Tap(o)
				return
			}
		case *kit.Pill:
			if o.Text == text && o.Visible() {
				o.Tapped(nil)
				return
			}
		}
	}
	t.Fatalf("no button %q among\n%s", text, texts(win.Content()))
}

// answer presses a button of the question in view.
func answer(t *testing.T, win fyne.Window, text string) (asked string) {
	t.Helper()
	top := win.Canvas().Overlays().Top()
	if top == nil {
		t.Fatalf("nothing is asked; shown is\n%s", texts(win.Content()))
	}
	asked = strings.ReplaceAll(texts(top), "\n", " ")
	for _, o := range test.LaidOutObjects(top) {
		if b, ok := o.(*widget.Button); ok && b.Text == text {
			test.Tap(b)
			return asked
		}
	}
	t.Fatalf("no answer %q to %s", text, asked)
	return asked
}

// entries gives the address and password fields in view.
func entries(win fyne.Window) (address, password *widget.Entry) {
	var look func(fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, part := range o.Objects {
				look(part)
			}
		case *container.Scroll:
			look(o.Content)
		case *widget.Entry:
			if o.Password {
				password = o
			} else if address == nil {
				address = o
			}
		}
	}
	look(win.Content())
	return address, password
}

func shownIn(win fyne.Window) string { return strings.ReplaceAll(texts(win.Content()), "\n", " ") }

// TestFromAddressToListAndBack is the whole way: type an address and a password once, see the list; close, open again, and see
// it at once, while the server is not even there. The toolkit's goroutine is never held.
func TestFromAddressToListAndBack(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	desk, keyring := newDesk(t)
	keyring.delay = time.Second
	told := make(chan string, 20)
	p := ownParams(desk)
	p.Ask = func(_ context.Context, verb string, _, _ any) error {
		time.Sleep(time.Second)
		told <- verb
		return errors.New("no watcher")
	}
	f, win, pump := pumped(t, p)
	pump(func() bool { return strings.Contains(shownIn(win), "What became of your mail?") })
	press(t, win, "Next")
	press(t, win, "Add the account")
	host, port, _ := net.SplitHostPort(s.IMAPURL[strings.LastIndexByte(s.IMAPURL, '@')+1:])
	f.mail = session.Account{Address: s.User, Server: host, Port: port}
	f.away(f.addPage)
	_, password := entries(win)
	press(t, win, "Try and keep")
	if got := shownIn(win); !strings.Contains(got, "The password is missing.") {
		t.Fatalf("does not ask for the password: %s", got)
	}
	password.SetText("wrong")
	press(t, win, "Try and keep")
	pump(func() bool { return !f.trial.busy })
	if got := shownIn(win); !strings.Contains(got, "It did not work") || strings.Contains(got, "Keep it anyway") {
		t.Fatalf("without its authority the server is not trusted, but shown is %s", got)
	}
	acc := f.trial.Account
	acc.CA = string(s.CAPEM)
	f.try(session.Trial{Account: acc, Secret: "wrong"}, keepAll)
	pump(func() bool { return !f.trial.busy })
	if got := shownIn(win); !strings.Contains(got, "It did not work") || strings.Contains(got, "Keep it anyway") || len(keyring.kept) != 0 {
		t.Fatalf("a wrong password: %s", got)
	}
	f.try(session.Trial{Account: acc, Secret: s.Password}, keepAll)
	pump(func() bool { return f.reviewed && !f.own.busy })
	if len(f.report.Items) == 0 || keyring.kept[s.User] != s.Password {
		t.Fatalf("no list; shown is %s", shownIn(win))
	}
	items := len(f.report.Items)
	press(t, win, "Show me how things are")
	f.Close() // waits for what is being said to the watcher
	_ = s.Close()

	p.Ask = nil
	f, win, pump = pumped(t, p)
	began := time.Now()
	pump(func() bool { return f.reviewed })
	if took := time.Since(began); len(f.report.Items) != items || took > 5*time.Second {
		t.Errorf("the second start shows %d items after %v, want %d at once", len(f.report.Items), took, items)
	}
	pump(func() bool { return !f.own.busy })
	if got := shownIn(win); !strings.Contains(got, "cannot be read now") || len(f.report.Items) != items {
		t.Errorf("with the server gone it shows %s", got)
	}
	got := drain(told)
	for _, verb := range []string{watcher.VerbAccounts, watcher.VerbStatus, watcher.VerbSaw} {
		if !got[verb] {
			t.Errorf("the watcher was told %v, and not %q", got, verb)
		}
	}
}

func drain(c chan string) map[string]bool {
	got := map[string]bool{}
	for len(c) > 0 {
		got[<-c] = true
	}
	return got
}

// TestNoKeyring: the person is told that, and why, and goes on to the mail all the same.
func TestNoKeyring(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	desk, keyring := newDesk(t)
	keyring.err = account.ErrNoBus
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f, win, pump := pumped(t, ownParams(desk))
	pump(func() bool { return f.own.clients != nil })
	f.try(session.Trial{Account: demoAccount(t, s), Secret: s.Password}, keepAll)
	pump(func() bool { return !f.trial.busy })
	if got := shownIn(win); !strings.Contains(got, "the mail can be read") || !strings.Contains(got, "no place to keep passwords") || !strings.Contains(got, "in memory") {
		t.Fatalf("shows %s", got)
	}
	press(t, win, "Show my mail")
	pump(func() bool { return f.reviewed && !f.own.busy })
	if len(f.report.Items) == 0 || len(f.own.last.Troubles) != 0 {
		t.Errorf("%d items, %v", len(f.report.Items), f.own.last.Troubles)
	}
	f.openAccounts()
	pump(func() bool { return f.cardsKnown })
	if got := shownIn(win); !strings.Contains(got, "no place to keep passwords") {
		t.Errorf("the page of accounts shows %s", got)
	}
}

func demoAccount(t *testing.T, s *demo.Server) account.Account {
	t.Helper()
	host, port, _ := net.SplitHostPort(s.IMAPURL[strings.LastIndexByte(s.IMAPURL, '@')+1:])
	typed := session.Account{Address: s.User, Server: host, Port: port}
	acc, _, err := typed.Account()
	if err != nil {
		t.Fatal(err)
	}
	acc.CA = string(s.CAPEM)
	return acc
}

// TestOutageIsKept: where the provider is in trouble the account can be kept anyway, and nobody is asked to retype anything.
func TestOutageIsKept(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	desk, keyring := newDesk(t)
	f, win, pump := pumped(t, ownParams(desk))
	pump(func() bool { return f.own.clients != nil })
	typed := session.Account{Address: "anna@studio.example", Server: host, Port: port}
	acc, _, err := typed.Account()
	if err != nil {
		t.Fatal(err)
	}
	f.try(session.Trial{Account: acc, Secret: "pa55"}, keepAll)
	pump(func() bool { return !f.trial.busy })
	if got := shownIn(win); !strings.Contains(got, "your provider's trouble") {
		t.Fatalf("shows %s", got)
	}
	press(t, win, "Keep it anyway")
	pump(func() bool { return f.trial.done })
	if got := shownIn(win); !strings.Contains(got, "is kept") || keyring.kept[acc.ID] != "pa55" {
		t.Errorf("shows %s, the keyring has %v", got, keyring.kept)
	}
}

// TestCancelledInTheMiddle: a test of a silent server ends at once, and nothing is kept.
func TestCancelledInTheMiddle(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	desk, keyring := newDesk(t)
	f, win, pump := pumped(t, ownParams(desk))
	pump(func() bool { return f.own.clients != nil })
	host, port, _ := net.SplitHostPort(l.Addr().String())
	f.mail = session.Account{Address: "anna@studio.example", Server: host, Port: port}
	acc, _, err := f.mail.Account()
	if err != nil {
		t.Fatal(err)
	}
	f.try(session.Trial{Account: acc, Secret: "pa55"}, keepAll)
	pump(func() bool { return f.trial.steps["connect"] })
	press(t, win, "Cancel")
	if address, _ := entries(win); address == nil || address.Text != "anna@studio.example" {
		t.Errorf("afterwards shows %s", shownIn(win))
	}
	began := time.Now()
	f.Close()
	if list, _, err := desk.List(); err != nil || len(list) != 0 || len(keyring.kept) != 0 || time.Since(began) > 2*time.Second {
		t.Errorf("kept %v, %v, %v; closing took %v", list, keyring.kept, err, time.Since(began))
	}
}

// TestSignInPage: without a client id that is said at once, with mail files as the way out; a provider that also takes a
// password asks for that; with a client id there is a button.
func TestSignInPage(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	desk, _ := newDesk(t)
	p := ownParams(desk)
	opened := make(chan string, 1)
	p.OpenBrowser = func(address string) error { opened <- address; return nil }
	f, win, pump := pumped(t, p)
	pump(func() bool { return f.own.clients != nil })
	f.away(f.addPage)
	address, _ := entries(win)
	address.SetText("anna@outlook.it")
	if _, password := entries(win); password != nil || !strings.Contains(shownIn(win), "not registered with Microsoft") || !strings.Contains(shownIn(win), "Use mail files") {
		t.Errorf("outlook.it without a client shows %s", shownIn(win))
	}
	address.SetText("anna@gmail.com")
	if _, password := entries(win); password == nil || strings.Contains(shownIn(win), "not registered") || !strings.Contains(shownIn(win), "use an app password, or mail files") {
		t.Errorf("gmail.com without a client shows %s", shownIn(win))
	}
	address.SetText("anna@libero.it")
	if _, password := entries(win); password == nil || strings.Contains(shownIn(win), "Sign in with") {
		t.Errorf("libero.it shows %s", shownIn(win))
	}
	f.own.clients = map[string]error{}
	address.SetText("anna@outlook.it")
	press(t, win, "Sign in with the browser")
	pump(func() bool { return !f.trial.busy })
	var refused *oauth.Error
	if got := f.trial.outcome.Err; !errors.As(got, &refused) || !errors.Is(got, oauth.ErrNoClient) || len(opened) != 0 {
		t.Errorf("signing in without a client after all: %v", got)
	}
}

// TestLookUpIsAskedFirst: nobody is asked about a domain before the person agreed, and only the domain is told.
func TestLookUpIsAskedFirst(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	desk, _ := newDesk(t)
	var asked []string
	desk.Find = func(_ context.Context, domain string) ([]autoconfig.Candidate, error) {
		asked = append(asked, domain)
		return []autoconfig.Candidate{{Origin: autoconfig.OriginDomain, IMAP: []autoconfig.Server{{Host: "mail.studio.example", Port: 993, Security: "tls", Auth: []string{"password"}}}}}, nil
	}
	f, win, pump := pumped(t, ownParams(desk))
	pump(func() bool { return f.own.clients != nil })
	f.away(f.addPage)
	address, _ := entries(win)
	address.SetText("anna@studio.example")
	press(t, win, "Try and keep")
	if said := answer(t, win, "No, I will type"); !strings.Contains(said, "never your address") || len(asked) != 0 {
		t.Fatalf("asked %q, and meanwhile %v", said, asked)
	}
	press(t, win, "Try and keep")
	answer(t, win, "Yes, ask")
	pump(func() bool { return f.mail.Server != "" })
	if f.mail.Server != "mail.studio.example" || len(asked) != 1 || asked[0] != "studio.example" || !strings.Contains(shownIn(win), "itself names these servers") {
		t.Errorf("server %q, asked %v, shows %s", f.mail.Server, asked, shownIn(win))
	}
}

// TestRemoveAndForget: each asks first and says what stays and what goes.
func TestRemoveAndForget(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	desk, keyring := newDesk(t)
	for _, id := range []string{"a@studio.example", "b@studio.example"} {
		acc := account.Account{ID: id, Address: id, User: id, Kind: account.IMAP, Auth: account.Password, IMAP: account.Endpoint{Host: "127.0.0.1", Port: 1, Security: account.TLS}}
		if err := desk.Put(acc); err != nil {
			t.Fatal(err)
		}
		keyring.kept[id] = "x"
	}
	f, win, pump := pumped(t, ownParams(desk))
	pump(func() bool { return f.own.clients != nil })
	f.openAccounts()
	pump(func() bool { return f.cardsKnown })
	left := func() int { list, _, _ := desk.List(); return len(list) }
	press(t, win, "Remove")
	if said := answer(t, win, "Cancel"); !strings.Contains(said, "stays") || left() != 2 {
		t.Errorf("cancelled after %q: %d left", said, left())
	}
	press(t, win, "Remove")
	answer(t, win, "Remove")
	pump(func() bool { return len(f.cards) == 1 })
	press(t, win, "Forget")
	if said := answer(t, win, "Forget"); !strings.Contains(said, "for good") {
		t.Errorf("asked %q", said)
	}
	pump(func() bool { return len(f.cards) == 0 })
	if len(keyring.kept) != 0 || left() != 0 || !strings.Contains(shownIn(win), "There is no account yet") {
		t.Errorf("the keyring has %v, %d left; shows %s", keyring.kept, left(), shownIn(win))
	}
}
