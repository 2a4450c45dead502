package demo

import (
	"embed"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"text/template"
	"time"
)

//go:embed layouts/*.tmpl
var layoutFiles embed.FS

// pacific is the time in which Gmail dates what it reports (standard time, as in January).
var pacific = time.FixedZone("PST", -8*3600)

// view is what a layout is filled with: one report of one server.
type view struct {
	Is            string // "delayed", "failed", "delivered", "relayed"
	Expired       bool
	Host, Via     string // who reports; the host it had the message from
	To            string // who is told
	At            time.Time
	Tried         time.Time
	Arrival       time.Time
	Until         time.Time // the end of the queue's patience
	Age, Left     int       // hours
	LifetimeDays  int
	QueueID       string
	BounceID      string
	Boundary      string
	MessageID     string
	Subject       string
	Headers, Body string // of the message reported on
	Received      string
	Targets       []target
	// Of receipts only.
	Name, From, Domain string
}

// Failing reports whether the report is about trouble.
func (v view) Failing() bool { return v.Is == "failed" || v.Is == "delayed" }

// target is a recipient that a report names.
type target struct {
	Name, Address, Original string
	Domain, MX, IP          string
	Failure, Stage          string
	Text                    string // the server's words
	Line                    string // the whole reply: code, enhanced status, words
	Status                  string
}

// pair is a report and one of its recipients, for the layouts' inner templates.
type pair struct {
	View   view
	Target target
}

// layouts are the parsed templates of layouts/.
type layouts struct{ set *template.Template }

func readLayouts() (*layouts, error) {
	l := &layouts{set: template.New("")}
	l.set.Funcs(template.FuncMap{
		"rfc":     func(t time.Time) string { return t.Format(rfc5322) },
		"utc":     func(t time.Time) string { return t.UTC().Format(rfc5322) },
		"zulu":    func(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04:05 -0000") },
		"pacific": func(t time.Time) string { return t.In(pacific).Format(rfc5322 + " (MST)") },
		"stamp":   func(t time.Time) string { return t.UTC().Format("20060102150405") },
		"word":    word,
		"qp":      quotedPrintable,
		"pair":    func(v view, t target) pair { return pair{v, t} },
		"text":    l.fill,
	})
	if _, err := l.set.ParseFS(layoutFiles, "layouts/*.tmpl"); err != nil {
		return nil, fmt.Errorf("demo: reading the layouts: %w", err)
	}
	return l, nil
}

func (l *layouts) fill(name string, data any) (string, error) {
	var b strings.Builder
	if err := l.set.ExecuteTemplate(&b, name, data); err != nil {
		return "", fmt.Errorf("demo: writing a message in the layout %s: %w", name, err)
	}
	return b.String(), nil
}

func quotedPrintable(s string) (string, error) {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return strings.ReplaceAll(b.String(), "\r\n", "\n"), nil
}

// newTarget says what became of a message for p; named is the address that the report gives instead of p's, or "".
func newTarget(p person, named string, r reply, is string) target {
	t := target{Name: p.Name, Address: p.Address, Original: p.Address, Failure: r.Failure, Stage: r.Stage, Status: r.Status}
	if named != "" {
		t.Address = named
	}
	t.Domain = person{Address: t.Address}.domain()
	t.MX, t.IP = exchanger(t.Domain)
	t.Text = strings.NewReplacer("ADDR", t.Address, "DOMAIN", t.Domain).Replace(r.Text)
	switch {
	case r.Code == 0:
		t.Line = t.Text
	case r.Status == "":
		t.Line = fmt.Sprintf("%d %s", r.Code, t.Text)
		t.Status = fmt.Sprintf("%d.0.0", r.Code/100)
	default:
		t.Line = fmt.Sprintf("%d %s %s", r.Code, r.Status, t.Text)
	}
	if is == "delivered" || is == "relayed" {
		t.Failure = ""
	}
	return t
}
