package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/app/settings"
	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/autostart"
	"rimbalzo/app/watcher/ipc"
)

// Values of settings that stand for no choice.
const (
	bySystem = "system"
	noHours  = "off"
	noKinds  = "none"
)

// setting is one line of the settings: how it is read from them and put into them, as text.
type setting struct {
	key string
	get func(settings.Settings) string
	set func(s *settings.Settings, value string) error
}

// chosen are the settings of the file. Start at login, which the system keeps, comes after them.
var chosen = []setting{
	{"language", func(s settings.Settings) string { return cmp.Or(s.Language, bySystem) }, func(s *settings.Settings, v string) error {
		s.Language = orNone(v, bySystem)
		return nil
	}},
	{"theme", func(s settings.Settings) string { return cmp.Or(s.Theme, bySystem) }, func(s *settings.Settings, v string) error {
		s.Theme = orNone(v, bySystem)
		return nil
	}},
	{"scale", func(s settings.Settings) string {
		if s.Scale == 0 {
			return bySystem
		}
		return strconv.Itoa(s.Scale)
	}, setScale},
	{"quiet", func(s settings.Settings) string {
		if s.Quiet == (settings.Hours{}) {
			return noHours
		}
		return s.Quiet.From + "-" + s.Quiet.To
	}, setQuiet},
	{"mute", func(s settings.Settings) string { return cmp.Or(strings.Join(s.Mute, ","), noKinds) }, setMute},
}

// keyAtLogin is the setting that the system keeps.
const keyAtLogin = "at-login"

// errValue means that a value cannot be read at all.
var errValue = errors.New("not a value of this setting")

func orNone(value, none string) string {
	if value == none {
		return ""
	}
	return value
}

func setScale(s *settings.Settings, value string) error {
	s.Scale = 0
	if value == bySystem {
		return nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(value, "%"))
	if err != nil || n == 0 {
		return errValue
	}
	s.Scale = n
	return nil
}

func setQuiet(s *settings.Settings, value string) error {
	s.Quiet = settings.Hours{}
	if value == noHours {
		return nil
	}
	from, to, ok := strings.Cut(value, "-")
	if !ok {
		return errValue
	}
	s.Quiet = settings.Hours{From: strings.TrimSpace(from), To: strings.TrimSpace(to)}
	return nil
}

func setMute(s *settings.Settings, value string) error {
	s.Mute = nil
	if value == noKinds {
		return nil
	}
	for kind := range strings.SplitSeq(value, ",") {
		if kind = strings.TrimSpace(kind); !slices.Contains(s.Mute, kind) {
			s.Mute = append(s.Mute, kind)
		}
	}
	return nil
}

// settings shows and changes what a person chose for the whole program.
func (a *app) settings() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "settings [KEY [VALUE]]", Short: w.T("settings.short"), Long: a.settingsHelp()}
	format := cmd.Flags().String("format", "text", w.T("status.flag.format"))
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 2 {
			return errUsage{w.T("settings.error.words")}
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *format != "text" && *format != "json" {
			return errUsage{w.T("cli.error.format", "Value", clean(*format), "List", "text, json")}
		}
		if len(args) == 0 {
			return a.listSettings(*format)
		}
		if args[0] == keyAtLogin {
			return a.oneAtLogin(args[1:])
		}
		i := slices.IndexFunc(chosen, func(s setting) bool { return s.key == args[0] })
		if i < 0 {
			return errUsage{w.T("settings.error.key", "Key", clean(args[0]), "Keys", strings.Join(settingKeys(), ", "))}
		}
		if len(args) == 1 {
			s, err := a.loadSettings()
			if err != nil {
				return err
			}
			_, err = io.WriteString(a.env.Stdout, chosen[i].get(s)+"\n")
			return err
		}
		return a.setOne(cmd.Context(), chosen[i], args[1])
	}
	return cmd
}

func settingKeys() (keys []string) {
	for _, s := range chosen {
		keys = append(keys, s.key)
	}
	return append(keys, keyAtLogin)
}

