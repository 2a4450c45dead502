package view

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	topics "rimbalzo/app/help"
	"rimbalzo/app/licences"
	"rimbalzo/app/window/about"
	"rimbalzo/app/window/board"
	"rimbalzo/app/window/connections"
	"rimbalzo/app/window/help"
	"rimbalzo/app/window/logs"
	"rimbalzo/app/window/missing"
	"rimbalzo/app/window/now"
	"rimbalzo/app/window/outages"
	"rimbalzo/app/window/session"
	pages "rimbalzo/app/window/settings"
	"rimbalzo/internal/account"
	"rimbalzo/internal/advice"
	lost "rimbalzo/internal/missing"
)

func copied(text string) { fyne.CurrentApp().Clipboard().SetContent(text) }

// nowPage shows how things stand, and follows them.
func (f *Frame) nowPage() fyne.CanvasObject {
	p := now.Params{
		Words: f.p.Words, Copied: copied, OnCheck: f.checkNow, OnList: f.list, OnOutage: func() { f.visit(atOutage) }, OnFiles: f.openMail,
	}
	if f.p.Desk != nil {
		p.OnAdd = func() { f.away(f.addPage) }
	}
	if f.p.Demo != nil {
		p.OnDemo = f.tryDemo
	}
	page := now.New(p)
	load := func() {
		n := f.explainer().Now(f.situation())
		page.Load(n, f.counted())
		f.wake(n.Again)
	}
	load()
	f.seen()
	root := f.topped(page.Root())
	f.hooks = hooks{first: page.First(), refresh: func() {
		load()
		f.renews()
	}}
	return root
}

// seen tells the watcher that what it may have told is before the person now.
func (f *Frame) seen() {
	if f.own.shown && f.reviewed {
		f.saw()
	}
}

// list opens the checklist for one verdict; "" for all.
func (f *Frame) list(v advice.Verdict) {
	f.left.board.Filter = session.Filter{Verdict: v}
	f.visit(atChecklist)
}

// situation is what is known of the services.
func (f *Frame) situation() session.Situation {
	s := session.Situation{Status: f.status, Watches: f.p.Desk != nil, Asking: f.p.Ask != nil && !f.asked, At: f.now(), Catalogue: f.catalogue()}
	if f.request != nil {
		s.Demo = f.request.Demo
	}
	if s.Demo {
		s.At, s.Status = f.request.At, nil
	}
	if f.own.some {
		s.Accounts = 1
	}
	return s
}

// counted is how things stand with the messages.
func (f *Frame) counted() session.Mail {
	m := session.Mail{Failed: f.failure != nil, Reading: f.again || (f.request != nil && !f.reviewed && f.failure == nil)}
	if f.reviewed && !f.again {
		m.Open = session.OpenOnes(f.report, f.p.Ticks)
	}
	return m
}

// boardPage shows the report, or says that there is nothing in it.
func (f *Frame) boardPage() fyne.CanvasObject {
	if len(f.report.Items) == 0 && len(f.p.Moments) == 0 {
		f.hooks.refresh = func() { f.visit(atChecklist) }
		return f.topped(f.nothingPage())
	}
	page := board.New(board.Params{
		Words: f.p.Words, Zone: f.p.Zone, Ticks: f.p.Ticks, Later: f.later, OnTick: f.keepTicks, OnExport: f.export, OnNotes: f.notes,
		Copied: copied, Copies: f.copying(), SaveAs: f.saveAs, Explain: f.explain, Ask: f.ask, Window: f.win, Open: f.openLink(), OnMerge: f.merging(),
	})
	page.Restore(f.left.board)
	load := func() {
		if f.again {
			page.Busy.Show()
			return
		}
		page.Load(f.report, f.catalogue().Sources)
	}
	load()
	f.hooks = hooks{first: page.First(), shortcut: page.Do, close: page.Close, keep: func() { f.left.board = page.State() }, refresh: func() {
		if !f.reviewed || len(f.report.Items) == 0 {
			f.visit(atChecklist)
			return
		}
		load()
		f.renews()
	}}
	return f.topped(page.Root())
}

// outagePage shows outages: those of the report, and those of the catalogue.
func (f *Frame) outagePage() fyne.CanvasObject {
	page := outages.New(outages.Params{
		Words: f.p.Words, Zone: f.p.Zone, Now: f.now, Copied: copied, History: f.p.History, Explain: f.explain,
		OnPhase: func(outage, phase string) {
			f.left.board.Filter = session.Filter{Outage: outage, Phase: phase}
			f.visit(atChecklist)
		},
		Run: func(do func(context.Context) func()) {
			f.errands.Go(func(r *session.Errand) func() { return do(r.Context()) })
		},
	})
	page.Restore(f.left.outage)
	load := func() { page.Load(f.report, f.catalogue()) }
	load()
	f.hooks = hooks{first: page.First(), keep: func() { f.left.outage = page.State() }, refresh: func() {
		if !f.again {
			load()
		}
	}}
	return page.Root()
}

