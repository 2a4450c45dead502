package cli

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rimbalzo/internal/words"
)

// TestHelpOfEveryCommand: each command's help is in one language, begins its sentences alike, names what its flags take, and fits
// on a terminal.
func TestHelpOfEveryCommand(t *testing.T) {
	for _, lang := range words.Languages {
		a := &app{words: words.New(lang)}
		var walk func(c *cobra.Command)
		walk = func(c *cobra.Command) {
			if c.Hidden {
				return
			}
			if first, _ := utf8.DecodeRuneInString(c.Short); c.HasParent() && !unicode.IsLower(first) {
				t.Errorf("%s, %s: %q", lang, c.CommandPath(), c.Short)
			}
			c.LocalFlags().VisitAll(func(f *pflag.Flag) {
				if takes, usage := pflag.UnquoteUsage(f); !f.Hidden && (takes == "string" || takes == "stringArray" || usage == "") {
					t.Errorf("%s, %s: --%s %s %q", lang, c.CommandPath(), f.Name, takes, usage)
				}
			})
			help := c.Long + "\n" + c.UsageString()
			for line := range strings.Lines(help) {
				if utf8.RuneCountInString(line) > 120 && strings.Contains(strings.TrimSpace(line[:100]), " ") {
					t.Errorf("%s, %s: too long: %s", lang, c.CommandPath(), line)
				}
			}
			if lang == "it" && (strings.Contains(help, "[flags]") || strings.Contains(help, "(default")) {
				t.Errorf("%s: English in\n%s", c.CommandPath(), help)
			}
			for _, own := range c.Commands() {
				walk(own)
			}
		}
		walk(a.root())
	}
}
