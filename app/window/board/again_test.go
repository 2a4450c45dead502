package board

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
)

// tapButton presses a button in view.
func tapButton(t *testing.T, o fyne.CanvasObject, label string) {
	t.Helper()
	for _, part := range test.LaidOutObjects(o) {
		if b, ok := part.(*widget.Button); ok && b.Text == label && b.Visible() {
			test.Tap(b)
			return
		}
	}
	t.Fatalf("no button %q among\n%s", label, golden.Shown(o))
}

// TestCopy: a copy is made for those whom the message did not reach, and the person hears what is missing, and who has it.
func TestCopy(t *testing.T) {
	b, _, a := shownPage(t, "en", 3)
	r := sample(t, 3)
	for i := range r.Items { // one message, three recipients: to resend, waiting, to resend
		r.Items[i].MessageID, r.Items[i].Subject = "one@pc.example", "Preventivo"
	}
	r.Items[0].ResendWhen, r.Items[2].ResendWhen = advice.Now, advice.Now
	b.Shown = &r.Items[0]
	b.Load(r, nil)
	if shown := golden.Shown(b.Why.body); !strings.Contains(shown, "studio.bianchi@virgilio.it: Wait") {
		t.Errorf("of the other recipients it says\n%s", shown)
	}
	tapButton(t, b.Why.body, "Make a copy ready to send")
	if a.dialogs != 0 || !strings.Contains(golden.Shown(b.Why.body), "Looking for the original") {
		t.Errorf("%d questions; shown is\n%s", a.dialogs, golden.Shown(b.Why.body))
	}
	a.pump(t, func() bool { return b.Why.again.copies != nil })
	if len(a.chosen.For) != 2 || len(a.chosen.Known) != 3 || !a.chosen.At.Equal(r.At) || a.chosen.Words != b.Words {
		t.Errorf("asked for %d of %d, at %v", len(a.chosen.For), len(a.chosen.Known), a.chosen.At)
	}
	shown := golden.Shown(b.Why.body)
	for _, want := range []string{"For marta.esposito@libero.it", "It is not complete", "INCOMPLETE"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not among\n%s", want, shown)
		}
	}
	tapPill(t, b.Why.body, "Save the copy")
	if text := a.file.String(); a.err != nil || !strings.HasSuffix(a.saved, ".eml") || !strings.Contains(text, "X-Unsent: 1") || strings.Contains(text, "bianchi") {
		t.Errorf("saved as %q (%v):\n%s", a.saved, a.err, text)
	}
	b.Window.Canvas().Focus(b.List)
	press(b.Window, fyne.KeyDown)
	if b.Why.again.copies != nil {
		t.Error("another message shows these copies")
	}
}

// TestCopyAgainstTheAdvice: where the message may still arrive, the red word comes first, and nothing is made without a yes.
func TestCopyAgainstTheAdvice(t *testing.T) {
	b, win, a := shownPage(t, "en", 30)
	b.Choose(session.Filter{Verdict: advice.Wait})
	if strings.Contains(golden.Shown(b.Why.body), "Make a copy") {
		t.Fatal("a copy is offered of what may still arrive")
	}
	tapPill(t, b.Why.body, "I want to send it again")
	if !strings.Contains(golden.Shown(b.Why.body), "Careful This message may still arrive. If you send it again now, the recipient may get it twice.") {
		t.Errorf("shown is\n%s", golden.Shown(b.Why.body))
	}
	tapButton(t, b.Why.body, "Make a copy ready to send")
	if a.dialogs != 1 {
		t.Fatalf("%d questions", a.dialogs)
	}
	tapButton(t, win.Canvas().Overlays().Top(), "No, leave it")
	if b.Why.again.looking != nil || a.chosen.For != nil {
		t.Error("it is made after a no")
	}
	tapButton(t, b.Why.body, "Make a copy ready to send")
	tapButton(t, win.Canvas().Overlays().Top(), "Make a copy all the same")
	a.pump(t, func() bool { return b.Why.again.copies != nil })
	if len(a.chosen.For) != 1 || a.chosen.For[0] != b.Shown {
		t.Errorf("made for %d", len(a.chosen.For))
	}
}

