package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/internal/outage"
)

func (a *app) outages() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "outages [list | show ID | check FILE | find | seen [ID] | availability]", Short: w.T("cli.outages.short"), Long: w.T("cli.outages.long"), Args: a.noArgs, RunE: a.listOutages}
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: w.T("cli.outages.list.short"), Args: a.noArgs, RunE: a.listOutages},
		&cobra.Command{Use: "show ID", Short: w.T("cli.outages.show.short"), Args: a.oneArg("cli.error.no-id"), RunE: a.showOutage},
		&cobra.Command{Use: "check FILE", Short: w.T("cli.outages.check.short"), Args: a.oneArg("cli.error.no-file"), RunE: a.checkCatalogue},
		a.findOutages(),
		a.seenOutage(),
		a.availability(),
	)
	return cmd
}

func (a *app) oneArg(missing string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return errUsage{a.words.T(missing)}
		case 1:
			return nil
		}
		return errUsage{a.words.T("cli.error.too-many")}
	}
}

func (a *app) listOutages(*cobra.Command, []string) error {
	c, err := a.catalogue()
	if err != nil {
		return err
	}
	var b strings.Builder
	for i := range c.Outages {
		o := &c.Outages[i]
		fmt.Fprintf(&b, "%-18s %s\n%-18s %s\n", o.ID, clean(o.Name.In(a.lang)), "", a.span(o.Start, o.End))
	}
	_, err = io.WriteString(a.env.Stdout, b.String())
	return err
}

func (a *app) showOutage(_ *cobra.Command, args []string) error {
	c, err := a.catalogue()
	if err != nil {
		return err
	}
	o, ok := c.ByID(args[0])
	if !ok {
		return errUsage{a.words.T("cli.error.outage", "ID", clean(args[0]))}
	}
	p := &page{app: a, sources: c.Sources}
	p.outage(o)
	_, err = io.WriteString(a.env.Stdout, p.String())
	return err
}

func (a *app) checkCatalogue(_ *cobra.Command, args []string) error {
	data, err := readSmall(args[0], maxCatalogue)
	if err != nil {
		return err
	}
	c, problems := outage.Parse(args[0], data)
	if len(problems) == 0 {
		_, err := io.WriteString(a.env.Stdout, a.words.N("cli.catalogue.good", len(c.Outages), "Path", clean(args[0]))+"\n")
		return err
	}
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(a.problem(args[0], p) + "\n")
	}
	if _, err := io.WriteString(a.env.Stdout, b.String()); err != nil {
		return err
	}
	return errUsage{a.words.N("cli.catalogue.problems", len(problems), "Path", clean(args[0]))}
}

func (a *app) problem(path string, p outage.Problem) string {
	return a.words.T("outage.problem.line", "File", clean(path), "Line", p.Line, "What", a.words.Map("outage.problem."+p.Rule, p.Args))
}

// span words a stretch of time with how sure its ends are.
func (a *app) span(from, to outage.Boundary) string {
	return a.words.T("cli.span", "From", a.boundary(from), "To", a.boundary(to))
}

func (a *app) boundary(b outage.Boundary) string {
	if b.Open() {
		return a.words.T("outage.open")
	}
	text := a.words.Time(b.At.In(a.zone))
	if b.Precision == outage.Exact || !b.Earliest.Before(b.Latest) {
		return text
	}
	return a.words.T("cli.boundary.unsharp", "At", text, "Precision", a.words.T("outage.precision."+string(b.Precision)),
		"Earliest", a.words.ShortTime(b.Earliest.In(a.zone)), "Latest", a.words.ShortTime(b.Latest.In(a.zone)))
}

// page writes an outage for a terminal.
type page struct {
	strings.Builder
	*app
	sources map[string]string
	cited   []string
}

func (p *page) line(indent int, format string, args ...any) {
	p.WriteString(strings.Repeat(" ", indent))
	fmt.Fprintf(p, format, args...)
	p.WriteByte('\n')
}

func (p *page) outage(o *outage.Outage) {
	w := p.words
	p.line(0, "%s (%s)", clean(o.Name.In(p.lang)), o.ID)
	p.line(0, "%s", p.span(o.Start, o.End))
	p.line(0, "%s", w.T("cli.outage.domains", "List", strings.Join(o.Domains, ", ")))
	p.field("cli.outage.not-affected", p.spoken(o.NotAffected...))
	p.field("cli.outage.cause", o.Cause.In(p.lang))
	p.field("cli.outage.help", o.HelpLine)
	p.field("cli.outage.notice", o.NoticePage)
	p.field("cli.outage.warning", o.Warning.In(p.lang))
	p.line(0, "\n%s", w.T("cli.outage.phases"))
	for i := range o.Phases {
		p.phase(&o.Phases[i])
	}
	p.statements(o)
	p.conflicts(o)
	p.access(o)
	p.cite(o.Sources)
	p.line(0, "\n%s", w.T("cli.outage.sources"))
	for i, key := range p.cited {
		p.line(2, "[%d] %s", i+1, clean(p.sources[key]))
	}
}

