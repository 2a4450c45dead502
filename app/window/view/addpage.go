package view

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/accounts"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/account/autoconfig"
)

// accountForm is the form for a mail account: what is typed goes into the frame's account, but for the password.
type accountForm struct {
	address, server, user, port, password *widget.Entry

	kind   *widget.Select
	kinds  []string
	secret fyne.CanvasObject // the password with its words
	hint   *widget.Label
	signIn *fyne.Container
	more   *widget.Accordion
	wrong  *widget.Label
	try    *widget.Button
}

// addPage asks for an account: its address, then what its provider wants.
func (f *Frame) addPage() fyne.CanvasObject {
	w := f.p.Words
	a := f.accountForm()
	f.suggest(a, f.mail.Address)
	a.address.OnChanged = func(s string) { f.suggest(a, s) }
	a.address.OnSubmitted = func(string) { f.win.Canvas().Focus(a.password) }
	a.password.OnSubmitted = func(string) { f.submit(a) }
	if f.first = a.address; f.mail.Address != "" && a.secret.Visible() {
		f.first = a.password
	}
	return kit.Page(kit.PageWidth,
		kit.Heading(w.T("window.imap"), theme.SizeNameHeadingText),
		kit.Text(w.T("window.imap-what")),
		labelled(w.T("window.address"), a.address), a.hint, a.signIn, a.secret, a.more, a.wrong,
		container.NewHBox(layout.NewSpacer(), widget.NewButton(w.T("window.back"), f.back), a.try),
	)
}

// labelled is a field with its name above it.
func labelled(name string, field fyne.CanvasObject) fyne.CanvasObject {
	return kit.Tight(kit.Bold(name), kit.Inset(field))
}

// accountForm makes the fields, filled with what was typed before.
func (f *Frame) accountForm() *accountForm {
	w := f.p.Words
	field := func(value, example string, keep func(string)) *widget.Entry {
		e := widget.NewEntry()
		e.SetPlaceHolder(example)
		e.SetText(value)
		e.OnChanged = keep
		return e
	}
	a := &accountForm{
		kinds: []string{w.T("window.tls"), w.T("window.starttls")}, password: widget.NewPasswordEntry(), hint: kit.Text(""),
		signIn: container.NewVBox(), wrong: f.complaint(),
	}
	a.address = field(f.mail.Address, "anna@example.com", nil)
	a.server = field(f.mail.Server, "imap.example.com", func(s string) { f.mail.Server = s })
	a.user = field(f.mail.User, w.T("window.same-as-address"), func(s string) { f.mail.User = s })
	a.port = field(f.mail.Port, f.mail.UsualPort(), func(s string) { f.mail.Port = s })
	a.kind = widget.NewSelect(a.kinds, func(s string) {
		f.mail.STARTTLS = s == a.kinds[1]
		a.port.SetPlaceHolder(f.mail.UsualPort())
	})
	a.choose(f.mail.STARTTLS)
	a.secret = container.NewVBox(labelled(w.T("window.password"), a.password), kit.Quiet(w.T("window.password-what")))
	a.more = widget.NewAccordion(widget.NewAccordionItem(w.T("window.more-settings"), widget.NewForm(
		widget.NewFormItem(w.T("window.server"), a.server), widget.NewFormItem(w.T("window.user"), a.user),
		widget.NewFormItem(w.T("window.security"), a.kind), widget.NewFormItem(w.T("window.port"), a.port),
	)), widget.NewAccordionItem(w.T("accountspage.ca"), f.authorityField()))
	a.more.MultiOpen = true // what was typed in one part stays in view while the other is filled in
	a.try = widget.NewButton(w.T("window.try-and-keep"), func() { f.submit(a) })
	a.try.Importance = widget.HighImportance
	return a
}

func (a *accountForm) choose(starttls bool) {
	if starttls {
		a.kind.SetSelected(a.kinds[1])
	} else {
		a.kind.SetSelected(a.kinds[0])
	}
}

// suggest fills in what is known of the provider of the address that is being typed, says what its customers need to know, and
// offers the ways in that there are.
func (f *Frame) suggest(a *accountForm, typed string) {
	f.mail.Address = typed
	if f.mail.Suggest() {
		f.refill(a)
	}
	ways := f.mail.Ways(f.p.Words.Lang())
	for i, note := range ways.Notes {
		ways.Notes[i] = session.Line(note, 400)
	}
	a.hint.SetText(strings.Join(ways.Notes, "\n"))
	kit.SetVisible(a.hint, len(ways.Notes) > 0)
	kit.SetVisible(a.secret, ways.Password)
	kit.SetVisible(a.try, ways.Password)
	kit.SetVisible(a.more, ways.Password)
	f.offerSignIn(a, ways)
}

// refill shows what was filled in.
func (f *Frame) refill(a *accountForm) {
	known := f.mail
	a.server.SetText(known.Server)
	a.user.SetText(known.User)
	a.choose(known.STARTTLS)
	a.port.SetText(known.Port)
}

