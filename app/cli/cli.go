// Package cli is the command line: the accessible face of the program, and on systems without a display the only one.
//
// Data goes to standard output; errors and progress go to standard error. The exit status says how it went: see the
// constants below. Every sentence comes from internal/words.
package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rimbalzo/app/settings"
	"rimbalzo/app/watcher/autostart"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/account"
	"rimbalzo/internal/account/autoconfig"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

// Exit statuses, part of the contract with other programs.
const (
	exitDone   = 0
	exitResend = 1 // something needs resending; only with --exit-code
	exitUsage  = 2 // bad usage or input
	exitFailed = 3 // wrong password, TLS, network, disk
)

// Env is the world around the command line, handed in so that tests can stand in for it.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Locale         func() string // the system's language setting, such as "it_IT"
	Now            func() time.Time
	// Version, ID and Homepage are those of FyneApp.toml.
	Version, ID, Homepage string
	// Terminal reports whether progress may be shown on Stderr.
	Terminal bool
	// ReadPassword asks for a password on the terminal without showing it; nil where there is none to ask on.
	ReadPassword func(prompt string) (string, error)
	// Window opens the window and returns when it is closed.
	Window func(session.Params) error
	// Picture draws a page of the window with a report in it as PNG, without a display.
	Picture func(io.Writer, session.Params, checklist.Report, session.Shot) error
	// Built says whether this program has a window at all.
	Built bool
	// HasDisplay reports whether a window could be shown.
	HasDisplay func() bool
	// Desktop says whether the watcher may show itself: an icon in the tray, notices.
	Desktop bool
	// Spawn starts this program once more with arguments, as a process that outlives this one; nil where that is not wanted.
	// Where that process ends badly, failed gets the last of what it said, unless failed is nil.
	Spawn func(failed func(said string), args ...string) error
	// AtLogin is what starts the watcher at login, but for its words and its command's arguments; its Command holds the
	// program's path.
	AtLogin autostart.Entry
	// Vault gives where secrets are kept; nil for the system's keyring.
	Vault func(mayPrompt bool) account.Vault
	// Dice gives the random numbers of the watcher's pauses; nil for real ones.
	Dice watch.Dice
	// FindServers asks others for a mail domain's servers; nil for the internet.
	FindServers func(ctx context.Context, domain string) ([]autoconfig.Candidate, error)
}

// app is one run of the command line.
type app struct {
	env    Env
	words  *words.Words
	zone   *time.Location
	lang   string
	asked  bool // the language was asked for with --lang
	data   string
	config string // the system's folder for settings when the program began
	status int
	// secrets are this run's; see vault.
	secrets *account.Session
	looked  bool // a server's reading tells how far it is
}

// errUsage marks an error as bad usage or input; its text is a sentence already.
type errUsage struct{ text string }

func (e errUsage) Error() string { return e.text }

// errSaid is a failure whose text is a sentence already.
type errSaid struct{ text string }

func (e errSaid) Error() string { return e.text }

// Run runs the command line and gives the exit status.
func Run(ctx context.Context, env Env, args []string) int {
	a := &app{env: env, config: configDir()}
	a.lang, a.asked = languageOf(args, env)
	a.words = words.New(a.lang)
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		// The zone's data is built in: without it no instant of an outage could be told.
		a.complain(err.Error())
		return exitFailed
	}
	a.zone = zone
	root := a.root()
	root.SetArgs(args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	if err := root.ExecuteContext(ctx); err != nil {
		if errors.Is(err, context.Canceled) {
			a.complain(a.words.T("cli.error.cancelled"))
			return exitFailed
		}
		text, status := a.sentence(err)
		a.complain(text)
		return status
	}
	return a.status
}

// languageOf gives the language to speak, before the flags are read: their descriptions are in it already. What --lang says
// counts before what the person chose in the settings, that before the system's. asked means that it was said by --lang.
func languageOf(args []string, env Env) (lang string, asked bool) {
	if value, ok := flagOf(args, "lang"); ok {
		return words.Match(value), true
	}
	data, _ := flagOf(args, "data")
	if dir, err := (&app{env: env, data: data, config: configDir()}).dataDir(); err == nil {
		// What is wrong in the file is said where somebody looks at it; what can be read of it counts.
		if chosen, _ := settings.Load(dir); chosen.Language != "" {
			return chosen.Language, false
		}
	}
	return systemLanguage(env), false
}

// systemLanguage is the one that the system is set to.
func systemLanguage(env Env) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := env.Getenv(name); v != "" {
			return words.Match(v)
		}
	}
	return words.Match(env.Locale())
}

// flagOf looks for a flag's value; the first one counts.
func flagOf(args []string, name string) (value string, ok bool) {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			return value, true
		}
		if arg == "--"+name && i+1 < len(args) {
			return args[i+1], true
		}
	}
	return "", false
}

func (a *app) root() *cobra.Command {
	w := a.words
	root := &cobra.Command{
		Use: "rimbalzo", Short: w.T("cli.short"), Long: w.T("cli.long"), SilenceUsage: true, SilenceErrors: true,
		Args: a.noArgs, Version: a.env.Version,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.window(cmd.Context()) },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetUsageTemplate(a.usage())
	root.SetHelpTemplate("{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}\n\n{{end}}{{.UsageString}}")
	root.SetVersionTemplate("Rimbalzo {{.Version}}\n")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return errUsage{a.flagError(err)} })
	root.PersistentFlags().String("lang", "", w.T("cli.flag.lang"))
	root.PersistentFlags().StringVar(&a.data, "data", "", w.T("cli.flag.data"))
	root.PersistentFlags().BoolP("help", "h", false, w.T("cli.flag.help"))
	root.Flags().Bool("version", false, w.T("cli.flag.version"))
	root.AddCommand(
		a.report(),
		a.decode(),
		a.explain(),
		a.mark(),
		a.marks(),
		a.copies(),
		a.pack(),
		a.missing(),
		a.accounts(),
		a.outages(),
		a.probe(),
		a.watch(),
		a.statusCommand(),
		a.settings(),
		a.connections(),
		a.log(),
		a.diagnose(),
		a.leave(),
		a.demo(),
		a.about(),
		a.version(),
	)
	root.AddCommand(a.manual(root), a.path(), a.pictures())
	root.SetHelpCommand(a.help(root))
	a.speak(root)
	return root
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{Use: "version", Short: a.words.T("cli.version.short"), Args: a.noArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		_, err := io.WriteString(a.env.Stdout, "Rimbalzo "+a.env.Version+"\n")
		return err
	}}
}

func (a *app) noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return errUsage{a.words.T("cli.error.command", "Name", clean(args[0]))}
	}
	return nil
}

func (a *app) complain(text string) {
	// Nothing is left to tell when standard error is gone.
	_, _ = io.WriteString(a.env.Stderr, "rimbalzo: "+text+"\n")
}
