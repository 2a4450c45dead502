package view

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

func TestPages(t *testing.T) {
	test.NewApp().Settings().SetTheme(newLookIn(theme.VariantLight))
	for name, tc := range map[string]struct {
		open func(*Frame)
		want []string
	}{
		"welcome":    {func(*Frame) {}, []string{"What became of your mail?", "Connect an account", "Try the demo", "changes nothing"}},
		"mail files": {(*Frame).openMail, []string{"Received mail", "Sent mail"}},
		"an account": {func(f *Frame) { f.show(f.imapPage) }, []string{"IMAP server", "stays in memory"}},
		"reading":    {func(f *Frame) { f.show(f.readingPage); f.count.set(1234) }, []string{"1,234 messages read", "Cancel"}},
		"a failure":  {func(f *Frame) { f.fail(errors.New("wrong password")) }, []string{"Something did not work", "wrong password", "Nothing has changed"}},
		"nothing":    {func(f *Frame) { f.show(f.boardPage) }, []string{"No message was touched", "another folder"}},
		"no selection": {func(f *Frame) {
			f.p.Moments = []session.Moment{{Title: "x"}}
			f.finished(checklist.Report{}, nil)
		}, []string{"There is no message here", "Choose a message", "No known outage"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := params("en")
			p.Start, p.Moments, p.Banner = nil, nil, ""
			p.Demo = func(context.Context, *words.Words) (session.Demo, error) { return session.Demo{}, nil }
			win := test.NewWindow(nil)
			f := NewFrame(p, win)
			defer f.Close()
			win.Resize(fyne.NewSize(1024, 640))
			tc.open(f)
			shown := strings.ReplaceAll(texts(win.Content()), "\n", " ")
			for _, want := range tc.want {
				if !strings.Contains(shown, want) {
					t.Errorf("does not say %q:\n%s", want, shown)
				}
			}
			if regexp.MustCompile(`window\.[a-z]`).MatchString(shown) {
				t.Errorf("a sentence is missing:\n%s", shown)
			}
		})
	}
}

// TestAccountPage: what was typed becomes a review; the password goes along in memory and is asked for when missing.
func TestAccountPage(t *testing.T) {
	test.NewApp().Settings().SetTheme(newLookIn(theme.VariantLight))
	p := params("en")
	p.Start = nil
	got := make(chan review.Request, 1)
	p.Review = func(_ context.Context, req review.Request) (checklist.Report, error) {
		got <- req
		return checklist.Report{}, nil
	}
	f, win, pump := pumped(t, p)
	f.mail = session.Account{Address: "anna@libero.it", Server: "imapmail.libero.it"}
	f.show(f.imapPage)
	var password *widget.Entry
	var connect *widget.Button
	for _, o := range test.LaidOutObjects(win.Content()) {
		switch o := o.(type) {
		case *widget.Entry:
			if o.Password {
				password = o
			}
		case *widget.Button:
			if o.Text == "Connect and read" {
				connect = o
			}
		}
	}
	test.Tap(connect)
	if s := texts(win.Content()); !strings.Contains(s, "The password is missing.") {
		t.Fatalf("does not ask for the password:\n%s", s)
	}
	password.SetText("segreto")
	test.Tap(connect)
	pump(func() bool { return f.reviewed })
	req := <-got
	secret, err := req.Password(t.Context())
	if req.IMAP != "imaps://anna%40libero.it@imapmail.libero.it:993" || secret != "segreto" || err != nil {
		t.Errorf("reads %q with %q, %v", req.IMAP, secret, err)
	}
	f.fail(errors.New("wrong password"))
	f.correct()
	if s := texts(win.Content()); !strings.Contains(s, "imapmail.libero.it") || strings.Contains(s, "segreto") {
		t.Errorf("after a wrong password shows\n%s", s)
	}
	if strings.Contains(req.IMAP, "segreto") || req.Catalogue == nil || req.At.IsZero() {
		t.Errorf("asks for %+v", req)
	}
}

// TestClosingEndsTheReview: nothing goes on reading mail after the window is gone.
func TestClosingEndsTheReview(t *testing.T) {
	test.NewApp()
	p := params("en")
	ended := make(chan struct{})
	p.Review = func(ctx context.Context, _ review.Request) (checklist.Report, error) {
		<-ctx.Done()
		close(ended)
		return checklist.Report{}, ctx.Err()
	}
	f := NewFrame(p, test.NewWindow(nil))
	f.Close()
	select {
	case <-ended:
	default:
		t.Error("the review still runs")
	}
}

// TestDemo: the button starts the demo off the toolkit's goroutine, shows its mail and its moments, and leaving stops it.
func TestDemo(t *testing.T) {
	test.NewApp().Settings().SetTheme(newLookIn(theme.VariantLight))
	p := params("en")
	demo := session.Demo{Start: *p.Start, Moments: p.Moments, Banner: "This is the demo."}
	stopped := 0
	demo.Stop = func() { stopped++ }
	p.Start, p.Moments, p.Banner = nil, nil, ""
	p.Demo = func(context.Context, *words.Words) (session.Demo, error) { return demo, nil }
	p.Review = func(_ context.Context, req review.Request) (checklist.Report, error) { return sample(t, 7), nil }
	f, win, pump := pumped(t, p)
	f.tryDemo()
	pump(func() bool { return f.reviewed })
	if s := texts(win.Content()); !strings.Contains(s, "This is the demo.") || !strings.Contains(s, "3 feb, 9:00") {
		t.Errorf("shows\n%s", s)
	}
	if f.moment != 2 || stopped != 0 {
		t.Errorf("stands at moment %d, stopped %d times", f.moment, stopped)
	}
	f.leave()
	if s := texts(win.Content()); stopped != 1 || strings.Contains(s, "This is the demo.") {
		t.Errorf("stopped %d times, shows\n%s", stopped, s)
	}
}