// missingPage shows who probably wrote in vain.
func (f *Frame) missingPage() fyne.CanvasObject {
	page := missing.New(missing.Params{
		Words: f.p.Words, Zone: f.p.Zone, Now: f.now, Errands: f.errands, Find: f.lacking(), Ticks: f.p.Ticks, OnTick: f.keepTicks, Copied: copied, Explain: f.explain,
	})
	page.Restore(f.left.missing)
	page.Load()
	f.hooks = hooks{first: page.First(), close: page.Close, keep: func() { f.left.missing = page.State() }, refresh: func() {
		if !f.again {
			page.Load()
		}
	}}
	return page.Root()
}

// lacking looks for mail that never arrived in the mail in view; nil where nobody can.
func (f *Frame) lacking() func(context.Context) (lost.Result, bool, error) {
	if f.p.Missing == nil {
		return nil
	}
	own, mail, req := f.own.shown, f.own.mail, f.p.Base
	if f.request != nil {
		req = *f.request
	}
	there := f.request != nil
	return func(ctx context.Context) (lost.Result, bool, error) {
		switch {
		case !there:
			return lost.Result{}, false, nil
		case own:
			return mail.Missing(ctx, req, f.p.Missing)
		}
		r, err := f.p.Missing(ctx, req)
		return r, true, err
	}
}

// openHelp shows what explains the page in view.
func (f *Frame) openHelp() {
	if f.at != atHelp {
		f.leavePage() // what it remembers of the help is older
		f.left.help = help.State{Topic: topics.ForPage(f.at)}
	}
	f.show(atHelp, f.helpPage)
}

// helpPage shows the help.
func (f *Frame) helpPage() fyne.CanvasObject {
	page := help.New(help.Params{Words: f.p.Words, Zone: f.p.Zone, Catalogue: f.catalogue(), Copied: copied})
	if f.left.help != (help.State{}) {
		page.Restore(f.left.help)
	}
	f.hooks = hooks{first: page.First(), keep: func() { f.left.help = page.State() }}
	return page.Root()
}

// settingsPage shows what can be chosen.
func (f *Frame) settingsPage() fyne.CanvasObject {
	page := pages.New(pages.Params{
		Words: f.p.Words, Settings: f.chosen, Errands: f.errands, Apply: f.apply, Keep: f.p.SaveSettings,
		AtLogin: f.p.AtLogin, SetAtLogin: f.p.SetAtLogin, Explain: f.explain,
	})
	page.Restore(f.left.choices)
	f.hooks = hooks{first: page.First(), keep: func() { f.left.choices = page.State() }}
	return page.Root()
}

// connectionsPage shows every server that the program talks to.
func (f *Frame) connectionsPage() fyne.CanvasObject {
	page := connections.New(connections.Params{
		Words: f.p.Words, Zone: f.p.Zone, Errands: f.errands, Contacts: f.p.Contacts, Explain: f.explain,
		Accounts: func() ([]account.Account, error) {
			if f.p.Desk == nil {
				return nil, nil
			}
			list, _, err := f.p.Desk.List()
			return list, err
		},
	})
	page.Load(f.status)
	f.hooks = hooks{close: page.Close, refresh: func() { page.Load(f.status) }}
	return page.Root()
}

// logPage shows what the watcher noted down.
func (f *Frame) logPage() fyne.CanvasObject {
	page := logs.New(logs.Params{Words: f.p.Words, Errands: f.errands, Log: f.p.Log, Folder: f.p.Data, Copied: copied, Explain: f.explain})
	page.Restore(f.left.log)
	f.hooks = hooks{first: page.First(), close: page.Close, keep: func() { f.left.log = page.State() }}
	return page.Root()
}

// aboutPage shows what the program is and rests on.
func (f *Frame) aboutPage() fyne.CanvasObject {
	page := about.New(about.Params{
		Words: f.p.Words, Version: f.p.Version, Homepage: f.p.Homepage, Catalogue: f.catalogue(), Licences: licences.Text,
		Errands: f.errands, Copied: copied, Explain: f.explain,
	})
	f.hooks = hooks{first: page.First()}
	return page.Root()
}

// soonest is the least time until the watcher is asked again by itself.
const soonest = 10 * time.Second

// wake asks the watcher again at an instant, which may be zero for never: what is shown changes then.
func (f *Frame) wake(at time.Time) {
	if f.clock != nil {
		f.clock.Stop()
		f.clock = nil
	}
	if at.IsZero() || f.p.Ask == nil {
		return
	}
	f.clock = time.AfterFunc(max(time.Until(at)+time.Second, soonest), func() {
		f.later(func() {
			if f.life.Err() == nil {
				f.askStatus()
			}
		})
	})
}
