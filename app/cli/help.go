package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/app/help"
	"rimbalzo/internal/outage"
)

// helpColumns is how wide the help is on a terminal: longer lines are hard to follow.
const helpColumns = 96

// help explains a command or a topic. A command comes first: its help is what scripts and habits look for.
func (a *app) help(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND | TOPIC]", Short: a.words.T("cli.help.short"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return a.topicIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if cmd != nil && err == nil && len(rest) == 0 {
				return cmd.Help()
			}
			if len(args) == 1 {
				if t, ok := a.helpBook().Topic(args[0]); ok {
					_, err := io.WriteString(a.env.Stdout, t.Text(helpColumns))
					return err
				}
			}
			return errUsage{a.words.T("help.none", "Name", clean(strings.Join(args, " ")), "List", strings.Join(a.topicIDs(), ", "))}
		},
	}
}

// helpBook is the help in the person's language, with the outages that the person added. Where their file has mistakes, which
// every other command tells, the help goes without.
func (a *app) helpBook() *help.Book {
	c, err := a.catalogue()
	if err != nil {
		c = outage.Builtin()
	}
	return help.Open(a.words, a.zone, c)
}

func (a *app) topicIDs() (ids []string) {
	for _, t := range help.Open(a.words, a.zone, nil).Topics() {
		ids = append(ids, t.ID)
	}
	return ids
}

// topics is the list of topics for the end of the root's usage.
func (a *app) topics() string {
	var b strings.Builder
	b.WriteString(a.words.T("help.topics") + "\n")
	list := help.Open(a.words, a.zone, nil).Topics()
	widest := 0
	for _, t := range list {
		widest = max(widest, len(t.ID))
	}
	for _, t := range list {
		b.WriteString("  " + t.ID + strings.Repeat(" ", widest-len(t.ID)+1) + t.Title + "\n")
	}
	return b.String()
}
