package cli

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rimbalzo/internal/words"
)

// manual prints the manual page for packages, in the language asked for. It is hidden because a person reads "help", or the page
// itself once it is installed. The same program prints the same page: no date is in it.
func (a *app) manual(root *cobra.Command) *cobra.Command {
	return &cobra.Command{Use: "manual", Hidden: true, Args: a.noArgs, RunE: func(*cobra.Command, []string) error {
		p := manualPage{words: a.words}
		p.whole(root, a.env)
		_, err := io.WriteString(a.env.Stdout, p.String())
		return err
	}}
}

// manualPage is a manual page in the macros of man(7).
type manualPage struct {
	strings.Builder
	words *words.Words
}

func (p *manualPage) whole(root *cobra.Command, env Env) {
	w := p.words
	p.macro("TH", strings.ToUpper(root.Name()), "1", "", "Rimbalzo "+env.Version, w.T("manual.title"))
	p.macro("SH", w.T("manual.name"))
	p.line(`rimbalzo \- ` + escaped(w.T("cli.short")))
	p.macro("SH", w.T("manual.synopsis"))
	p.macro("B", "rimbalzo")
	p.line(escaped(w.T("manual.arguments")))
	p.macro("SH", w.T("manual.description"))
	p.text(w.T("cli.long"))
	p.macro("PP")
	p.text(w.T("manual.window"))
	p.macro("SH", w.T("manual.commands"))
	for _, c := range root.Commands() {
		p.command(c)
	}
	p.macro("SH", w.T("manual.everywhere"))
	p.flags(root.PersistentFlags())
	p.macro("SH", w.T("manual.status"))
	for status, key := range []string{exitDone: "manual.status.done", exitResend: "manual.status.resend", exitUsage: "manual.status.usage", exitFailed: "manual.status.failed"} {
		p.item(strconv.Itoa(status), w.T(key))
	}
	p.macro("SH", w.T("manual.files"))
	p.item("~/.config/rimbalzo", w.T("manual.files.config"))
	p.macro("SH", w.T("manual.more"))
	p.text(w.T("manual.more.text"))
	p.macro("PP")
	p.macro("UR", env.Homepage)
	p.macro("UE")
}

// command tells of one command, and then of its own commands.
func (p *manualPage) command(c *cobra.Command) {
	if c.Hidden {
		return
	}
	// Without the program's name, which the page is about.
	p.macro("SS", strings.TrimPrefix(c.UseLine(), c.Root().Name()+" "))
	p.text(cmp.Or(c.Long, c.Short))
	p.flags(c.LocalNonPersistentFlags())
	for _, own := range c.Commands() {
		p.command(own)
	}
}

// flags tells of each flag: its name, what it takes and what it does.
func (p *manualPage) flags(set *pflag.FlagSet) {
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" && set.Lookup("lang") == nil {
			return // every command's --help is told once
		}
		takes, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if takes != "" {
			name += " " + takes
		}
		p.item(name, usage)
	})
}

// item is a term with its explanation below it.
func (p *manualPage) item(term, text string) {
	p.macro("TP")
	p.line(`\fB` + escaped(term) + `\fR`)
	p.text(text)
}

// text is what a person reads: the paragraphs are kept, and lines that begin with a blank are kept as lines.
func (p *manualPage) text(text string) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		line = strings.TrimRight(line, " \n")
		switch {
		case line == "":
			p.macro("PP")
		case strings.HasPrefix(line, " "):
			p.macro("br")
			p.line(escaped(strings.TrimSpace(line)))
		default:
			p.line(escaped(line))
		}
	}
}

// macro writes a line such as .SH "NAME".
func (p *manualPage) macro(name string, args ...string) {
	line := "." + name
	for _, arg := range args {
		line += ` "` + strings.ReplaceAll(escaped(arg), `"`, `\(dq`) + `"`
	}
	p.WriteString(line + "\n")
}

// line writes a line of text; one that begins like a macro is kept from being one.
func (p *manualPage) line(text string) {
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	p.WriteString(text + "\n")
}

// escaped has roff(7) show a text as it is: its backslash, and ASCII's hyphen and quotes, which it would make typographic ones, so
// that commands can be copied.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, "\n", " ").Replace(text)
}
