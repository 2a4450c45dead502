package view

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"rimbalzo/app/watcher"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/review"
)

// own is the person's own accounts, as the window has them.
type own struct {
	mail    session.Mailboxes
	some    bool // there are accounts
	shown   bool // the list is theirs, and no other mail's
	first   bool // there were none at the start: what happens next is told
	changed bool // accounts came or went since they were read
	busy    bool // new mail is being read
	reading *session.Errand
	last    session.Reading
	looked  session.Looked
	failed  error // why new mail could not be read at all
	// clients say why nobody can sign in with a provider from here; nil where one can.
	clients map[string]error
}

// now is the moment for which accounts are reviewed.
func (f *Frame) now() time.Time {
	if !f.p.Base.At.IsZero() {
		return f.p.Base.At
	}
	return time.Now()
}

// away shows a page beside the list: what is read meanwhile does not take its place.
func (f *Frame) away(page func() fyne.CanvasObject) {
	f.show(atAccounts, page)
	f.beside = true
}

// start shows the accounts' mail where there are accounts, else the welcome page.
func (f *Frame) start() {
	if f.p.Desk == nil {
		f.show("", f.welcomePage)
		return
	}
	f.own.mail = session.Mailboxes{Desk: f.p.Desk, Review: f.p.Review}
	f.show("", f.waitingPage)
	f.errands.Go(func(*session.Errand) func() {
		list, _, err := f.p.Desk.List()
		clients := map[string]error{}
		for _, id := range []string{account.Google, account.Microsoft} {
			_, _, _, clients[id] = f.p.Desk.Client(account.Account{Operator: id})
		}
		return func() {
			f.own.clients = clients
			f.askStatus()
			f.own.some, f.own.first = len(list) > 0, len(list) == 0
			switch {
			case err != nil:
				f.fail(err)
			case f.own.some:
				f.home()
			default:
				f.show("", f.welcomePage)
			}
		}
	})
}

// other makes room for mail that is none of the accounts'.
func (f *Frame) other() {
	f.stopReading()
	f.own.shown = false
	f.dropDemo()
	f.p.Moments, f.p.Banner = nil, ""
}

// home shows what is known of the accounts' mail at once, and reads what is new.
func (f *Frame) home() {
	f.other()
	f.reviewer.Stop()
	f.own.shown, f.own.some, f.own.changed, f.own.failed, f.own.last = true, true, false, nil, session.Reading{}
	f.present(f.p.Base)
	if f.own.first {
		f.own.first = false
		f.show("", f.nextPage)
	} else {
		f.visit(atNow)
	}
	req := f.ownRequest()
	f.own.busy = true
	f.own.reading = f.errands.Go(func(r *session.Errand) func() {
		known, there, err := f.own.mail.Known(r.Context(), req)
		return func() {
			if err != nil {
				f.own.busy = false
				f.fail(err)
				return
			}
			if there {
				f.arrived(known)
			}
			f.readNew()
		}
	})
}

// ownRequest is a review of the accounts for this moment.
func (f *Frame) ownRequest() review.Request {
	req := f.p.Base
	req.At = f.now()
	// A copy: the person may go on ticking while the review runs.
	req.Ticks = new(checklist.Ticks)
	req.Ticks.Merge(f.p.Ticks)
	f.request.At = req.At
	return req
}

// readNew reads what is new in the accounts.
func (f *Frame) readNew() {
	req := f.ownRequest()
	f.own.busy, f.own.looked, f.own.failed, f.failure = true, session.Looked{}, nil, nil
	f.renews()
	f.own.reading = f.errands.Go(func(r *session.Errand) func() {
		reading, err := f.own.mail.Read(r.Context(), req, func(l session.Looked) {
			r.Hand(func() { f.showLooked(l) })
		})
		return func() { f.readingEnded(reading, err) }
	})
}

func (f *Frame) readingEnded(reading session.Reading, err error) {
	f.own.busy = false
	switch {
	case err != nil && f.reviewed:
		f.own.failed = err
		f.renews()
	case errors.Is(err, session.ErrNothingSetUp):
		f.nothingToRead()
	case err != nil:
		f.fail(err)
	default:
		f.arrived(reading)
	}
}

// nothingToRead takes in that no account holds mail: there may be none at all any more, or some that are only watched.
func (f *Frame) nothingToRead() {
	f.own.shown, f.request = false, nil
	f.errands.Go(func(*session.Errand) func() {
		list, _, err := f.p.Desk.List()
		return func() {
			f.own.some = len(list) > 0 || err != nil
			if !f.own.some && !f.beside {
				f.show("", f.welcomePage)
				return
			}
			f.fresh()
		}
	})
}

// arrived takes in what a review of the accounts came to.
func (f *Frame) arrived(r session.Reading) {
	f.own.last = r
	f.report, f.reviewed, f.failure = r.Report, true, nil
	for _, aside := range r.Asides {
		aside.Path = session.Line(aside.Path, 400)
		f.tell("window.damaged", aside.Describe(f.p.Words))
	}
	f.fresh()
	if f.at == atNow || f.at == atChecklist {
		f.seen()
	}
}

// showLooked shows how far the reading is, where it is waited for.
func (f *Frame) showLooked(l session.Looked) {
	f.own.looked = l
	if f.count != nil {
		f.count.label.SetText(f.lookedText(l))
		return
	}
	f.renews()
}

// stopReading ends the reading of new mail at once; what was read is kept.
func (f *Frame) stopReading() {
	f.own.reading.Stop()
	f.own.busy = false
}

// Changed takes in that the watcher saw something new: the state of a service, or mail.
func (f *Frame) Changed() {
	if f.life.Err() != nil {
		return
	}
	f.askStatus()
	if !f.own.shown || f.own.busy || f.request == nil {
		return
	}
	req := f.ownRequest()
	f.own.reading = f.errands.Go(func(r *session.Errand) func() {
		known, there, err := f.own.mail.Known(r.Context(), req)
		return func() {
			// What troubled the last reading still does; a reading of the watcher's that failed is its own to tell.
			if err == nil && there {
				known.Troubles = f.own.last.Troubles
				f.arrived(known)
			}
		}
	})
}

// askPatience is how long the watcher may take to answer.
const askPatience = 10 * time.Second

// askWatcher asks the watcher something off the toolkit's goroutine; answered may be nil. Where no watcher answers, nothing
// depends on it.
func (f *Frame) askWatcher(verb string, arg, answer any, answered func(error)) {
	if f.p.Ask == nil {
		return
	}
	f.errands.Go(func(r *session.Errand) func() {
		ctx, cancel := context.WithTimeout(r.Context(), askPatience)
		defer cancel()
		err := f.p.Ask(ctx, verb, arg, answer)
		if answered == nil {
			return nil
		}
		return func() { answered(err) }
	})
}

// tellAccounts tells the watcher that accounts came or went, and remembers it for the list.
func (f *Frame) tellAccounts() {
	f.own.changed, f.own.some = true, true
	f.askWatcher(watcher.VerbAccounts, nil, nil, func(error) { f.askStatus() })
}

// saw tells the watcher that the person has the list in view: it need not be told any more.
func (f *Frame) saw() { f.askWatcher(watcher.VerbSaw, nil, nil, nil) }
