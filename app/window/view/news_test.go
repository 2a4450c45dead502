package view

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/watcher"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/review"
	"rimbalzo/internal/watch"
)

// TestPulse: how a service is stands on its page, follows the watcher's word, and is not known without a watcher.
func TestPulse(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	desk, _ := newDesk(t)
	state, fails, checked := watch.Down, false, ""
	p := ownParams(desk)
	p.Ask = func(_ context.Context, verb string, arg, answer any) error {
		if fails {
			return errors.New("gone")
		}
		switch a := answer.(type) {
		case *watcher.Status:
			a.Accounts = []watch.AccountStatus{{ID: "anna@libero.it", Name: "libero.it", State: state, Since: time.Now(), Directions: []watch.DirectionStatus{{Direction: probe.Receive}}}}
		case *watch.Hand:
			checked, _ = arg.(string)
		}
		return nil
	}
	f, win, pump := pumped(t, p)
	pump(func() bool { return f.status != nil })
	f.own.shown, f.own.some = true, true
	f.present(f.p.Base)
	f.visit(atNow)
	f.arrived(session.Reading{Report: sample(t, 7), Oldest: time.Now()})
	if got := shownIn(win); !strings.Contains(got, "does not work") || !strings.Contains(got, "to send again") {
		t.Fatalf("shows %s", got)
	}
	press(t, win, "Check now")
	pump(func() bool { return checked == "anna@libero.it" })
	state = watch.Up
	f.Changed()
	pump(func() bool { return strings.Contains(shownIn(win), " works.") })
	fails = true
	f.Changed()
	pump(func() bool { return f.status == nil })
	if got := shownIn(win); strings.Contains(got, " works.") || strings.Contains(got, "Check now") {
		t.Errorf("without a watcher shows %s", got)
	}
}

// TestReadingIsStopped: the list stays, and says of when it is.
func TestReadingIsStopped(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	desk, _ := newDesk(t)
	p := ownParams(desk)
	p.Base.Catalogue = outage.Builtin()
	held := make(chan struct{})
	p.Review = func(ctx context.Context, _ review.Request) (checklist.Report, error) {
		close(held)
		<-ctx.Done()
		return checklist.Report{}, ctx.Err()
	}
	if err := desk.Put(account.Account{ID: "files", Kind: account.Local, Paths: []account.Path{{Path: t.TempDir()}}}); err != nil {
		t.Fatal(err)
	}
	f, win, pump := pumped(t, p)
	pump(func() bool {
		select {
		case <-held:
			return true
		default:
			return false
		}
	})
	f.arrived(session.Reading{Report: sample(t, 7), Oldest: f.now().Add(-time.Hour)})
	f.showLooked(session.Looked{Looked: 1200, Found: 3, Left: 400})
	if got := shownIn(win); !strings.Contains(got, "1,200 looked at, 3 notices, 400 left") || !strings.Contains(got, "As of") {
		t.Fatalf("shows %s", got)
	}
	press(t, win, "Stop")
	if got := shownIn(win); !strings.Contains(got, "New mail was not read") || f.own.busy || !f.reviewed {
		t.Errorf("afterwards shows %s", got)
	}
}
