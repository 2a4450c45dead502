package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/discovery"
	"rimbalzo/internal/outage"
)

func (a *app) explain() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "explain [flags] MESSAGE-ID [RECIPIENT]", Short: w.T("cli.explain.short"), Long: w.T("cli.explain.long")}
	cmd.Args = func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return errUsage{w.T("cli.error.no-message-id")}
		case len(args) > 2:
			return errUsage{w.T("cli.error.too-many")}
		}
		return nil
	}
	s := a.sourceFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		req, r, err := a.reviewed(cmd.Context(), s)
		if err != nil {
			return err
		}
		known, found := req.Catalogue.Merge(discovery.Catalogue(r.Found)), false
		for i := range r.Items {
			if item := &r.Items[i]; sameMessage(item, args) {
				if err := a.explainItem(item, &r, known, req.Ticks.Note(item)); err != nil {
					return err
				}
				found = true
			}
		}
		if !found {
			return errUsage{w.T("cli.error.no-item", "ID", clean(args[0]))}
		}
		return nil
	}
	return cmd
}

// sameMessage compares message ids and addresses as servers do: without brackets, whatever the case.
func sameMessage(item *advice.Item, args []string) bool {
	if !strings.EqualFold(item.MessageID, strings.Trim(args[0], "<> ")) {
		return false
	}
	return len(args) < 2 || strings.EqualFold(item.Recipient, strings.Trim(args[1], "<> "))
}

// explainItem prints the whole reasoning about one message and recipient.
func (a *app) explainItem(item *advice.Item, r *checklist.Report, c *outage.Catalogue, note string) error {
	w, o := a.words, a.options()
	p := &page{app: a, sources: c.Sources}
	p.line(0, "%s → %s", clean(item.Subject), clean(item.Recipient))
	p.line(0, "%s", w.T("cli.explain.head", "ID", clean(item.MessageID), "Sent", a.stamp(item.SentAt.In(a.zone), item.SentAt.Zoned), "At", r.At.In(a.zone)))
	p.line(0, "")
	verdict := checklist.Verdict(item, w)
	if when := checklist.When(item, o); when != "" {
		verdict += " · " + when
	}
	p.line(0, "%s (%s)", verdict, w.T("confidence."+string(item.Confidence)))
	p.line(0, "%s", checklist.Meaning(item, w))
	if note != "" {
		p.line(0, "%s", w.T("checklist.note", "Text", note))
	}
	if item.Cause != "" {
		p.line(0, "%s", w.T("cli.explain.cause", "Cause", w.T("cause."+string(item.Cause))))
	}
	if item.Proof != "" {
		p.line(0, "%s", w.T("cli.explain.proof", "Proof", w.T("proof."+string(item.Proof))))
	}
	p.line(0, "\n%s", w.T("cli.explain.reasons"))
	for i, why := range checklist.Why(item, o) {
		rule := ""
		if i < len(item.Reasons) {
			rule = item.Reasons[i].Rule
		}
		p.line(2, "- %s [%s]", why, rule)
	}
	p.bounces(item)
	p.line(0, "\n%s", a.notFound(item))
	p.line(0, "%s", w.T("cli.explain.change", "What", session.Explainer{Words: w, Zone: a.zone}.Change(item)))
	p.placed(item, c)
	_, err := io.WriteString(a.env.Stdout, p.String()+"\n")
	return err
}

// notFound names the signs that were looked for and are not there: the rules that kept silent.
func (a *app) notFound(item *advice.Item) string {
	var silent []string
	if !proves[item.Proof] {
		for _, p := range []advice.Proof{advice.ProofReply, advice.ProofReceipt, advice.ProofVacation, advice.ProofDSN} {
			silent = append(silent, a.words.T("proof."+string(p)))
		}
	}
	failed, warned := false, false
	for i := range item.Bounces {
		failed = failed || item.Bounces[i].Action == bounce.ActionFailed
		warned = warned || item.Bounces[i].Action == bounce.ActionDelayed
	}
	if !failed {
		silent = append(silent, a.words.T("proof.bounce"))
	}
	if !warned {
		silent = append(silent, a.words.T("proof.warning"))
	}
	if item.Verdict != advice.Resent && !proves[item.Proof] {
		silent = append(silent, a.words.T("proof.copy"))
	}
	return a.words.T("cli.explain.not-found", "List", strings.Join(silent, ", "))
}

// proves are the proofs that a message arrived: where one is, the others are not asked for.
var proves = map[advice.Proof]bool{
	advice.ProofReply: true, advice.ProofReceipt: true, advice.ProofVacation: true, advice.ProofDSN: true, advice.ProofPerson: true,
}

func (p *page) bounces(item *advice.Item) {
	w := p.words
	if len(item.Bounces) == 0 {
		return
	}
	p.line(0, "\n%s", w.T("cli.explain.bounces"))
	for i := range item.Bounces {
		b := &item.Bounces[i]
		mark := " "
		if b.Deciding {
			mark = "*"
		}
		p.line(0, "%s %s  %s", mark, p.stamp(b.BouncedAt.In(p.zone), b.BouncedAt.Zoned), w.T("cli.action."+string(b.Action)))
		if !b.AttemptAt.IsZero() {
			p.line(4, "%s", w.T("cli.explain.attempt", "Time", b.AttemptAt.In(p.zone)))
		}
		said := b.Reply
		if b.ReplyCode > 0 && !strings.HasPrefix(said, fmt.Sprint(b.ReplyCode)) {
			said = fmt.Sprintf("%d %s", b.ReplyCode, said)
		}
		if said != "" {
			p.line(4, "%s", w.T("cli.explain.said", "Host", clean(b.ReportedBy.Host), "Text", clean(said)))
		}
		p.line(4, "%s", w.T("cli.explain.source", "Source", checklist.Place(b.Source, w)))
	}
}

// placed says which phase decides, and on whose word.
func (p *page) placed(item *advice.Item, c *outage.Catalogue) {
	o, ok := c.ByID(item.Outage)
	if !ok {
		return
	}
	p.line(0, "\n%s", p.words.T("cli.explain.phase", "Name", clean(o.Name.In(p.lang))))
	for i := range o.Phases {
		ph := &o.Phases[i]
		if ph.ID != item.Phase && ph.ID != item.PhaseOther {
			continue
		}
		p.line(2, "%s (%s): %s %s", clean(ph.Title.In(p.lang)), ph.ID, p.span(ph.From, ph.To), p.cite(ph.Sources))
	}
	for i, k := range p.cited {
		p.line(2, "[%d] %s", i+1, clean(p.sources[k]))
	}
}
