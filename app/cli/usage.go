package cli

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rimbalzo/internal/checklist"
)

// usage is cobra's usage in the language of the person, in lines that a terminal does not break.
func (a *app) usage() string {
	w, columns := a.words, strconv.Itoa(helpColumns)
	return w.T("cli.usage") + `
{{if .Runnable}}  {{.UseLine}}
{{end}}{{if .HasAvailableSubCommands}}  {{.CommandPath}} ` + w.T("cli.usage.command") + `

` + w.T("cli.usage.commands") + `
{{range .Commands}}{{if or .IsAvailableCommand (eq .Name "help")}}  {{rpad .Name .NamePadding}} {{.Short}}
{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}
` + w.T("cli.usage.flags") + `
{{.LocalFlags.FlagUsagesWrapped ` + columns + ` | trimTrailingWhitespaces}}
{{end}}{{if .HasAvailableInheritedFlags}}
` + w.T("cli.usage.everywhere") + `
{{.InheritedFlags.FlagUsagesWrapped ` + columns + ` | trimTrailingWhitespaces}}
{{end}}{{if not .HasParent}}
` + a.topics() + `{{end}}`
}

// speak puts what the libraries say by themselves of a command and those below it into the person's language, and its text into
// lines that a terminal does not break.
func (a *app) speak(c *cobra.Command) {
	// The library says "[flags]" of whatever has some.
	word := a.words.T("cli.usage.some-flags")
	if c.Use = strings.ReplaceAll(c.Use, "[flags]", word); c.HasAvailableFlags() && !strings.Contains(c.Use, word) {
		c.Use += " " + word
	}
	c.DisableFlagsInUseLine = true
	c.Long = inLines(c.Long, helpColumns)
	c.Flags().VisitAll(a.speakOf)
	c.PersistentFlags().VisitAll(a.speakOf)
	for _, own := range c.Commands() {
		a.speak(own)
	}
}

// speakOf says in the person's language what a flag is where it is not given; the library would say it in English.
func (a *app) speakOf(f *pflag.Flag) {
	switch f.DefValue {
	case "", "false", "0", "[]":
	default:
		f.Usage += " " + a.words.T("cli.usage.default", "Value", f.DefValue)
		if f.DefValue = ""; f.Value.Type() == "int" {
			f.DefValue = "0" // what the library takes for none
		}
	}
}

// inLines gives a text in lines of at most columns characters. Lines that begin with a blank stay as they are, and so does a line
// after which they come.
func inLines(text string, columns int) string {
	var out, part []string
	flush := func() {
		if len(part) > 0 {
			out = append(out, checklist.Wrap(strings.Join(part, " "), columns)...)
			part = nil
		}
	}
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		if line == "" || strings.HasPrefix(line, " ") {
			flush()
			out = append(out, line)
			continue
		}
		part = append(part, line)
	}
	flush()
	return strings.Join(out, "\n")
}
