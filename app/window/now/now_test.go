package now

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rimbalzo/app/watcher"
	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/watch"
	"rimbalzo/internal/words"
)

func TestMain(m *testing.M) {
	// The toolkit complains of LANG=C.
	if err := os.Setenv("LANG", "en_US.UTF-8"); err != nil {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

var rome = time.FixedZone("CET", 3600)

func at(day, hour int) time.Time { return time.Date(2023, 1, day, hour, 0, 0, 0, rome) }

// account is one as the watcher tells of it, each direction in the same state but for those named.
func account(id, operator string, state watch.State, why watch.Why, parts ...watch.State) watch.AccountStatus {
	a := watch.AccountStatus{ID: id, Operator: operator, Name: operator, State: state, Why: why, Since: at(26, 8), Next: at(26, 18).Add(7 * time.Minute)}
	for i, d := range []probe.Direction{probe.Receive, probe.Send, probe.Web, probe.Accept} {
		s := state
		if i < len(parts) {
			s = parts[i]
		}
		a.Directions = append(a.Directions, watch.DirectionStatus{Direction: d, State: s})
	}
	return a
}

func status(accounts ...watch.AccountStatus) *watcher.Status {
	return &watcher.Status{Status: watch.Status{Accounts: accounts}}
}

// situations are the ones in which somebody may open the page.
var situations = map[string]struct {
	situation session.Situation
	mail      session.Mail
	want      []string // what it says, among other things
}{
	"down": {
		session.Situation{Status: status(account("anna@libero.it", "italiaonline", watch.Down, watch.WhyAll, watch.Down, watch.Down, watch.Up, watch.Unknown)), Watches: true, Accounts: 1, At: at(26, 18)},
		session.Mail{Open: map[advice.Verdict]int{advice.Resend: 5, advice.Wait: 2}},
		[]string{"does not work", "Since 26 January 2023, 08:00", "Next check at 18:07", "Check now", "your password is fine as it is", "5 to send again", "2 may still arrive", "Outbox", "Drafts", "Webmail: works", "telephone"},
	},
	"up": {
		session.Situation{Status: status(account("anna@libero.it", "italiaonline", watch.Up, "")), Watches: true, Accounts: 1, At: at(26, 18)},
		session.Mail{Open: map[advice.Verdict]int{advice.Delivered: 9}},
		[]string{"works.", "nothing you need to do", "Nothing of your mail needs doing"},
	},
	"a wrong password": {
		session.Situation{Status: status(account("anna@libero.it", "italiaonline", watch.Suspect, watch.WhyPassword)), Watches: true, Accounts: 1, At: at(26, 18)},
		session.Mail{Reading: true},
		[]string{"type the new one under Accounts", "the numbers are coming"},
	},
	"offline": {
		session.Situation{Status: status(account("anna@libero.it", "italiaonline", watch.Offline, watch.WhyPortal)), Watches: true, Accounts: 1, At: at(26, 18)},
		session.Mail{Failed: true},
		[]string{"not connected to the internet", "page of its own in the browser", "there are no numbers"},
	},
	"no watcher":           {session.Situation{Watches: true, Accounts: 2, At: at(26, 18)}, session.Mail{}, []string{"keeping an eye", "open it again"}},
	"no accounts":          {session.Situation{Status: status(), Watches: true, At: at(26, 18)}, session.Mail{}, []string{"Add your mail account", "Try the demo", "Open a file or folder"}},
	"files only":           {session.Situation{Status: status(watch.AccountStatus{ID: "mail"}), Watches: true, Accounts: 1, At: at(26, 18)}, session.Mail{}, []string{"no provider whose service could be checked"}},
	"paused":               {session.Situation{Status: &watcher.Status{Status: watch.Status{Paused: true, Accounts: []watch.AccountStatus{account("anna@libero.it", "", watch.Up, "")}}}, Accounts: 1, At: at(26, 18)}, session.Mail{}, []string{"On pause", "go on from Rimbalzo's icon"}},
	"the demo":             {session.Situation{Demo: true, At: at(26, 10), Catalogue: outage.Builtin()}, session.Mail{Reading: true}, []string{"There is a known outage", "This is the demo", "Libero Mail and Virgilio Mail", "If your mailbox is one of these", "summed up in our words"}},
	"the demo, afterwards": {session.Situation{Demo: true, At: at(26, 10).AddDate(2, 0, 0), Catalogue: &outage.Catalogue{}}, session.Mail{}, []string{"No known outage at this moment"}},
	"an outage, no account": {
		session.Situation{At: at(26, 10), Watches: true, Status: status(), Catalogue: outage.Builtin()},
		session.Mail{},
		[]string{"There is a known outage", "Add your mail account", "If you write to these addresses"},
	},
}

func shown(p *Page) string {
	var b strings.Builder
	for _, text := range golden.Texts(p.Root()) {
		b.WriteString(text + " ")
	}
	return b.String()
}

func TestSituations(t *testing.T) {
	for name, tc := range situations {
		t.Run(name, func(t *testing.T) {
			test.NewTempApp(t).Settings().SetTheme(kit.NewLook())
			p := sample(words.New("en"), tc.situation, tc.mail)
			win := test.NewTempWindow(t, p.Root())
			win.Resize(golden.Room)
			for _, want := range tc.want {
				if got := shown(p); !strings.Contains(got, want) {
					t.Errorf("does not say %q, but %s", want, got)
				}
			}
		})
	}
}

func sample(w *words.Words, s session.Situation, mail session.Mail) *Page {
	e := session.Explainer{Words: w, Zone: rome, Sources: outage.Builtin().Sources}
	nothing := func() {}
	p := New(Params{Words: w, Copied: func(string) {}, OnCheck: func(string) {}, OnList: func(advice.Verdict) {}, OnOutage: nothing, OnAdd: nothing, OnFiles: nothing, OnDemo: nothing})
	p.Load(e.Now(s), mail)
	return p
}

func TestGolden(t *testing.T) {
	for name, fills := range map[string]map[golden.Fill]string{
		"now":   {golden.Empty: "no accounts", golden.Small: "down", golden.Full: "the demo"},
		"other": {golden.Empty: "no watcher", golden.Small: "the demo", golden.Full: "down"},
	} {
		golden.Page(t, name, func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
			tc := situations[fills[fill]]
			return sample(w, tc.situation, tc.mail).Root()
		})
	}
	golden.Page(t, "many", func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
		s := session.Situation{Watches: true, At: at(26, 18), Status: status()}
		for i := range map[golden.Fill]int{golden.Empty: 1, golden.Small: 12, golden.Full: 12}[fill] {
			s.Accounts++
			state := watch.Up
			if i%5 == 3 {
				state = watch.Flapping
			}
			s.Status.Accounts = append(s.Status.Accounts, account(fmt.Sprintf("casella.numero.%d@una.azienda.dal.nome.lungo.example", i), "", state, ""))
		}
		return sample(w, s, session.Mail{Open: map[advice.Verdict]int{}}).Root()
	})
}

