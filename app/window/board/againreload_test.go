package board

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"rimbalzo/app/resend"
	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
)

// TestCopyThroughEvents: the list comes anew, as whenever the watcher saw something, while the original is looked for and once the
// copy is there: what the person asked for stays, and so do the place that she reads at and what has the keys.
func TestCopyThroughEvents(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(it *advice.Item)
		filter session.Filter
	}{
		"nothing new":             {func(*advice.Item) {}, session.Filter{}},
		"it arrived meanwhile":    {func(it *advice.Item) { it.Verdict, it.Cause = advice.Delivered, "" }, session.Filter{}},
		"the filter leaves it":    {func(it *advice.Item) { it.Verdict, it.Cause = advice.Delivered, "" }, session.Filter{Verdict: advice.Resend}},
		"it may arrive after all": {func(it *advice.Item) { it.Verdict = advice.Wait }, session.Filter{Verdict: advice.Resend}},
	} {
		b, win, a := shownPage(t, "en", 30)
		b.Choose(tc.filter)
		of := *b.Shown
		again := func() {
			r := sample(t, 30)
			for i := range r.Items {
				if sameMessage(&r.Items[i], &of) {
					tc.change(&r.Items[i])
				}
			}
			b.Load(r, nil)
		}
		tapButton(t, b.Why.body, "Make a copy ready to send")
		b.Why.scroll.ScrollToOffset(fyne.NewPos(0, 40))
		again()
		if !sameMessage(b.Shown, &of) || !strings.Contains(golden.Shown(b.Why.body), "Looking for the original") {
			t.Errorf("%s: while it is looked for, shown is\n%s", name, golden.Shown(b.Why.body))
		}
		if b.Why.scroll.Offset.Y != 40 {
			t.Errorf("%s: the text moved to %v", name, b.Why.scroll.Offset.Y)
		}
		a.pump(t, func() bool { return b.Why.again.copies != nil })
		again()
		shown := golden.Shown(b.Why.body)
		if !strings.Contains(shown, "For "+of.Recipient) || !strings.Contains(shown, "Save the copy") {
			t.Errorf("%s: once it is made, shown is\n%s", name, shown)
		}
		tapPill(t, b.Why.body, "Save the copy")
		if a.err != nil || !strings.Contains(a.file.String(), "X-Unsent: 1") {
			t.Errorf("%s: %v, saved is %q", name, a.err, a.file.String())
		}
		win.Canvas().Focus(b.List)
		press(win, fyne.KeyEnd)
		if sameMessage(b.Shown, &of) || b.Why.again.asked() {
			t.Errorf("%s: another message shows these copies", name)
		}
	}
}

// TestKeysThroughEvents: a list that comes anew takes the keys from nothing in the help.
func TestKeysThroughEvents(t *testing.T) {
	b, win, _ := shownPage(t, "en", 30)
	tapPill(t, b.Why.body, "How to do it")
	pill := golden.Pills(b.Why.again.root)[0]
	win.Canvas().Focus(pill)
	b.Load(sample(t, 30), nil)
	if golden.Pills(b.Why.again.root)[0] != pill || win.Canvas().Focused() != fyne.Focusable(pill) {
		t.Errorf("the keys are on %T", win.Canvas().Focused())
	}
}

// TestNoCopy: where there is nothing to hand out, or the search was given up by others than the person, there is a sentence.
func TestNoCopy(t *testing.T) {
	for want, err := range map[string]error{"No copy can be made of this message.": nil, context.Canceled.Error(): context.Canceled} {
		b, _, a := shownPage(t, "en", 3)
		b.Copies = func(context.Context, session.Chosen) ([]resend.Copy, error) { return nil, err }
		tapButton(t, b.Why.body, "Make a copy ready to send")
		a.pump(t, func() bool { return b.Why.again.looking == nil })
		if shown := golden.Shown(b.Why.body); !strings.Contains(shown, "The copy could not be made "+want) {
			t.Errorf("shown is\n%s", shown)
		}
	}
}

// TestAnsweredTooLate: a yes about one message makes no copy of another that took its place under the question.
func TestAnsweredTooLate(t *testing.T) {
	b, win, a := shownPage(t, "en", 30)
	b.Choose(session.Filter{Verdict: advice.Wait})
	tapPill(t, b.Why.body, "I want to send it again")
	tapButton(t, b.Why.body, "Make a copy ready to send")
	r := sample(t, 30)
	for i := range r.Items {
		if sameMessage(&r.Items[i], b.Shown) {
			r.Items[i].Verdict = advice.Delivered
		}
	}
	b.Load(r, nil)
	tapButton(t, win.Canvas().Overlays().Top(), "Make a copy all the same")
	if b.Why.again.looking != nil || a.chosen.For != nil {
		t.Error("it is made of another message")
	}
}
