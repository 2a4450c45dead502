// Package connections is the page of every server that the program talks to: for whom, how often today, why, and when next.
package connections

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/watcher"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/words"
)

// Params is what the page needs from the frame.
type Params struct {
	Words   *words.Words
	Zone    *time.Location
	Errands *session.Errands
	// Contacts gives today's contacts, Accounts the accounts that are set up; both off the toolkit's goroutine.
	Contacts func(ctx context.Context) (watcher.Contacts, error)
	Accounts func() ([]account.Account, error)
	Explain  func(error) string
}

// renewal is how often the page is renewed while it is in view.
const renewal = 15 * time.Second

// maxShown is how many servers are shown.
const maxShown = 200

// Page is the connections.
type Page struct {
	Params
	status  *watcher.Status
	list    *fyne.Container
	state   *widget.Label
	renewer *session.Errand
	scroll  fyne.CanvasObject
}

// New gives the page; it fills itself, and renews itself until it is closed.
func New(p Params) *Page {
	w := p.Words
	g := &Page{Params: p, list: container.NewVBox(), state: kit.Text(w.T("window.reading-start"))}
	g.scroll = kit.Page(kit.PageWidth+40,
		kit.Heading(w.T("connectionspage.title"), theme.SizeNameHeadingText),
		kit.Text(w.T("connectionspage.rule")), g.state, g.list, kit.Quiet(w.T("connections.beside")))
	g.renewer = p.Errands.Go(func(r *session.Errand) func() {
		for {
			c, owners, err := g.look(r.Context())
			if r.Context().Err() != nil {
				return nil
			}
			r.Hand(func() { g.show(c, owners, err) })
			select {
			case <-r.Context().Done():
				return nil
			case <-time.After(renewal):
			}
		}
	})
	return g
}

// look asks for the contacts and the accounts.
func (g *Page) look(ctx context.Context) (watcher.Contacts, []account.Account, error) {
	c, err := g.Contacts(ctx)
	if err != nil {
		return c, nil, err
	}
	list, err := g.Accounts()
	return c, list, err
}

// Root is what is drawn.
func (g *Page) Root() fyne.CanvasObject { return g.scroll }

// Load takes in what the watcher says of itself, which tells for which accounts servers are contacted.
func (g *Page) Load(s *watcher.Status) { g.status = s }

// Close ends the renewing.
func (g *Page) Close() { g.renewer.Stop() }

// show shows the contacts.
func (g *Page) show(c watcher.Contacts, list []account.Account, err error) {
	w := g.Words
	if err != nil {
		g.state.SetText(session.Lines(g.Explain(err), 800))
		return
	}
	total := 0
	for _, one := range c.Contacts {
		total += one.Today
	}
	switch {
	case len(c.Contacts) == 0:
		g.state.SetText(w.T("connections.none"))
	case c.Paused:
		g.state.SetText(w.N("connections.total", total) + " " + w.T("watcher.paused") + ".")
	case !c.Running:
		g.state.SetText(w.N("connections.total", total) + " " + w.T("connectionspage.idle"))
	default:
		g.state.SetText(w.N("connections.total", total))
	}
	owners := session.Owners(g.status, list)
	e := session.Explainer{Words: w, Zone: g.Zone}
	g.list.RemoveAll()
	for _, one := range c.Contacts[:min(len(c.Contacts), maxShown)] {
		g.list.Add(contact(e.Contact(one, owners[one.Host])))
	}
	g.list.Refresh()
}

// contact draws one server.
func contact(c session.Contacted) fyne.CanvasObject {
	host := kit.Bold(c.Host)
	lines := kit.Tight(host, kit.Text(c.For), kit.Text(c.Today))
	if c.How != "" {
		how := kit.Text(c.How)
		if c.Wrong {
			how.Importance = widget.WarningImportance
		}
		lines.Add(how)
	}
	if c.When != "" {
		lines.Add(kit.Quiet(c.When))
	}
	return kit.Box(lines)
}
