package cli

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rimbalzo/internal/words"
)

// project is the project's folder as seen from here.
const project = "../.."

// The pages in which commands are shown, the first in English and the second in Italian.
var bothPages = [2]string{"README.md", "packaging/docs/LEGGIMI.md"}

// TestDocumentsShowRealCommands: whoever types a command from a document is understood.
func TestDocumentsShowRealCommands(t *testing.T) {
	for _, pattern := range []string{"*.md", ".github/*.md", "packaging/*.md", "packaging/docs/*.md", "app/help/texts/*/*.md"} {
		pages, err := filepath.Glob(filepath.Join(project, pattern))
		if err != nil || len(pages) == 0 {
			t.Fatalf("no pages %s: %v", pattern, err)
		}
		for _, page := range pages {
			for _, line := range commandsIn(t, page) {
				if _, _, err := understood(line); err != nil {
					t.Errorf("%s: %s\n\t%v", strings.TrimPrefix(page, project+"/"), line, err)
				}
			}
		}
	}
}

// TestCommandsThatAreNotUnderstood: the test above does fail.
func TestCommandsThatAreNotUnderstood(t *testing.T) {
	for _, line := range []string{
		"rimbalzo nonsense", "rimbalzo report --nonsense", "rimbalzo account nonsense", "rimbalzo pack complaint.zip", "rimbalzo report --output",
		"rimbalzo help nonsense", "rimbalzo status now",
	} {
		if _, _, err := understood(line); err == nil {
			t.Errorf("%s is taken for a command", line)
		}
	}
}

// TestBothPagesShowTheSame: the Italian page shows the commands of the English one, in its order; names and values may differ.
func TestBothPagesShowTheSame(t *testing.T) {
	var shown [2][]string
	for i, page := range bothPages {
		for _, line := range blocksIn(t, filepath.Join(project, page)) {
			if path, flags, err := understood(line); err == nil {
				shown[i] = append(shown[i], path+" "+strings.Join(flags, " "))
			}
		}
	}
	if len(shown[0]) < 20 || !slices.Equal(shown[0], shown[1]) {
		t.Errorf("%s shows\n%s\n%s shows\n%s", bothPages[0], strings.Join(shown[0], "\n"), bothPages[1], strings.Join(shown[1], "\n"))
	}
}

// TestReferenceIsWhole: the reference tells of every command and of every flag, and the README of every command of the first rank.
func TestReferenceIsWhole(t *testing.T) {
	reference, readme := map[string][]string{}, map[string]bool{}
	for _, line := range blocksIn(t, filepath.Join(project, "packaging/docs/COMMANDS.md")) {
		path, flags, err := understood(line)
		if err == nil {
			reference[path] = append(reference[path], flags...)
		}
	}
	for _, line := range commandsIn(t, filepath.Join(project, bothPages[0])) {
		path, _, _ := understood(line)
		readme[strings.Join(strings.Fields(path + " -")[:2], " ")] = true
	}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, own := range c.Commands() {
			if own.Hidden {
				continue
			}
			flags, shown := reference[own.CommandPath()]
			if !shown && !own.HasSubCommands() {
				t.Errorf("the reference does not show %s", own.CommandPath())
			}
			own.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
				// What says which mail is read is told once.
				if shown && !f.Hidden && f.Name != "help" && !slices.Contains(flags, f.Name) && !slices.Contains(reference["rimbalzo report"], f.Name) {
					t.Errorf("the reference does not show --%s of %s", f.Name, own.CommandPath())
				}
			})
			if c == c.Root() && !readme[own.CommandPath()] {
				t.Errorf("%s does not show %s", bothPages[0], own.CommandPath())
			}
			walk(own)
		}
	}
	walk((&app{words: words.New("en")}).root())
}

// understood gives the command that a line asks for, as "rimbalzo account add", and the flags that it has; brackets around what may be
// left out, and dots after what may be repeated, are passed over.
func understood(line string) (path string, flags []string, err error) {
	line, _, _ = strings.Cut(strings.TrimSpace(line), "  ")
	for _, end := range []string{" #", " | ", " && ", " > "} {
		line, _, _ = strings.Cut(line, end)
	}
	args := regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(strings.NewReplacer("[", "", "]", "", "...", "", "…", "").Replace(line), -1)[1:]
	a := &app{words: words.New("en")}
	root := a.root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd(args...)
	c, rest, err := root.Find(args)
	if err != nil {
		return "", nil, err
	}
	if err := c.ParseFlags(rest); err != nil {
		return "", nil, err
	}
	c.Flags().Visit(func(f *pflag.Flag) { flags = append(flags, f.Name) })
	args = c.Flags().Args()
	switch {
	case len(args) == 0: // the command's name alone, in a sentence
	case c.Name() == "help":
		err = a.explained(root, args)
	default:
		err = c.ValidateArgs(args)
	}
	return c.CommandPath(), flags, err
}

// explained gives an error where there is no help on a command or topic; a word in capitals stands for any.
func (a *app) explained(root *cobra.Command, what []string) error {
	if c, rest, err := root.Find(what); (err == nil && c != root && len(rest) == 0) || slices.Contains(a.topicIDs(), what[0]) || what[0] == strings.ToUpper(what[0]) {
		return nil
	}
	return errors.New("neither a command nor a topic")
}

// commandsIn gives what a page shows of commands, in blocks and between words.
func commandsIn(t *testing.T, page string) []string {
	t.Helper()
	lines := blocksIn(t, page)
	for _, m := range regexp.MustCompile("`((?:\\./)?rimbalzo [^`\n]+)`").FindAllStringSubmatch(text(t, page), -1) {
		lines = append(lines, m[1])
	}
	return lines
}

// blocksIn gives the commands in a page's blocks, each in one line whatever lines it goes over.
func blocksIn(t *testing.T, page string) []string {
	t.Helper()
	all := regexp.MustCompile(`\\\n *`).ReplaceAllString(text(t, page), "")
	return regexp.MustCompile(`(?m)^(?:    )?((?:\./)?rimbalzo(?: .+)?)$`).FindAllString(all, -1)
}

func text(t *testing.T, page string) string {
	t.Helper()
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), "\r\n", "\n")
}
