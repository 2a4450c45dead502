package view

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"rimbalzo/app/window/board"
	"rimbalzo/app/window/help"
	"rimbalzo/app/window/now"
	"rimbalzo/app/window/outages"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
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
	root := f.topped(page.Root())
	f.hooks = hooks{first: page.First(), refresh: func() {
		load()
		f.renews()
	}}
	return root
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
	f.hooks = hooks{first: page.First(), close: page.Close, keep: func() { f.left.board = page.State() }, refresh: func() {
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

// helpPage shows the help.
func (f *Frame) helpPage() fyne.CanvasObject {
	page := help.New(help.Params{Words: f.p.Words, Zone: f.p.Zone, Catalogue: f.catalogue(), Copied: copied})
	if f.left.help != (help.State{}) {
		page.Restore(f.left.help)
	}
	f.hooks = hooks{first: page.First(), keep: func() { f.left.help = page.State() }}
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
