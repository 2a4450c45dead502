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

	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

func TestPages(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	for name, tc := range map[string]struct {
		open func(*Frame)
		want []string
	}{
		"welcome":    {func(*Frame) {}, []string{"What became of your mail?", "Try the demo", "changes nothing", "Step 1 of 3", "keyring"}},
		"your mail":  {func(f *Frame) { f.stepTo(stepMail) }, []string{"Where is your mail?", "Add the account", "Open a file or folder", "Try the demo", "Step 2 of 3"}},
		"what next":  {func(f *Frame) { f.show("", f.nextPage) }, []string{"What happens now", "Step 3 of 3", "tick off what is done"}},
		"no mail":    {func(f *Frame) { f.visit(atChecklist) }, []string{"No mail was opened yet", "drop it onto this window"}},
		"mail files": {(*Frame).openMail, []string{"Received mail", "Sent mail"}},
		"an account": {func(f *Frame) { f.away(f.addPage) }, []string{"Add a mail account", "keyring and nowhere else", "Try and keep"}},
		"reading":    {func(f *Frame) { f.show(atChecklist, f.readingPage); f.count.set(1234) }, []string{"1,234 messages read", "Cancel"}},
		"a failure":  {func(f *Frame) { f.fail(errors.New("wrong password")) }, []string{"Something did not work", "wrong password", "Nothing has changed"}},
		"nothing":    {func(f *Frame) { f.present(f.p.Base); f.finished(checklist.Report{}, nil); f.visit(atChecklist) }, []string{"No message was touched", "another folder"}},
		"no selection": {func(f *Frame) {
			f.p.Moments = []session.Moment{{Title: "x"}}
			f.present(f.p.Base)
			f.finished(checklist.Report{}, nil)
			f.visit(atChecklist)
		}, []string{"The list is empty"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := params("en")
			p.Start, p.Moments, p.Banner = nil, nil, ""
			p.Desk, _ = newDesk(t)
			p.Demo = func(context.Context, *words.Words) (session.Demo, error) { return session.Demo{}, nil }
			f, win, pump := pumped(t, p)
			pump(func() bool { return f.own.clients != nil })
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
	f := NewFrame(p, test.NewWindow(nil), fyne.Do)
	f.Close()
	select {
	case <-ended:
	default:
		t.Error("the review still runs")
	}
}

// TestDemo: the button starts the demo off the toolkit's goroutine, shows its mail and its moments, and leaving stops it.
func TestDemo(t *testing.T) {
	test.NewApp().Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
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

// TestTypingGoesIntoTheFirstField: whoever opens the page for an account types his address at once.
func TestTypingGoesIntoTheFirstField(t *testing.T) {
	test.NewApp()
	p := params("en")
	p.Start, p.Moments, p.Banner = nil, nil, ""
	p.Desk, _ = newDesk(t)
	f, win, pump := pumped(t, p)
	pump(func() bool { return f.own.clients != nil })
	f.away(f.addPage)
	field := win.Canvas().Focused()
	if field == nil {
		t.Fatal("typing goes nowhere")
	}
	for _, r := range "anna@libero.it" {
		field.TypedRune(r)
	}
	if f.mail.Address != "anna@libero.it" {
		t.Errorf("the address reads %q", f.mail.Address)
	}
}