func (p *page) field(id, text string) {
	if text != "" {
		p.line(0, "%s", p.words.T(id, "Text", clean(text)))
	}
}

func (p *page) phase(ph *outage.Phase) {
	w := p.words
	p.line(2, "%s (%s) %s", clean(ph.Title.In(p.lang)), ph.ID, p.cite(ph.Sources))
	p.line(4, "%s", p.span(ph.From, ph.To))
	p.line(4, "%s", w.T("cli.outage.behaviour", "What", w.T("outage.behaviour."+string(ph.Behaviour)), "Notice", w.T("outage.bounce-by."+ph.BounceBy)))
	p.line(4, "%s", p.certainty(ph))
	if ph.From.Disputed || ph.To.Disputed {
		p.line(4, "%s", w.T("outage.disputed"))
	}
	for _, r := range ph.Replies {
		p.line(4, "%s", w.T("cli.outage.reply", "Code", r.Code, "Texts", clean(strings.Join(r.Texts, "; "))))
	}
	if ph.Behaviour.AcceptLike() {
		if ph.Hold.Known {
			p.line(4, "%s", w.T("cli.outage.hold", "Time", ph.Hold.Until.In(p.zone)))
		} else {
			p.line(4, "%s", w.T("cli.outage.hold-unknown"))
		}
	}
	for _, t := range []outage.Text{ph.ForSender, ph.ForOwner} {
		if s := t.In(p.lang); s != "" {
			p.line(4, "%s", clean(s))
		}
	}
}

// certainty says what became of the mail of a phase, who says so, and how sure that is.
func (p *page) certainty(ph *outage.Phase) string {
	w := p.words
	var fate []string
	for _, f := range ph.Fate {
		fate = append(fate, w.T("outage.fate."+f))
	}
	parts := []string{w.T("cli.outage.fate", "List", strings.Join(fate, ", "))}
	if ph.Basis != "" {
		parts = append(parts, w.T("outage.basis."+ph.Basis))
	}
	if ph.Confidence != "" {
		parts = append(parts, w.T("outage.confidence."+ph.Confidence))
	}
	return strings.Join(parts, "; ")
}

func (p *page) statements(o *outage.Outage) {
	if len(o.Statements) == 0 {
		return
	}
	p.line(0, "\n%s:", p.words.T("outage.paraphrase"))
	for _, s := range o.Statements {
		kept := ""
		if s.Kept != "" {
			kept = " (" + p.words.T("outage.kept."+s.Kept) + ")"
		}
		p.line(2, "%s: %s%s %s", p.boundary(s.At), clean(s.Text.In(p.lang)), kept, p.cite(s.Sources))
	}
}

func (p *page) conflicts(o *outage.Outage) {
	if len(o.Conflicts) == 0 {
		return
	}
	p.line(0, "\n%s", p.words.T("cli.outage.conflicts"))
	for _, c := range o.Conflicts {
		p.line(2, "%s: %s → %s", clean(p.spoken(c.Topic)), clean(p.spoken(c.Values...)), clean(p.spoken(c.Chosen)))
	}
}

func (p *page) access(o *outage.Outage) {
	if len(o.Access) == 0 {
		return
	}
	p.line(0, "\n%s", p.words.T("cli.outage.access"))
	for _, ac := range o.Access {
		p.line(2, "%s: %s (%s) %s", p.span(ac.From, ac.To), p.words.T("outage.channel."+ac.Channel), p.words.T("outage.state."+ac.State), p.cite(ac.Sources))
	}
}

// spoken gives texts in the person's language.
func (p *page) spoken(texts ...outage.Text) string {
	var list []string
	for _, t := range texts {
		list = append(list, t.In(p.lang))
	}
	return strings.Join(list, "; ")
}

// cite gives the marks of sources, which are listed at the end.
func (p *page) cite(keys []string) string {
	var marks []string
	for _, k := range keys {
		n := -1
		for i, have := range p.cited {
			if have == k {
				n = i
			}
		}
		if n < 0 {
			n = len(p.cited)
			p.cited = append(p.cited, k)
		}
		marks = append(marks, fmt.Sprintf("[%d]", n+1))
	}
	return strings.Join(marks, "")
}
