package session

import (
	"net"
	"slices"
	"strconv"
	"strings"

	"rimbalzo/app/watcher"
	"rimbalzo/internal/account"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/words"
)

// Owners says for which accounts each server is contacted, by the server's name as the watcher has it: as far as the watcher
// says so (nil where none runs), and else by the servers of the accounts themselves.
func Owners(running *watcher.Status, list []account.Account) map[string][]string {
	owners := map[string][]string{}
	put := func(host, id string) {
		if !slices.Contains(owners[host], id) {
			owners[host] = append(owners[host], id)
		}
	}
	if running != nil {
		for _, a := range running.Accounts {
			for _, d := range a.Directions {
				put(d.Endpoint, a.ID)
			}
		}
	}
	for _, a := range list {
		for kind, e := range map[probe.Kind]account.Endpoint{probe.KindIMAP: a.IMAP, probe.KindSMTP: a.SMTP} {
			if e.Host != "" {
				put(string(kind)+" "+net.JoinHostPort(e.Host, strconv.Itoa(e.Port)), a.ID)
			}
		}
	}
	return owners
}

// Contacted is one server in words.
type Contacted struct {
	Host  string // such as "imap.example.org:993 (reading mail)"
	For   string // for which accounts, or why without one
	Today string // how often, and why
	How   string // how it was answered; "" where nothing is known
	When  string // last and next; "" where nothing is known
	Wrong bool   // it refused a login or failed today
}

// maxOwners is how many accounts of one server are named.
const maxOwners = 5

// contactReasons are those of a contact, in the order in which they are told; the last parts of the ids of their words.
var contactReasons = []string{"check", "hand", "mail", "again", "witness"}

// Contact words one server; owners are the accounts for which it is contacted.
func (e Explainer) Contact(c watcher.Contact, owners []string) Contacted {
	w := e.Words
	said := Contacted{Host: Line(e.contactName(c.Host), 200), For: w.T("connectionspage.no-account"), Wrong: c.Refused+c.Failed > 0}
	if len(owners) > 0 {
		names := make([]string, 0, maxOwners+1)
		for _, o := range owners[:min(len(owners), maxOwners)] {
			names = append(names, Line(o, 80))
		}
		if len(owners) > maxOwners {
			names = append(names, "…")
		}
		said.For = w.N("connectionspage.account", len(owners), "List", strings.Join(names, ", "))
	}
	said.Today = w.T("connectionspage.never")
	if c.Today > 0 {
		said.Today = w.N("connections.today", c.Today)
	}
	var why []string
	for _, id := range contactReasons {
		for reason, n := range c.Why {
			if string(reason) == id && n > 0 {
				why = append(why, w.N("connections.why."+id, n))
			}
		}
	}
	if len(why) > 0 {
		said.Today += ": " + strings.Join(why, ", ")
	}
	said.How = Answers(c, w)
	var when []string
	if !c.Last.IsZero() {
		when = append(when, w.T("connections.last", "At", w.Clock(c.Last.In(e.Zone))))
	}
	if !c.Next.IsZero() {
		when = append(when, w.T("connections.next", "At", w.Clock(c.Next.In(e.Zone))))
	}
	said.When = strings.Join(when, " · ")
	return said
}

// Answers says in a sentence how a server answered today; "" where it was not asked.
func Answers(c watcher.Contact, w *words.Words) string {
	var how []string
	for _, ending := range []struct {
		id string
		n  int
	}{{"passed", c.Passed}, {"busy", c.Busy}, {"refused", c.Refused}, {"failed", c.Failed}} {
		if ending.n > 0 {
			how = append(how, w.N("connections."+ending.id, ending.n))
		}
	}
	if len(how) == 0 {
		return ""
	}
	return w.T("connections.how", "List", strings.Join(how, ", "))
}

// contactName says what a server is there for.
func (e Explainer) contactName(host string) string {
	kind, name, ok := strings.Cut(host, " ")
	if direction := "watch.direction." + string(probe.Kind(kind).Direction()); ok && e.Words.Has(direction) {
		return e.Words.T("connections.host", "Host", name, "Direction", e.Words.T(direction))
	}
	return host
}