// TestPressing: the buttons lead where they say, and the keys go to the first of them.
func TestPressing(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewLook())
	tc := situations["down"]
	p := sample(words.New("en"), tc.situation, tc.mail)
	var checked string
	var listed []advice.Verdict
	p.p.OnCheck, p.p.OnList = func(id string) { checked = id }, func(v advice.Verdict) { listed = append(listed, v) }
	win := test.NewTempWindow(t, p.Root())
	win.Resize(golden.Room)
	first, ok := p.First().(*kit.Pill)
	if !ok || first.Text != "5 to send again" {
		t.Fatalf("the keys go to %v", p.First())
	}
	first.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	for _, pill := range golden.Pills(p.Root()) {
		if pill.Text == "Check now" || pill.Text == "2 may still arrive" {
			pill.Tapped(nil)
		}
	}
	if checked != "anna@libero.it" || len(listed) != 2 || listed[0] != advice.Resend || listed[1] != advice.Wait {
		t.Errorf("checked %q, listed %v", checked, listed)
	}
	// While it may not be checked yet, there is no button but the time from which on it may.
	tc.situation.Status.Accounts[0].Hand = at(26, 19)
	e := session.Explainer{Words: words.New("en"), Zone: rome}
	n := e.Now(tc.situation)
	p.Load(n, tc.mail)
	if got := shown(p); !strings.Contains(got, "possible from 19:00") || !n.Again.Equal(at(26, 18).Add(7*time.Minute)) {
		t.Errorf("shows %s, and changes at %v", got, n.Again)
	}
}