// offerSignIn offers to sign in with the provider in the browser. Without a client id it says so at once, where no password
// would do, and offers mail files.
func (f *Frame) offerSignIn(a *accountForm, ways session.Ways) {
	w := f.p.Words
	a.signIn.RemoveAll()
	defer a.signIn.Refresh()
	if ways.SignIn == "" || f.p.OpenBrowser == nil {
		return
	}
	err := f.own.clients[ways.SignIn]
	switch {
	case err == nil:
		button := widget.NewButton(w.T("window.sign-in"), func() { f.signInTyped(a) })
		button.Importance = widget.HighImportance
		a.signIn.Add(container.NewHBox(kit.Inset(button), layout.NewSpacer()))
	case ways.Password:
		a.signIn.Add(kit.Text(w.T("window.no-sign-in")))
	default:
		a.signIn.Add(kit.Text(session.Lines(f.explain(err), maxFailure)))
		a.signIn.Add(container.NewHBox(kit.Inset(widget.NewButton(w.T("window.use-files"), f.openMail)), layout.NewSpacer()))
	}
}

// submit takes the next step with what was typed.
func (f *Frame) submit(a *accountForm) {
	a.wrong.Hide()
	if err := f.mail.Complete(); err != nil {
		f.complain(err, a.wrong)
		return
	}
	if f.mail.NeedsServer() {
		f.askToLookUp(a)
		return
	}
	acc, sure, err := f.mail.Account()
	if err == nil && a.password.Text == "" {
		err = &session.Refusal{ID: "window.refused.password"}
	}
	if err != nil {
		a.more.OpenAll()
		f.complain(err, a.wrong)
		return
	}
	f.try(session.Trial{Account: acc, Secret: a.password.Text, Sure: sure}, keepAll)
}

// askToLookUp asks whether others may be asked for the servers of the address; only its domain is told.
func (f *Frame) askToLookUp(a *accountForm) {
	w := f.p.Words
	domain := accounts.Domain(strings.TrimSpace(f.mail.Address))
	f.question("window.look-up", session.Lines(autoconfig.Consent(domain, w), maxFailure), "window.look-up.yes", "window.look-up.no", func(yes bool) {
		if yes {
			f.lookUp(a, domain)
			return
		}
		a.more.Open(0)
		f.win.Canvas().Focus(a.server)
	})
}

// lookUp asks others for the servers.
func (f *Frame) lookUp(a *accountForm, domain string) {
	w := f.p.Words
	acc := account.Account{Address: strings.TrimSpace(f.mail.Address)}
	a.try.Disable()
	a.wrong.SetText(w.T("window.looking-up"))
	a.wrong.Show()
	f.errands.Go(func(r *session.Errand) func() {
		found, known, err := f.p.Desk.LookUp(r.Context(), &acc)
		return func() {
			a.try.Enable()
			a.wrong.Hide()
			if err == nil && !known {
				err = &autoconfig.Error{Kind: "nothing", Domain: domain}
			}
			if err != nil {
				a.more.Open(0)
				f.complain(err, a.wrong)
				return
			}
			said := session.Line(found.Candidate.Told(domain, w), maxFailure)
			take := func() {
				f.mail.Take(acc, found.SignIn, said)
				f.refill(a)
				f.suggest(a, f.mail.Address)
				if a.password.Text != "" && a.password.Visible() && !found.SignIn {
					f.submit(a)
				}
			}
			if len(found.Candidate.Strange) == 0 {
				take()
				return
			}
			f.question("window.strange", said, "window.strange.yes", "window.cancel", func(yes bool) {
				if yes {
					take()
				}
			})
		}
	})
}

// question asks something that is answered with yes or no.
func (f *Frame) question(title, what, yes, no string, answer func(bool)) {
	w := f.p.Words
	d := dialog.NewCustomConfirm(w.T(title), w.T(yes), w.T(no), kit.Text(what), answer, f.win)
	d.Resize(fyne.NewSize(min(560, f.win.Canvas().Size().Width-60), 220))
	f.ask(d)
}

// signInTyped signs the person in for the typed address.
func (f *Frame) signInTyped(a *accountForm) {
	a.wrong.Hide()
	if err := f.mail.Complete(); err != nil {
		f.complain(err, a.wrong)
		return
	}
	acc, sure, err := f.mail.Account()
	if err != nil {
		f.complain(err, a.wrong)
		return
	}
	f.signIn(session.Trial{Account: acc, Sure: sure}, keepAll)
}

// signIn lets the person sign in with the account's provider in the browser, and goes on to try the account.
func (f *Frame) signIn(t session.Trial, keep keeping) {
	speaking := f.p.Words
	f.trial = &trialState{Trial: t, keep: keep, signing: true, busy: true}
	state := f.trial
	f.away(f.trialPage)
	state.errand = f.errands.Go(func(r *session.Errand) func() {
		p, client, ok, err := f.p.Desk.Client(t.Account)
		if err == nil && !ok {
			err = account.ErrNotIMAP
		}
		if err == nil {
			t.Secret, err = accounts.SignIn(r.Context(), &t.Account, p, client, func(address string) error {
				r.Hand(func() {
					state.address = address
					f.rebuildIf(state)
				})
				// A browser may be there that cannot be started from here: the address is shown.
				_ = f.p.OpenBrowser(address)
				return nil
			}, speaking)
		}
		return func() {
			if err == nil {
				f.try(t, keep)
				return
			}
			state.busy, state.outcome.Err = false, err
			f.rebuildIf(state)
		}
	})
}

// rebuildIf builds the page of a trial anew where it is still in view.
func (f *Frame) rebuildIf(state *trialState) {
	if f.trial == state && f.life.Err() == nil {
		f.rebuild()
	}
}
