package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/accounts"
	"rimbalzo/app/watcher"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
)

// openAccounts shows the page of accounts; what it shows is looked up while the page is in view already.
func (f *Frame) openAccounts() {
	f.away(f.accountsPage)
	f.lookUpCards()
	f.askStatus()
}

func (f *Frame) lookUpCards() {
	f.looking.Stop()
	f.looking = f.errands.Go(func(r *session.Errand) func() {
		cards, err := session.Cards(r.Context(), f.p.Desk)
		return func() {
			f.cards, f.cardsErr, f.cardsKnown = cards, err, true
			if f.beside {
				f.rebuild()
			}
		}
	})
}

// accountsPage lists the accounts, each with what can be done about it.
func (f *Frame) accountsPage() fyne.CanvasObject {
	w := f.p.Words
	add := widget.NewButton(w.T("window.add-account"), func() { f.away(f.addPage) })
	add.Importance = widget.HighImportance
	content := []fyne.CanvasObject{kit.Heading(w.T("window.accounts"), theme.SizeNameHeadingText)}
	switch {
	case !f.cardsKnown:
		content = append(content, kit.Text(w.T("window.reading-start")))
	case len(f.cards) == 0 && f.cardsErr == nil:
		content = append(content, kit.Text(w.T("window.no-accounts")))
	}
	if f.cardsErr != nil {
		wrong := f.complaint()
		f.complain(f.cardsErr, wrong)
		content = append(content, wrong)
	}
	for _, c := range f.cards {
		content = append(content, f.accountCard(c))
	}
	watch := kit.NewPill(w.T("accountspage.watch"), "check", func() { f.away(f.watchPage) })
	content = append(content, kit.Inset(container.NewHBox(watch, layout.NewSpacer())))
	ends := container.NewHBox(layout.NewSpacer(), widget.NewButton(w.T("window.back"), f.back), widget.NewButton(w.T("window.add-files"), f.openMail), add)
	return kit.Page(kit.PageWidth+80, append(content, ends)...)
}

// accountCard is one account.
func (f *Frame) accountCard(c session.Card) fyne.CanvasObject {
	w := f.p.Words
	lines := kit.Tight(kit.Bold(c.Name(w)), kit.Text(f.stateOf(c.Account.ID, c.Kind(w))))
	for _, s := range []string{c.Where(w, f.explain), c.LastRead(w, f.p.Zone)} {
		if s != "" {
			lines.Add(kit.Quiet(session.Lines(s, maxFailure)))
		}
	}
	row := container.New(&kit.Flow{Width: kit.PageWidth})
	pillOf := func(id string, do func()) { row.Add(kit.NewPill(w.T(id), "", do)) }
	switch {
	case c.Account.Kind == account.Local:
		pillOf("window.test", func() { f.test(c.Account) })
	case c.SignsIn():
		pillOf("window.test", func() { f.test(c.Account) })
		pillOf("window.sign-in-again", func() { f.signIn(session.Trial{Account: c.Account, Sure: true}, keepSecret) })
	case c.Account.Kind == account.IMAP:
		pillOf("window.test", func() { f.test(c.Account) })
		pillOf("window.new-password", func() { f.newPassword(c.Account) })
	}
	pillOf("window.remove", func() { f.askToRemove(c) })
	pillOf("window.forget", func() { f.askToForget(c) })
	return kit.Box(container.NewVBox(lines, kit.Inset(row)))
}

// stateOf adds what the watcher says of an account's service.
func (f *Frame) stateOf(id, what string) string {
	if f.status != nil {
		for _, a := range f.status.Accounts {
			if a.ID == id && len(a.Directions) > 0 {
				return what + " · " + watcher.StateWords(a.State, f.p.Words)
			}
		}
	}
	return what
}

// test goes to an account's mail and says how that went; nothing is kept.
func (f *Frame) test(acc account.Account) {
	f.try(session.Trial{Account: acc, Sure: true}, keepNothing)
}

// newPassword asks for another password of an account.
func (f *Frame) newPassword(acc account.Account) {
	f.away(func() fyne.CanvasObject {
		w := f.p.Words
		password, wrong := widget.NewPasswordEntry(), f.complaint()
		do := func() {
			if password.Text == "" {
				f.complain(&session.Refusal{ID: "window.refused.password"}, wrong)
				return
			}
			f.try(session.Trial{Account: acc, Secret: password.Text, Sure: true}, keepSecret)
		}
		password.OnSubmitted = func(string) { do() }
		try := widget.NewButton(w.T("window.try-and-keep"), do)
		try.Importance = widget.HighImportance
		return kit.Page(kit.PageWidth,
			kit.Heading(w.T("window.new-password-of", "Name", session.Line(acc.ID, 80)), theme.SizeNameHeadingText),
			labelled(w.T("window.password"), password), kit.Quiet(w.T("window.password-what")), wrong,
			container.NewHBox(layout.NewSpacer(), widget.NewButton(w.T("window.back"), f.openAccounts), try),
		)
	})
}

// askToRemove says what stays and what goes, and takes an account away.
func (f *Frame) askToRemove(c session.Card) {
	name := c.Name(f.p.Words)
	what := f.p.Words.T("window.remove.what", "Name", name)
	f.question("window.remove.title", what, "window.remove", "window.cancel", func(yes bool) {
		if !yes {
			return
		}
		f.errands.Go(func(r *session.Errand) func() {
			acc, unreached, err := f.p.Desk.Remove(r.Context(), c.Account.ID)
			return func() { f.gone(accounts.Forgotten{Name: acc.ID, Account: true, Unreached: unreached}, err) }
		})
	})
}

// askToForget says what stays and what goes, and takes every trace of an account away.
func (f *Frame) askToForget(c session.Card) {
	name := c.Name(f.p.Words)
	what := f.p.Words.T("window.forget.what", "Name", name)
	f.question("window.forget.title", what, "window.forget", "window.cancel", func(yes bool) {
		if !yes {
			return
		}
		// What is being read of it would come back.
		f.stopReading()
		f.errands.Go(func(r *session.Errand) func() {
			done, err := f.p.Desk.Forget(r.Context(), c.Account.ID)
			return func() { f.gone(done, err) }
		})
	})
}

// gone takes in that an account was taken away.
func (f *Frame) gone(done accounts.Forgotten, err error) {
	f.lookUpCards()
	switch {
	case err != nil:
		f.tell("window.failed", f.explain(err))
		return
	case done.Unreached:
		f.tell("window.removed", f.p.Words.T("window.keyring-away", "Name", session.Line(done.Name, 80)))
	}
	f.tellAccounts()
}
