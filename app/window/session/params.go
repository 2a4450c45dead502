// Package session is the window without its widgets: what it is given, what it shows and in which order, which review
// runs. It knows no toolkit, so it is tested, and builds, anywhere.
package session

import (
	"context"
	"io"
	"time"

	"rimbalzo/app/accounts"
	"rimbalzo/app/resend"
	"rimbalzo/app/settings"
	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/ipc"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/missing"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

// Params is everything that the window needs from the rest of the program.
type Params struct {
	Words   *words.Words
	Zone    *time.Location // the zone in which times are shown
	Version string
	// Homepage is where newer versions are; "" for nowhere.
	Homepage string
	// ID is the program's id, as in FyneApp.toml; the system knows the window by it.
	ID string
	// Data is the folder in which the program keeps things; "" lets the toolkit use the system's own.
	Data string
	// Review makes one review; it is called on a goroutine of its own and must end soon after ctx does.
	Review func(ctx context.Context, req review.Request) (checklist.Report, error)
	// Missing looks for mail that never arrived in what Review reads; nil where nobody can. It is called as Review is.
	Missing func(ctx context.Context, req review.Request) (missing.Result, error)
	// Base is what a review that the person starts from the welcome page begins with: catalogue, certificates. A zero
	// At stands for the moment at which the review starts.
	Base review.Request
	// Ending closes when the program is asked to end, and with it the window; nil where nobody asks.
	Ending <-chan struct{}
	// Events are what the watcher tells the window; nil where there is none.
	Events <-chan ipc.Event
	// Desk is where accounts are set up; nil where none can be, as beside a report that was asked for.
	Desk *accounts.Desk
	// Ask asks the watcher a question, see [watcher.VerbStatus] and the others; nil where there is none.
	Ask func(ctx context.Context, verb string, arg, answer any) error
	// OpenBrowser opens an address in the system's browser; nil where nobody can sign in.
	OpenBrowser func(address string) error
	// Thunderbird finds the mail of Thunderbird on this computer; nil finds none.
	Thunderbird func() []mailbox.LocalAccount
	// Start is reviewed at once; nil shows the welcome page.
	Start *review.Request
	// Moments are offered above the list; choosing one reviews the same mail for that moment.
	Moments []Moment
	// Banner is one sentence always in view, such as that this is the demo; "" for none.
	Banner string
	// Localize gives the demo's moments and banner in another language, in the same order; nil leaves them as they are.
	Localize func(w *words.Words) ([]Moment, string)
	// Demo starts the demo for the welcome page's button, speaking the given language; nil hides the button.
	Demo func(ctx context.Context, w *words.Words) (Demo, error)
	// Explain gives an error as a sentence and a next step in the language of w; nil shows the error's own words.
	Explain func(err error, w *words.Words) string
	// Ticks are what the person has dealt with; nil starts with none.
	Ticks *checklist.Ticks
	// SaveTicks is called after every change of a tick; nil keeps them only as long as the window.
	SaveTicks func(*checklist.Ticks) error
	// Usual is the system's language, for whoever chooses none; "" for that of Words.
	Usual string
	// Settings are what the person chose for the whole program when the window opened.
	Settings settings.Settings
	// SaveSettings keeps what the person changed in the window since Settings or the last call, and has the watcher take it
	// in at once; nil where nothing is kept. It takes a moment: call it as an errand. What it gives as an error is for Explain.
	SaveSettings func(settings.Settings) error
	// AtLogin tells whether the watcher starts at login, and SetAtLogin has it do so or not; nil where that cannot be chosen.
	AtLogin    func() (bool, error)
	SetAtLogin func(bool) error
	// History gives what the watcher saw since an instant; incidents are those that ended later, or last. nil where nothing
	// is kept. It takes up to seconds: call it as an errand.
	History func(ctx context.Context, since time.Time) (Past, error)
	// Copies makes the drafts of a message that goes again. It may ask a server: call it as an errand. Errors are for Explain,
	// [resend.ErrUnsound] among them. nil where none can be made.
	Copies func(ctx context.Context, c Chosen) ([]resend.Copy, error)
	// Export writes the list in any of [checklist.Formats]: call it as an errand. nil where nothing can be written.
	Export func(ctx context.Context, out io.Writer, e Export) error
	// MergeTicks takes what was said on another computer from a file of theirs into ours, and keeps the sum. Errors are for
	// Explain. nil where nothing is kept.
	MergeTicks func(in io.Reader, ours *checklist.Ticks) (Merged, error)
	// Contacts gives the servers that the program talks to, with today's counts, as "rimbalzo connections" shows them; nil where
	// nothing is kept. It takes a moment: call it as an errand.
	Contacts func(ctx context.Context) (watcher.Contacts, error)
	// Log gives the last lines of the watcher's log, as "rimbalzo log" shows them: redacted, the oldest first, in English, none
	// where there is no log. They are not cut down to a width. nil where there is none. Call it as an errand.
	Log func(lines int) ([]string, error)
	// LanguageChosen is called when the person changes the language in the window; nil keeps nothing.
	LanguageChosen func(lang string)
}

// Moment is an instant for which the same mail can be reviewed.
type Moment struct {
	Title  string // short, stands on a button
	Why    string // one sentence: what is particular about it
	At     time.Time
	Banner string // stands in the place of Params.Banner while the moment is chosen; "" for no other
}

// Demo is a running demo.
type Demo struct {
	Start   review.Request
	Moments []Moment
	Banner  string
	Stop    func() // frees what the demo holds; may be nil
}
