package view

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/cite"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
)

// keeping is what becomes of an account that was tried with success.
type keeping int

const (
	keepNothing keeping = iota // it was only a test
	keepSecret                 // the secret is renewed
	keepAll                    // the account is set up
)

// trialState is a trial in view.
type trialState struct {
	session.Trial
	keep    keeping
	signing bool // the person is signing in in the browser
	address string
	busy    bool
	steps   map[string]bool // those that are over; false: failed
	outcome session.Outcome
	memory  error // why the secret is kept in memory only
	lost    error // why nothing could be kept
	done    bool  // it works, or was kept all the same
	errand  *session.Errand
}

// try goes to the mailbox and shows each step; what works is kept.
func (f *Frame) try(t session.Trial, keep keeping) {
	t.Ask = f.p.Ask
	f.trial = &trialState{Trial: t, keep: keep, busy: true, steps: map[string]bool{}}
	state := f.trial
	catalogue, now := f.p.Base.Catalogue, f.now()
	f.away(f.trialPage)
	state.errand = f.errands.Go(func(r *session.Errand) func() {
		o := t.Try(r.Context(), f.p.Desk, catalogue, now, func(s session.TrialStep) {
			r.Hand(func() {
				state.steps[s.ID] = !s.Failed
				f.rebuildIf(state)
			})
		})
		var memory, err error
		if o.Err == nil {
			memory, err = f.keepTried(r.Context(), t, keep)
		}
		return func() { f.tried(state, o, memory, err) }
	})
}

// keepTried keeps what was tried. It may take as long as the keyring asks the person to be unlocked.
func (f *Frame) keepTried(ctx context.Context, t session.Trial, keep keeping) (memory, err error) {
	switch keep {
	case keepAll:
		return t.Keep(ctx, f.p.Desk)
	case keepSecret:
		return t.KeepSecret(ctx, f.p.Desk)
	}
	return nil, nil
}

func (f *Frame) tried(state *trialState, o session.Outcome, memory, lost error) {
	state.busy, state.outcome, state.memory, state.lost = false, o, memory, lost
	state.done = o.Err == nil && lost == nil
	if state.done && state.keep != keepNothing {
		f.kept(state)
		return
	}
	f.rebuildIf(state)
}

// kept goes on to the mail, once the person has read what there is to know.
func (f *Frame) kept(state *trialState) {
	f.mail = session.Account{}
	f.tellAccounts()
	if state.memory == nil && state.outcome.Err == nil && f.trial == state {
		f.home()
		return
	}
	f.rebuildIf(state)
}

// keepAnyway keeps an account that could not be tried to its end because its provider is in trouble.
func (f *Frame) keepAnyway(state *trialState) {
	state.busy = true
	f.rebuildIf(state)
	state.errand = f.errands.Go(func(r *session.Errand) func() {
		memory, err := f.keepTried(r.Context(), state.Trial, state.keep)
		return func() {
			state.busy, state.memory, state.lost = false, memory, err
			if state.done = err == nil; state.done {
				f.kept(state)
				return
			}
			f.rebuildIf(state)
		}
	})
}

// trialPage shows how far a trial has come, or what it came to.
func (f *Frame) trialPage() fyne.CanvasObject {
	w, t := f.p.Words, f.trial
	name := session.Line(t.Account.ID, 80)
	content := []fyne.CanvasObject{kit.Heading(w.T("window.trying", "Name", name), theme.SizeNameHeadingText)}
	if t.signing {
		content = append(content, f.signingIn(t)...)
	} else {
		content = append(content, f.stepList(t))
	}
	content = append(content, f.verdictOf(t)...)
	ends := container.NewHBox(layout.NewSpacer())
	for _, b := range f.trialEnds(t) {
		ends.Add(b)
	}
	return kit.Page(kit.PageWidth, append(content, ends)...)
}

