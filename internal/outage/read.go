package outage

import (
	"regexp"
	"strings"
	"time"
)

var (
	idShape     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	domainShape = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)
	statusShape = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}$`) // RFC 3463 section 2
)

// outage reads one [[outage]].
func (n *node) outage() Outage {
	o := Outage{ID: n.id("libero-2023-01"), Operator: n.str("operator"), Zone: n.zone()}
	if n.need("name", `name = { it = "…", en = "…" }`) {
		o.Name = n.text("name")
	}
	zone := zoneOf(o.Zone)
	o.Domains = n.domains()
	o.NotAffected = n.texts("not_affected")
	o.Cause = n.text("cause")
	o.HelpLine = n.str("help_line")
	o.NoticePage = n.str("notice_page")
	o.Warning = n.text("warning")
	o.Sources = n.citations()
	o.Phases = n.phases(zone)
	for _, t := range n.tables("access", maxList) {
		o.Access = append(o.Access, t.access(zone))
	}
	for _, t := range n.tables("statement", maxList) {
		o.Statements = append(o.Statements, t.statement(zone))
	}
	for _, t := range n.tables("conflict", maxList) {
		o.Conflicts = append(o.Conflicts, t.conflict())
	}
	o.Start, o.End = n.boundary("start", zone), n.boundary("end", zone)
	if len(o.Phases) > 0 {
		if o.Start.Open() {
			o.Start = o.Phases[0].From
		}
		if _, given := n.table["end"]; !given {
			o.End = o.Phases[len(o.Phases)-1].To
		}
	}
	n.done()
	return o
}

// id is the short name of an outage or a phase, used on the command line and in files.
func (n *node) id(example string) string {
	if !n.need("id", `id = "`+example+`"`) {
		n.get("id")
		return ""
	}
	id := n.str("id")
	if _, isText := n.table["id"].(string); isText && (len(id) > maxKey || !idShape.MatchString(id)) {
		n.wrong("id", "bad-id", "Value", id)
		return ""
	}
	return id
}

// zone is the zone in which the sources speak; Europe/Rome where none is named, as the program is Italian.
func (n *node) zone() string {
	zone := n.str("zone")
	if zone == "" {
		return "Europe/Rome"
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		n.wrong("zone", "bad-zone", "Value", zone)
		return "UTC"
	}
	return zone
}

// zoneOf loads a zone, UTC where the machine does not know it.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// domains are the affected mail domains. Only where an operator is named they may be an empty list: that is an outage of
// customers' own domains, which no catalogue can list; such mail is told by the operator's hosts.
func (n *node) domains() []string {
	if !n.need("domains", `domains = ["libero.it", "virgilio.it"]`) {
		n.get("domains")
		return nil
	}
	before := len(n.rd.problems)
	domains := n.strs("domains")
	for i, d := range domains {
		domains[i] = strings.ToLower(d)
		if d != "" && (len(d) > 253 || !domainShape.MatchString(domains[i])) {
			n.wrong("domains", "bad-domain", "Value", d)
		}
	}
	if operator, _ := n.table["operator"].(string); operator == "" && len(domains) == 0 && len(n.rd.problems) == before {
		n.wrong("domains", "no-domains")
	}
	return domains
}

// access reads one [[outage.access]].
func (n *node) access(zone *time.Location) Access {
	n.need("channel", `channel = "webmail"`)
	n.need("state", `state = "down"`)
	a := Access{
		Channel: n.word("channel", "webmail", "app", "app-android", "app-ios", "imap", "pop", "smtp"),
		State:   n.word("state", "down", "partial", "restored"),
		From:    n.start(zone),
		To:      n.boundary("to", zone),
		Note:    n.text("note"),
		Sources: n.citations(),
	}
	n.inTime(a.From, a.To)
	n.done()
	return a
}

// statement reads one [[outage.statement]].
func (n *node) statement(zone *time.Location) Statement {
	n.need("text", `text = { it = "…", en = "…" }`)
	n.need("at", "at = 2023-01-25T12:00:00+01:00")
	s := Statement{
		At:      n.boundary("at", zone),
		Text:    n.text("text"),
		Kept:    n.word("kept", "yes", "no"),
		Sources: n.citations(),
	}
	n.done()
	return s
}

// conflict reads one [[outage.conflict]].
func (n *node) conflict() Conflict {
	n.need("topic", `topic = { it = "…", en = "…" }`)
	c := Conflict{Topic: n.text("topic"), Values: n.texts("values"), Chosen: n.text("chosen"), Sources: n.citations()}
	n.done()
	return c
}