func TestCopyFails(t *testing.T) {
	b, _, a := shownPage(t, "en", 3)
	a.fails = errors.New("the server is away\x1b[2J")
	tapButton(t, b.Why.body, "Make a copy ready to send")
	a.pump(t, func() bool { return b.Why.again.failed != "" })
	if shown := golden.Shown(b.Why.body); !strings.Contains(shown, "The copy could not be made the server is away[2J") || !strings.Contains(shown, "Make a copy ready to send") {
		t.Errorf("shown is\n%s", shown)
	}
	a.fails = nil
	tapButton(t, b.Why.body, "Make a copy ready to send")
	tapPill(t, b.Why.body, "Stop")
	if b.Why.again.looking != nil || !strings.Contains(golden.Shown(b.Why.body), "Make a copy ready to send") {
		t.Error("it goes on after it was stopped")
	}
}

// TestClueAndSteps: each word that finds the original is copied by its button, and the steps of the program last chosen stay.
func TestClueAndSteps(t *testing.T) {
	b, win, a := shownPage(t, "en", 30)
	tapPill(t, b.Why.body, "Where to find it")
	tapPill(t, b.Why.body, "Copy")
	if a.copied != b.Shown.Subject {
		t.Errorf("copied %q, the subject is %q", a.copied, b.Shown.Subject)
	}
	tapPill(t, b.Why.body, "How to do it")
	before := golden.Shown(b.Why.again.root)
	tapPill(t, b.Why.body, "Gmail")
	if after := golden.Shown(b.Why.again.root); after == before || !strings.Contains(after, "1.") {
		t.Errorf("the steps are\n%s", after)
	}
	win.Canvas().Focus(b.List)
	press(win, fyne.KeyDown)
	if b.State().Client != "gmail" || !b.State().Telling || !strings.Contains(golden.Shown(b.Why.again.root), "1.") {
		t.Error("the next message shows other steps")
	}
	tapPill(t, b.Why.body, "Copy the story")
	if !strings.Contains(a.copied, "You sent it to "+b.Shown.Recipient) {
		t.Errorf("copied %q", a.copied)
	}
}

// TestHostileText: what strangers wrote stays text, on its line, in its direction, in every part of the page.
func TestHostileText(t *testing.T) {
	b, win, a := shownPage(t, "en", 7)
	r := sample(t, 7)
	evil := "**b** [x](https://evil.example) \u202etxt.exe\x00\x1b[31m <script>\n\n# h " + strings.Repeat("W", 100_000)
	for i := range r.Items {
		it := &r.Items[i]
		it.Subject, it.Recipient, it.MessageID = evil, evil, "id"+evil
		for j := range it.Bounces {
			bounce := &it.Bounces[j]
			bounce.Reply, bounce.Text, bounce.Source, bounce.ReportedBy.Host = evil, evil, evil, evil
		}
	}
	b.Ticks.WriteNote(&r.Items[0], evil, r.At)
	b.Filter.Group = session.GroupByRecipient
	b.Load(r, nil)
	b.Why.again.finding, b.Why.again.telling, b.Why.again.open = true, true, true
	b.Why.again.rebuild()
	b.Why.again.look()
	a.pump(t, func() bool { return b.Why.again.looking == nil })
	win.Resize(golden.Scant)
	for _, o := range []fyne.CanvasObject{b.List, b.Why.body} {
		shown := golden.Shown(o)
		if !strings.Contains(shown, "**b**") || !strings.Contains(shown, "<script>") {
			t.Errorf("markup was read as such:\n%.2000s", shown)
		}
		for _, bad := range []string{"\u202e", "\x00", "\x1b"} {
			if strings.Contains(shown, bad) {
				t.Errorf("shows %q", bad)
			}
		}
		if len(shown) > 30_000 {
			t.Errorf("shows %d characters", len(shown))
		}
	}
	if size := win.Canvas().Size(); size != golden.Scant || b.Root().MinSize().Width > size.Width {
		t.Errorf("it widens the window to %v", size)
	}
	for _, o := range test.LaidOutObjects(win.Content()) {
		if _, ok := o.(*widget.Hyperlink); ok {
			t.Error("makes a link of it")
		}
	}
	b.List.header(b.List.Rows[0].Head)
	if spoken := b.List.entry(1, r.At).spoken(); len(spoken) > 2000 {
		t.Errorf("a screen reader says %d characters of a row", len(spoken))
	}
}
