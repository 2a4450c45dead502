package view

import (
	"time"

	"fyne.io/fyne/v2"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/discovery"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/review"
)

// begin reviews a request from the start. The demo begins with how things stand at its moment, other mail with its list.
func (f *Frame) begin(req review.Request) {
	f.present(req)
	if req.Demo {
		f.visit(atNow)
	} else {
		f.visit(atChecklist)
	}
	f.review()
}

// present makes req the request whose results are shown.
func (f *Frame) present(req review.Request) {
	if req.At.IsZero() {
		req.At = time.Now()
	}
	f.request, f.reviewed, f.failure, f.again, f.moment = &req, false, nil, false, -1
	f.report = checklist.Report{At: req.At, Demo: req.Demo}
	f.left.board.Shown = nil
	for i, m := range f.p.Moments {
		if m.At.Equal(req.At) {
			f.moment = i
		}
	}
}

// move reviews the same mail for another moment, the page staying in view.
func (f *Frame) move(moment int) {
	if f.request == nil || moment == f.moment {
		return
	}
	f.moment = moment
	f.request.At = f.p.Moments[moment].At
	f.again = true
	f.restrip()
	f.fresh()
	f.review()
}

func (f *Frame) review() {
	req := *f.request
	// A copy: the person may go on ticking while the review runs.
	req.Ticks = new(checklist.Ticks)
	req.Ticks.Merge(f.p.Ticks)
	f.reviewer.Start(req, func(n int) {
		if f.count != nil {
			f.count.set(n)
		}
	}, f.finished)
}

func (f *Frame) finished(r checklist.Report, err error) {
	f.again = false
	if err != nil {
		f.fail(err)
		return
	}
	f.report, f.reviewed, f.failure = r, true, nil
	f.fresh()
}

// fail takes in that there is no report. Pages that show one say why.
func (f *Frame) fail(err error) {
	f.failure, f.reviewed, f.again = err, false, false
	switch {
	case f.hooks.refresh != nil:
		f.fresh()
	case !f.beside:
		f.show(atChecklist, f.failurePage)
	}
}

// reported shows a page that needs a report, or why there is none, or that it is on its way.
func (f *Frame) reported(at string, page func() fyne.CanvasObject) {
	switch {
	case f.reviewed:
		f.show(at, page)
	case f.failure != nil:
		f.show(at, f.failurePage)
	case f.request != nil:
		f.show(at, f.readingPage)
	default:
		f.show(at, f.emptyPage)
	}
}

// catalogue is what is known of outages, with those that the mail itself shows.
func (f *Frame) catalogue() *outage.Catalogue {
	c := f.p.Base.Catalogue
	if f.request != nil && f.request.Catalogue != nil {
		c = f.request.Catalogue
	}
	if c == nil {
		c = new(outage.Catalogue)
	}
	return c.Merge(discovery.Catalogue(f.report.Found))
}

// explainer words what is shown, in the language of the day.
func (f *Frame) explainer() session.Explainer {
	return session.Explainer{Words: f.p.Words, Zone: f.p.Zone, Outages: f.report.Outages, Sources: f.catalogue().Sources}
}

// keepTicks hands the ticks on, and says once when they can't be kept.
func (f *Frame) keepTicks() {
	if f.p.SaveTicks == nil {
		return
	}
	err := f.p.SaveTicks(f.p.Ticks)
	if err != nil && f.lost == nil {
		f.tell("window.ticks-lost", f.explain(err))
	}
	f.lost = err
}
