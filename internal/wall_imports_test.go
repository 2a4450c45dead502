package internal_test

import (
	"slices"
	"strings"
)

// wall is one rule of the house with the reason for it, and examples that show that it can fail.
type wall struct {
	name, why    string
	breaches     func([]source) []string
	wrong, right []example
}

const (
	fyne    = "fyne.io/fyne/"
	systray = "fyne.io/systray"
	client  = "github.com/emersion/go-imap/v2/imapclient"
	server  = "github.com/emersion/go-imap/v2/imapserver"
	smtp    = "github.com/emersion/go-smtp"
)

// pure are the rooms that know no network, no disk and no clock.
var pure = []string{"internal/outage", "internal/provider", "internal/bounce", "internal/advice", "internal/checklist", "internal/words", "internal/queue", "internal/missing", "internal/discovery"}

// mayImport says what each room may import beside the standard library: rooms by their folder, modules by their path.
// A room that is not here does not exist.
var mayImport = map[string][]string{
	"internal/outage":   {"github.com/BurntSushi/toml"},
	"internal/provider": {"github.com/BurntSushi/toml"},
	// The charsets that go-message does not know are read with x/text; phrases are a TOML file.
	"internal/bounce": {"github.com/emersion/go-message", "github.com/BurntSushi/toml", "golang.org/x/text"},
	// The rooms' own data are TOML files.
	"internal/advice": {"internal/outage", "internal/provider", "internal/bounce", "github.com/BurntSushi/toml"},
	"internal/words":  {"github.com/nicksnyder/go-i18n/v2", "github.com/BurntSushi/toml", "golang.org/x/text"},
	"internal/checklist": {
		"internal/outage", "internal/provider", "internal/bounce", "internal/advice", "internal/words", "golang.org/x/text",
		"github.com/mattn/go-runewidth", // how wide a subject is in a table on a terminal
	},
	"internal/discovery": {"internal/outage", "internal/provider", "internal/bounce", "internal/advice", "internal/words"},
	"internal/mailbox": {
		"internal/provider", "internal/bounce", "internal/words",
		"github.com/emersion/go-imap/v2", "github.com/emersion/go-message", "github.com/emersion/go-sasl", "golang.org/x/text",
		"golang.org/x/net/idna",        // names of servers with letters beyond ASCII
		"github.com/BurntSushi/toml",   // what servers are asked to search for is a TOML file
		"github.com/fsnotify/fsnotify", // mail files that a mail program changes
	},
	"internal/queue": {},
	"internal/missing": {
		"internal/outage", "internal/provider", "internal/bounce", "internal/advice", "internal/checklist", "internal/words",
	},
	"internal/probe": {
		"internal/provider", "internal/mailbox", "internal/words", "github.com/emersion/go-sasl",
		"github.com/BurntSushi/toml", // the known wordings of refusals
	},
	"internal/account": {
		"internal/provider", "internal/mailbox", "internal/words", "github.com/zalando/go-keyring", "github.com/godbus/dbus/v5",
		"github.com/BurntSushi/toml",    // the accounts file, the settings, the data of this room
		"golang.org/x/oauth2",           // signing in with Google and Microsoft
		"github.com/gofrs/flock",        // two processes renew one sign-in, and change one file
		"golang.org/x/net/idna",         // mail domains with letters beyond ASCII
		"golang.org/x/net/publicsuffix", // who runs the server that an MX names
	},
	"internal/store": {
		"internal/outage", "internal/provider", "internal/bounce", "internal/advice", "internal/checklist", "modernc.org/sqlite",
		"internal/words",         // its errors, and what became of damaged files, in sentences
		"github.com/gofrs/flock", // two processes share the files
		// What store/history keeps is of their making.
		"internal/watch", "internal/probe",
	},
	"internal/review": {
		"internal/outage", "internal/provider", "internal/bounce", "internal/advice", "internal/checklist", "internal/words",
		"internal/mailbox", "internal/queue", "internal/missing", "internal/account", "internal/store", "internal/discovery", "golang.org/x/sync",
		"github.com/emersion/go-message", // the headers and texts of ordinary mail, to find copies and answers
	},
	"internal/watch": {
		"internal/outage", "internal/provider", "internal/bounce", "internal/advice", "internal/checklist", "internal/words",
		"internal/mailbox", "internal/probe", "internal/account", "internal/store", "internal/review", "golang.org/x/sync",
		"internal/discovery", // what was seen of servers is evidence of outages
	},
	"internal/demo": {
		"internal/outage", "internal/provider", "internal/bounce", "internal/mailbox",
		"github.com/emersion/go-imap/v2", "github.com/emersion/go-smtp", "github.com/emersion/go-sasl", "github.com/emersion/go-message",
		"golang.org/x/net/netutil", "github.com/BurntSushi/toml",
	},
	"app":           {"*"},
	"app/about":     {"*"},
	"app/accounts":  {"*"},
	"app/cli":       {"*"},
	"app/help":      {"*"},
	"app/locale":    {"*"},
	"app/licences":  {}, // a text
	"app/onpath":    {"golang.org/x/sys"},
	"app/resend":    {"*"},
	"app/settings":  {"*"},
	"app/watcher":   {"*"},
	"app/window":    {"*"},
	"icons":         {},
	"packaging/dev": {},
	// The benchmark reads as the program does, beside programs that it starts.
	"packaging/bench": {"internal/mailbox", "internal/bounce"},
}

