package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/app/about"
	"rimbalzo/app/licences"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/provider"
)

// about says what the program is.
func (a *app) about() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "about", Short: w.T("about.short"), Long: w.T("about.long"), Args: a.noArgs}
	texts := cmd.Flags().Bool("licences", false, w.T("about.flag.licences"))
	sources := cmd.Flags().Bool("sources", false, w.T("about.flag.sources"))
	cmd.RunE = func(*cobra.Command, []string) error {
		all, err := licences.Text()
		if err != nil {
			return err
		}
		text := a.aboutText(len(about.Parts(all)))
		switch {
		case *texts:
			text = all
		case *sources:
			c, err := a.catalogue()
			if err != nil {
				return err
			}
			text = a.restsText("about.sources.outages", about.Outages(c, a.lang)) + "\n" + a.restsText("about.sources.providers", about.Providers(provider.Builtin()))
		}
		_, err = io.WriteString(a.env.Stdout, text)
		return err
	}
	return cmd
}

// aboutText is what a person reads.
func (a *app) aboutText(parts int) string {
	w := a.words
	var b strings.Builder
	say := func(lead, text string) {
		for _, line := range checklist.Wrap(text, helpColumns-len(lead)) {
			b.WriteString(lead + line + "\n")
			lead = strings.Repeat(" ", len(lead))
		}
	}
	say("", w.T("about.version", "Version", a.env.Version))
	say("", w.T("about.licence", "Licence", about.Licence))
	say("", w.N("about.parts", parts))
	b.WriteString("\n" + w.T("about.promises") + "\n")
	for _, p := range about.Promises(w) {
		say("- ", p)
	}
	b.WriteString("\n")
	if a.env.Homepage != "" {
		say("", w.T("about.newer"))
		b.WriteString("  " + a.env.Homepage + "\n\n")
	}
	say("", w.T("about.more"))
	return b.String()
}

// restsText lists sources.
func (a *app) restsText(id string, rests []about.Rest) string {
	var b strings.Builder
	b.WriteString(a.words.T(id) + "\n")
	for _, r := range rests {
		b.WriteString("\n" + r.Name + "\n")
		for _, s := range r.Sources {
			lead := "- "
			for _, line := range checklist.Wrap(s.Note, helpColumns-len(lead)) {
				b.WriteString(lead + line + "\n")
				lead = "  "
			}
			if s.Link != "" {
				b.WriteString(lead + s.Link + "\n")
			}
		}
	}
	return b.String()
}