// settingsHelp says what each setting is and which values it has.
func (a *app) settingsHelp() string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(a.words.T("settings.long")) + "\n\n")
	for _, key := range settingKeys() {
		fmt.Fprintf(&b, "  %-10s %s\n", key, a.words.T("settings.key."+key, "Min", settings.MinScale, "Max", settings.MaxScale))
	}
	b.WriteString("\n" + a.words.T("settings.kinds") + "\n")
	for _, kind := range settings.Kinds {
		fmt.Fprintf(&b, "  %-10s %s\n", kind, a.words.T("settings.kind."+string(kind)))
	}
	return b.String()
}

// loadSettings gives the settings. What is wrong in their file is said, and the rest of it counts.
func (a *app) loadSettings() (settings.Settings, error) {
	dir, err := a.dataDir()
	if err != nil {
		return settings.Settings{}, err
	}
	s, err := settings.Load(dir)
	if err != nil {
		a.complain(a.described(err))
	}
	return s, nil
}

// settingsJSON are the settings for other programs.
type settingsJSON struct {
	Language *string    `json:"language"` // null: the system's
	Theme    *string    `json:"theme"`
	Scale    *int       `json:"scale"`
	Quiet    *quietJSON `json:"quiet"` // null: no quiet hours
	Mute     []string   `json:"mute"`
	AtLogin  bool       `json:"at_login"`
}

type quietJSON struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (a *app) listSettings(format string) error {
	s, err := a.loadSettings()
	if err != nil {
		return err
	}
	on, err := autostart.Enabled(a.atLogin())
	if err != nil {
		return err
	}
	if format == "json" {
		enc := json.NewEncoder(a.env.Stdout)
		enc.SetIndent("", " ")
		return enc.Encode(settingsJSON{
			orNull(s.Language), orNull(s.Theme), orNull(s.Scale), orNull(quietJSON(s.Quiet)), append([]string{}, s.Mute...), on,
		})
	}
	var b strings.Builder
	for _, c := range chosen {
		fmt.Fprintf(&b, "%-10s %s\n", c.key, c.get(s))
	}
	fmt.Fprintf(&b, "%-10s %s\n", keyAtLogin, onOff(on))
	_, err = io.WriteString(a.env.Stdout, b.String())
	return err
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// oneAtLogin shows or changes whether the watcher starts at login.
func (a *app) oneAtLogin(value []string) error {
	if len(value) == 1 {
		return a.setAtLogin(value[0])
	}
	on, err := autostart.Enabled(a.atLogin())
	if err != nil {
		return err
	}
	_, err = io.WriteString(a.env.Stdout, onOff(on)+"\n")
	return err
}

// setOne changes one setting, and has a watcher that runs go by it at once.
func (a *app) setOne(ctx context.Context, one setting, value string) error {
	s, err := a.loadSettings()
	if err != nil {
		return err
	}
	if one.set(&s, value) != nil {
		return errUsage{a.words.T("settings.error.value", "Key", one.key, "Value", clean(value))}
	}
	if err := a.saveSettings(ctx, s); err != nil {
		return err
	}
	_, err = io.WriteString(a.env.Stdout, a.words.T("settings.kept", "Key", one.key, "Value", one.get(s))+"\n")
	return err
}

// saveSettings keeps settings and tells the watcher, which may not be running.
func (a *app) saveSettings(ctx context.Context, s settings.Settings) error {
	dir, err := a.dataDir()
	if err != nil {
		return err
	}
	if err := settings.Save(dir, s); err != nil {
		var invalid *settings.InvalidError
		if text, ok := settings.Describe(err, a.words); ok && errors.As(err, &invalid) {
			return errUsage{text}
		}
		return err
	}
	if err := a.ask(ctx, watcher.VerbSettings, nil, nil); err != nil && !errors.Is(err, ipc.ErrAbsent) {
		a.complain(a.words.T("settings.error.watcher"))
	}
	return nil
}