// signingIn says that the browser is where to go on.
func (f *Frame) signingIn(t *trialState) []fyne.CanvasObject {
	w := f.p.Words
	if !t.busy {
		return nil
	}
	content := []fyne.CanvasObject{kit.Text(w.T("window.signing-in")), widget.NewProgressBarInfinite()}
	if t.address != "" {
		ci := cite.Citer{Words: w, Copied: fyne.CurrentApp().Clipboard().SetContent}
		content = append(content, kit.Quiet(w.T("window.no-page")), kit.Inset(container.NewHBox(ci.CopyPill(t.address), layout.NewSpacer())))
	}
	return content
}

// stepList shows the steps: those that are over, the one that goes on, and what is still to come.
func (f *Frame) stepList(t *trialState) fyne.CanvasObject {
	list := kit.Tight()
	going := t.busy
	for _, id := range t.Steps() {
		ok, over := t.steps[id]
		drawing, colour, bolder := "unticked", theme.ColorNameDisabled, false
		switch {
		case over && ok:
			drawing, colour = "ticked", theme.ColorNameSuccess
		case over:
			drawing, colour, bolder, going = "failed", theme.ColorNameError, true, false
		case going:
			drawing, colour, bolder, going = "wait", theme.ColorNamePrimary, true, false
		}
		icon := canvas.NewImageFromResource(kit.Symbol(drawing, colour))
		icon.FillMode = canvas.ImageFillContain
		icon.SetMinSize(fyne.NewSquareSize(18))
		label := kit.Text(f.p.Words.T("window.step." + id))
		label.TextStyle.Bold = bolder
		list.Add(container.NewBorder(nil, nil, kit.Inset(container.NewCenter(icon)), nil, label))
	}
	if t.busy {
		return container.NewVBox(list, widget.NewProgressBarInfinite())
	}
	return list
}

// verdictOf says what a trial came to, and what to do next.
func (f *Frame) verdictOf(t *trialState) (content []fyne.CanvasObject) {
	w := f.p.Words
	if t.busy {
		return nil
	}
	switch {
	case t.lost != nil:
		content = append(content, kit.Bold(w.T("window.not-kept")), kit.Text(session.Lines(f.explain(t.lost), maxFailure)))
	case t.outcome.Err == nil:
		content = append(content, kit.Bold(w.T("window.works")))
	case t.done:
		content = append(content, kit.Bold(w.T("window.kept-untried")))
	default:
		content = append(content, kit.Bold(w.T("window.works-not")), kit.Text(session.Lines(f.explain(t.outcome.Err), maxFailure)))
		if t.outcome.Keepable() {
			id := "window.their-trouble"
			if t.outcome.Outage {
				id = "window.in-outage"
			}
			content = append(content, kit.Box(kit.Text(w.T(id))))
		}
	}
	if t.memory != nil {
		content = append(content, kit.Box(kit.Text(session.Lines(f.explain(t.memory), maxFailure))))
	}
	return content
}

// trialEnds are the ways on from a trial.
func (f *Frame) trialEnds(t *trialState) []fyne.CanvasObject {
	w := f.p.Words
	button := func(id string, main bool, do func()) fyne.CanvasObject {
		b := widget.NewButton(w.T(id), do)
		if main {
			b.Importance = widget.HighImportance
		}
		return b
	}
	leave := func() {
		t.errand.Stop()
		if t.keep == keepAll {
			f.away(f.addPage)
			return
		}
		f.openAccounts()
	}
	again := func() {
		if t.signing {
			f.signIn(t.Trial, t.keep)
		} else {
			f.try(t.Trial, t.keep)
		}
	}
	switch {
	case t.busy:
		return []fyne.CanvasObject{button("window.cancel", false, leave)}
	case t.done && t.keep == keepNothing:
		return []fyne.CanvasObject{button("window.back", true, leave)}
	case t.done:
		return []fyne.CanvasObject{button("window.show-mail", true, f.home)}
	case t.outcome.Keepable() && t.keep != keepNothing:
		return []fyne.CanvasObject{button("window.back", false, leave), button("window.again", false, again), button("window.keep-anyway", true, func() { f.keepAnyway(t) })}
	}
	return []fyne.CanvasObject{button("window.back", false, leave), button("window.again", true, again)}
}
