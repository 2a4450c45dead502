package cli

import (
	"strings"
	"testing"

	"rimbalzo/app/help"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

// TestHelpOfTopics: topics are explained beside commands, and none hides one.
func TestHelpOfTopics(t *testing.T) {
	for name, tc := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"list":           {[]string{"help", "--lang", "it"}, exitDone, "Argomenti (rimbalzo help ARGOMENTO):\n  start"},
		"same as --help": {[]string{"--help", "--lang", "en"}, exitDone, "  what-happened     What happened in the outages\n"},
		"topic":          {[]string{"help", "verdicts", "--lang", "it"}, exitDone, "Che cosa vogliono dire i consigli\n=====\n"},
		"capitals":       {[]string{"help", "KEYS", "--lang", "en"}, exitDone, "- F1: help about the page in view"},
		"command":        {[]string{"help", "report", "--lang", "en"}, exitDone, "rimbalzo report [flags]"},
		"below":          {[]string{"help", "account", "add", "--lang", "en"}, exitDone, "rimbalzo account add"},
		"neither":        {[]string{"help", "no\x1bsuch", "--lang", "en"}, exitUsage, "The topics are: start, providers, "},
		"two words":      {[]string{"help", "keys", "verdicts", "--lang", "en"}, exitUsage, "“keys verdicts”"},
	} {
		t.Run(name, func(t *testing.T) {
			o := run(t, "", tc.args...)
			status, out, errs := o.status, o.out, o.errors
			text := out + errs
			for strings.Contains(text, "======") { // as long as the title
				text = strings.ReplaceAll(text, "======", "=====")
			}
			if status != tc.status || !strings.Contains(text, tc.want) || strings.Contains(text, "\x1b") {
				t.Errorf("status %d:\n%s", status, text)
			}
		})
	}
	out := run(t, "", "help", "report", "--lang", "en").out
	if strings.Contains(out, "what-happened") {
		t.Error("the topics stand under a command")
	}
}

// TestNoTopicIsACommand: "rimbalzo help NAME" means one thing.
func TestNoTopicIsACommand(t *testing.T) {
	a := &app{words: words.New("en")}
	root := a.root()
	for _, topic := range help.Open(a.words, nil, &outage.Catalogue{}).Topics() {
		if cmd, rest, err := root.Find([]string{topic.ID}); err == nil && cmd != root && len(rest) == 0 {
			t.Errorf("%s is a topic and a command", topic.ID)
		}
	}
}

func TestAboutCommand(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want []string
	}{
		"short":    {[]string{"about", "--lang", "it"}, []string{"Rimbalzo ", "licenza MIT", "Non spedisce niente", "rimbalzo about --licences"}},
		"licences": {[]string{"about", "--licences", "--lang", "en"}, []string{"fyne.io/fyne/v2 v", "BSD 3-Clause License"}},
		"sources":  {[]string{"about", "--sources", "--lang", "en"}, []string{"Outages\n\nLibero Mail and Virgilio Mail, January 2023\n- ", "Providers\n", "https://www.ilpost.it/"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := run(t, "", tc.args...)
			status, out, errs := o.status, o.out, o.errors
			for _, want := range tc.want {
				if status != exitDone || !strings.Contains(out, want) {
					t.Errorf("status %d, no %q in\n%.1500s%s", status, want, out, errs)
				}
			}
		})
	}
	if o := run(t, "", "about", "nonsense", "--lang", "en"); o.status != exitUsage || !strings.Contains(o.errors, "nonsense") {
		t.Errorf("status %d: %s", o.status, o.errors)
	}
}
