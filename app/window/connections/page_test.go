package connections

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/watcher"
	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// many are the contacts of a day in which much went wrong.
func many(n int) watcher.Contacts {
	c := watcher.Contacts{Running: true}
	for i := range n {
		c.Contacts = append(c.Contacts, watcher.Contact{
			Host: fmt.Sprintf("imap imap%d.example.org:993", i), Today: 12 + i, Why: map[watch.Reason]int{watch.ForCheck: 10, watch.ForMail: 2},
			Passed: 9, Busy: 1, Refused: i % 2, Failed: i % 3, Last: noon, Next: noon.Add(7 * time.Minute),
		})
	}
	return c
}

func params(w *words.Words, c watcher.Contacts, err error) Params {
	return Params{
		Words: w, Zone: time.UTC, Errands: session.NewErrands(func(func()) {}), Explain: func(err error) string { return "Because " + err.Error() + "." },
		Contacts: func(context.Context) (watcher.Contacts, error) { return c, err },
		Accounts: func() ([]account.Account, error) {
			return []account.Account{{ID: "anna@example.org", IMAP: account.Endpoint{Host: "imap0.example.org", Port: 993}}}, nil
		},
	}
}

// filled gives the page after its first look.
func filled(w *words.Words, c watcher.Contacts, s *watcher.Status, err error) *Page {
	g := New(params(w, c, err))
	g.Load(s)
	c, list, err := g.look(context.Background())
	g.show(c, list, err)
	return g
}

func TestShows(t *testing.T) {
	hostile := watcher.Contacts{Running: true, Contacts: []watcher.Contact{{Host: "imap \u202eevil\n" + strings.Repeat("x", 5000), Today: 1, Failed: 1}}}
	for name, tc := range map[string]struct {
		contacts watcher.Contacts
		status   *watcher.Status
		err      error
		want     []string
		not      []string
	}{
		"a watcher": {
			many(2), &watcher.Status{Status: watch.Status{Accounts: []watch.AccountStatus{{ID: "paul@example.org", Directions: []watch.DirectionStatus{{Endpoint: "imap imap1.example.org:993"}}}}}}, nil,
			[]string{
				"knocked 25 times", "imap0.example.org:993 (reading mail) For anna@example.org 12 times today: 10 as planned, 2 to read new mail",
				"imap1.example.org:993 (reading mail) For paul@example.org", "1 login refused", "Last at 12:00 · Next at 12:07", "it would fall again",
			},
			[]string{"Nobody is watching"},
		},
		"no watcher":  {watcher.Contacts{Contacts: many(1).Contacts}, nil, nil, []string{"Nobody is watching the servers now", "For anna@example.org"}, nil},
		"paused":      {watcher.Contacts{Running: true, Paused: true, Contacts: many(1).Contacts}, nil, nil, []string{"Paused: nothing is checked."}, nil},
		"nothing":     {watcher.Contacts{}, nil, nil, []string{"talks to no server"}, nil},
		"not yet":     {watcher.Contacts{Running: true, Contacts: []watcher.Contact{{Host: "mx a.example:25"}}}, nil, nil, []string{"For no account", "Not yet today"}, []string{"Last at"}},
		"no contacts": {watcher.Contacts{}, nil, errors.New("the disk is full"), []string{"Because the disk is full."}, nil},
		"hostile":     {hostile, nil, nil, []string{"evil"}, []string{"\u202e", strings.Repeat("x", 300)}},
	} {
		t.Run(name, func(t *testing.T) {
			test.NewTempApp(t).Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
			g := filled(words.New("en"), tc.contacts, tc.status, tc.err)
			defer g.Close()
			win := test.NewTempWindow(t, g.Root())
			win.Resize(fyne.NewSize(900, 2000))
			text := golden.Shown(g.Root())
			for _, want := range tc.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
			for _, not := range tc.not {
				if strings.Contains(text, not) {
					t.Errorf("%q in\n%s", not, text)
				}
			}
		})
	}
}

// TestRenewal: the page fills itself, and nothing comes any more once it is closed.
func TestRenewal(t *testing.T) {
	test.NewTempApp(t)
	handed := make(chan func(), 10)
	p := params(words.New("en"), many(1), nil)
	p.Errands = session.NewErrands(func(f func()) { handed <- f })
	g := New(p)
	select {
	case f := <-handed:
		f()
	case <-time.After(10 * time.Second):
		t.Fatal("the page does not fill itself")
	}
	if len(g.list.Objects) != 1 {
		t.Errorf("%d servers are shown", len(g.list.Objects))
	}
	g.Close()
	p.Errands.Close(5 * time.Second)
	for len(handed) > 0 {
		(<-handed)()
	}
	if len(g.list.Objects) != 1 {
		t.Error("a closed page goes on")
	}
}

func TestGolden(t *testing.T) {
	golden.Page(t, "connections", func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
		c := map[golden.Fill]watcher.Contacts{golden.Empty: {}, golden.Small: {Contacts: many(2).Contacts}, golden.Full: many(12)}[fill]
		g := filled(w, c, nil, nil)
		g.Close()
		return g.Root()
	})
}