// eachImport calls visit for every import of the house that keep keeps.
func eachImport(house []source, keep func(source) bool, visit func(s source, target string) string) []string {
	var breaches []string
	for _, s := range house {
		if !keep(s) {
			continue
		}
		for _, spec := range s.file.Imports {
			target := strings.Trim(spec.Path.Value, "`\"")
			if why := visit(s, target); why != "" {
				breaches = append(breaches, s.breach(spec, "%s", why))
			}
		}
	}
	return breaches
}

func everyFile(source) bool  { return true }
func notATest(s source) bool { return !s.test() }
func pureRoom(s source) bool { return !s.test() && slices.Contains(pure, s.room()) }
func below(a, b string) bool { return a == b || strings.HasPrefix(a, b+"/") }
func standard(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return !strings.Contains(first, ".")
}

var importWalls = []wall{
	{
		name: "only the window knows Fyne", why: "a process with Fyne in it needs a display and its libraries to start (DESIGN.md, wall 1)",
		breaches: func(house []source) []string {
			return eachImport(house, everyFile, func(s source, target string) string {
				switch {
				case strings.HasPrefix(target, fyne) && !s.in("app/window"):
					return "imports " + target + " outside app/window"
				case below(target, systray) && !s.in("app/watcher"):
					return "imports " + target + " outside app/watcher"
				}
				return ""
			})
		},
		wrong: []example{
			{"internal/checklist/x.go", "fyne.io/fyne/v2/widget", ""},
			{"app/cli/x.go", "fyne.io/fyne/v2", ""},
			{"internal/words/x_test.go", "fyne.io/fyne/v2/lang", ""},
			{"app/window/x.go", "fyne.io/systray", ""},
			{"icons/x.go", "fyne.io/fyne/v2", ""},
		},
		right: []example{{"app/window/x.go", "fyne.io/fyne/v2/app", ""}, {"app/watcher/x.go", "fyne.io/systray", ""}},
	},
	{
		name: "pure rooms know no network and no disk", why: "they take what they need as arguments (DESIGN.md, wall 2)",
		breaches: func(house []source) []string {
			return eachImport(house, pureRoom, func(_ source, target string) string {
				if slices.Contains([]string{"net/mail", "net/url", "net/textproto"}, target) {
					return ""
				}
				for _, banned := range []string{"net", "os", "database/sql", "syscall", "path/filepath", "log", "log/slog", "golang.org/x/net", "golang.org/x/sys"} {
					if below(target, banned) {
						return "imports " + target + " in a pure room"
					}
				}
				return ""
			})
		},
		wrong: []example{
			{"internal/bounce/x.go", "net", ""},
			{"internal/advice/x.go", "net/http", ""},
			{"internal/words/x.go", "os", ""},
			{"internal/outage/deep/x.go", "os/exec", ""},
			{"internal/checklist/x.go", "database/sql", ""},
			{"internal/bounce/x.go", "golang.org/x/net/html", ""},
		},
		right: []example{
			{"internal/bounce/x.go", "net/mail net/url net/textproto io/fs embed", ""},
			{"internal/bounce/x_test.go", "os", ""},
			{"internal/mailbox/x.go", "os net", ""},
		},
	},
	{
		name: "each room imports what it may", why: "one direction, no way back (DESIGN.md, Rooms)",
		breaches: func(house []source) []string {
			return eachImport(house, notATest, roomImport)
		},
		wrong: []example{
			{"internal/bounce/x.go", "rimbalzo/internal/advice", ""},
			{"internal/outage/x.go", "rimbalzo/internal/provider", ""},
			{"internal/checklist/x.go", "rimbalzo/internal/review", ""},
			{"internal/advice/x.go", "rimbalzo/app/cli", ""},
			{"internal/review/x.go", "modernc.org/sqlite", ""},
			{"internal/attic/x.go", "strings", ""},
			{"packaging/dev/x.go", "github.com/spf13/cobra", ""},
			{"icons/x.go", "rimbalzo/internal/words", ""},
			{"internal/mailbox/x.go", "rimbalzo/internal/demo", ""},
		},
		right: []example{
			{"internal/bounce/x.go", "github.com/emersion/go-message/charset rimbalzo/internal/bounce strings", ""},
			{"internal/review/x.go", "rimbalzo/internal/mailbox crypto/x509", ""},
			{"app/cli/x.go", "rimbalzo/internal/review github.com/spf13/cobra", ""},
			{"internal/review/x_test.go", "rimbalzo/internal/demo", ""},
		},
	},
	{
		name: "one room speaks to mail servers", why: "what could change a mailbox or send is kept where it can be watched (DESIGN.md, wall 3)",
		breaches: func(house []source) []string {
			return eachImport(house, notATest, func(s source, target string) string {
				switch {
				case target == client && !s.in("internal/mailbox") && !s.in("internal/probe"):
					return "imports the IMAP client outside internal/mailbox and internal/probe"
				case below(target, server) && !s.in("internal/demo"):
					return "imports the IMAP server outside internal/demo"
				case (target == smtp || target == "net/smtp") && !s.in("internal/probe") && !s.in("internal/demo"):
					return "imports " + target + " outside internal/probe and internal/demo"
				}
				return ""
			})
		},
		wrong: []example{
			{"internal/review/x.go", client, ""},
			{"internal/demo/x.go", client, ""},
			{"app/cli/x.go", "net/smtp", ""},
			{"internal/mailbox/x.go", smtp, ""},
			{"internal/mailbox/x.go", server + "/imapmemserver", ""},
		},
		right: []example{{"internal/mailbox/x.go", client, ""}, {"internal/demo/x.go", server + " " + smtp, ""}, {"internal/mailbox/x_test.go", server, ""}},
	},
}

// roomImport says what is wrong with an import by the table of rooms, "" for nothing.
func roomImport(s source, target string) string {
	allowed, known := mayImport[s.room()]
	switch {
	case !known:
		return "the house has no room " + s.room()
	case standard(target) && !below(target, "rimbalzo"):
		return ""
	case slices.Contains(allowed, "*"):
		return ""
	}
	inside := strings.TrimPrefix(target, "rimbalzo/")
	if inside != target && roomOf(inside) == s.room() {
		return ""
	}
	for _, a := range allowed {
		if below(inside, a) {
			return ""
		}
	}
	return s.room() + " may not import " + target
}
