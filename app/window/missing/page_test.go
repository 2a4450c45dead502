package missing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/missing"
	"rimbalzo/internal/outage"
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

func january(day, hour int) time.Time { return time.Date(2023, 1, day, hour, 0, 0, 0, rome) }

const struck = "elena@libero.it"

// sample is a result with n messages that n people speak of, a newsletter that stopped, and a service that struck the address off.
func sample(t testing.TB, n int) missing.Result {
	t.Helper()
	o, ok := outage.Builtin().ByID("libero-2023-01")
	if !ok {
		t.Fatal("the catalogue has no libero-2023-01")
	}
	r := missing.Result{At: january(50, 9), Outages: []*outage.Outage{o}, Notes: []advice.Reason{{Rule: "no-sent"}}}
	if n == 0 {
		return r
	}
	r.Mailboxes = []string{struck}
	for i := range n {
		r.Findings = append(r.Findings, missing.Finding{
			Kind: missing.Named, Outage: o.ID, Mailbox: struck, Who: []string{fmt.Sprintf("amico%d@studio.example", i)}, Subject: "Preventivo per il tetto, con le foto",
			MessageID: fmt.Sprintf("%d@studio.example", i), From: january(24, 9), To: january(25, 18), Confidence: bounce.Likely,
			Reasons: []advice.Reason{{Rule: "named", Args: map[string]any{"Who": "paolo@studio.example", "Time": january(25, 18)}}, {Rule: "mailbox-struck", Args: map[string]any{"Mailbox": struck, "Name": o.Name}}},
		})
	}
	r.Findings = append(r.Findings, missing.Finding{
		Kind: missing.Gap, Outage: o.ID, Mailbox: struck, Who: []string{"gite@club.example"}, From: january(20, 9), To: january(30, 9), Count: 4, Confidence: bounce.Unsure,
		Reasons: []advice.Reason{{Rule: "rhythm", Args: map[string]any{"Who": "gite@club.example", "Every": 48 * time.Hour}}},
	}, missing.Finding{
		Kind: missing.StruckOff, Outage: o.ID, Mailbox: struck, Who: []string{"noreply@negozio.example"}, List: "offerte.negozio.example", From: january(22, 9), Confidence: bounce.Unsure,
		Reasons: []advice.Reason{{Rule: "false-refusal", Args: map[string]any{"Mailbox": struck}}},
	})
	return r
}

// shown is a page in a window, its findings there.
type shown struct {
	*Page
	ticks  *checklist.Ticks
	copied []string
	said   int
}

func opened(t *testing.T, lang string, r missing.Result, known bool, err error, size fyne.Size) *shown {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	s := &shown{ticks: &checklist.Ticks{}}
	s.Page = page(words.New(lang), s)
	win := test.NewTempWindow(t, s.Root())
	win.SetPadded(false)
	win.Resize(size)
	s.take(session.Explainer{Words: s.Words, Zone: rome}.Lacking(r), known, err)
	return s
}

func page(w *words.Words, s *shown) *Page {
	p := New(Params{
		Words: w, Zone: rome, Now: func() time.Time { return january(51, 9) }, Errands: session.NewErrands(func(func()) {}), Ticks: s.ticks,
		Find:   func(context.Context) (missing.Result, bool, error) { return missing.Result{}, false, nil },
		OnTick: func() { s.said++ }, Copied: func(text string) { s.copied = append(s.copied, text) },
		Explain: func(err error) string { return "Because " + err.Error() + "." },
	})
	p.Close()
	return p
}

func (s *shown) press(t *testing.T, text string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(s.Root()) {
		if p, ok := o.(*kit.Pill); ok && p.Visible() && p.Text == text {
			p.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
			return
		}
	}
	t.Fatalf("there is no %q in\n%s", text, golden.Shown(s.Root()))
}

func (s *shown) holds(t *testing.T, want ...string) {
	t.Helper()
	text := golden.Shown(s.Root())
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

var large = fyne.NewSize(1104, 1400)

// TestStory: from the overview to one correspondent, the text copied, and dealt with.
func TestStory(t *testing.T) {
	s := opened(t, "it", sample(t, 2), true, nil, large)
	s.holds(t, "4 segni di posta", "chiedi.", "La tua casella colpita: elena@libero.it", "non lascia tracce", "La posta inviata non è stata letta", "Copia i 3 indirizzi", "(Ccn)")
	s.press(t, "Copia i 3 indirizzi")
	if s.copied[0] != "amico0@studio.example, amico1@studio.example, gite@club.example" {
		t.Errorf("copied %q", s.copied)
	}
	s.list.Select(1)
	s.holds(t, "amico0@studio.example", "Preventivo per il tetto", "paolo@studio.example l'ha ricevuto", "A: amico0@studio.example", "Buongiorno,", "Grazie mille", "Rimbalzo non spedisce niente")
	s.press(t, "English")
	s.holds(t, "A: amico0@studio.example", "Thank you")
	s.press(t, "Copia il testo")
	if text := s.copied[1]; !strings.Contains(text, "Preventivo per il tetto") || !strings.Contains(text, "elena@libero.it") || !strings.HasSuffix(text, "\n") {
		t.Errorf("copied %q", text)
	}
	s.press(t, "Non serve")
	s.holds(t, "Hai detto che non serve", "Copia i 2 indirizzi")
	if s.said != 1 || s.lacking.Lacks[0].Said(s.ticks) != advice.SaidNotNeeded {
		t.Errorf("kept %d times as %q", s.said, s.lacking.Lacks[0].Said(s.ticks))
	}
	s.press(t, "Non serve")
	if s.lacking.Lacks[0].Said(s.ticks) != "" {
		t.Error("the same word a second time does not take it back")
	}
	s.press(t, "Ho chiesto")
	s.holds(t, "Hai chiesto")
}

// TestMachines: nobody is told to write to a machine.
func TestMachines(t *testing.T) {
	s := opened(t, "en", sample(t, 1), true, nil, large)
	s.list.Select(3)
	s.holds(t, "offerte.negozio.example", "may have struck you off", "A machine answers at this address", "does not exist")
	for _, o := range test.LaidOutObjects(s.Root()) {
		if p, ok := o.(*kit.Pill); ok && p.Text == "Copy the text" {
			t.Error("there is a text to send to a machine")
		}
	}
	s.press(t, "Not needed")
	if s.lacking.Lacks[2].Said(s.ticks) != advice.SaidNotNeeded || s.lacking.Lacks[1].Said(s.ticks) != "" {
		t.Error("the word was kept of something else")
	}
}

func TestEmpty(t *testing.T) {
	for name, tc := range map[string]struct {
		known bool
		err   error
		want  string
	}{
		"nothing read":  {false, nil, "Rimbalzo has to read a mailbox first"},
		"nothing found": {true, nil, "No sign was found of mail"},
		"failed":        {false, errors.New("the disk is full"), "Because the disk is full."},
	} {
		s := opened(t, "en", sample(t, 0), tc.known, tc.err, large)
		s.holds(t, tc.want)
		if s.copyAll.Visible() || s.bcc.Visible() || s.busy.Visible() {
			t.Errorf("%s: offers what is not there", name)
		}
		if tc.known {
			s.holds(t, "Your sent mail was not read", "leaves no trace")
		}
	}
}

// TestHostile: names and subjects of mail stay text, on one line, and in their order.
func TestHostile(t *testing.T) {
	r := sample(t, 1)
	r.Findings[0].Who = []string{"evil\u202e@studio.example\nBcc: all@studio.example"}
	r.Findings[0].Subject = "[x](https://evil.example)\u202e\n\x1b[2J" + strings.Repeat("long ", 10_000)
	r.Findings[0].Reasons = []advice.Reason{{Rule: "writer", Args: map[string]any{"Who": "a\u202e\nb"}}}
	s := opened(t, "en", r, true, nil, large)
	s.list.Select(1)
	text := golden.Shown(s.Root())
	if strings.ContainsAny(text, "\u202e\x1b\n") || !strings.Contains(text, "[x](https://evil.example)") || len(text) > 10_000 {
		t.Errorf("shows %d bytes\n%.3000s", len(text), text)
	}
	s.press(t, "Copy the address")
	if strings.ContainsAny(s.copied[0], "\n\u202e") {
		t.Errorf("copied %q", s.copied)
	}
}

// TestMany: a long list is shown at once, and its last line can be reached with the keys.
func TestMany(t *testing.T) {
	r := sample(t, 400)
	r.More = 7
	begin := time.Now()
	s := opened(t, "it", r, true, nil, fyne.NewSize(1104, 700))
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	s.holds(t, "409 segni", "Altri 7 qui non sono elencati.")
	s.list.Select(len(s.lacking.Lacks))
	s.holds(t, "offerte.negozio.example")
}

// TestNewFindings: what is in view stays in view when the findings come anew, and in a page built anew.
func TestNewFindings(t *testing.T) {
	s := opened(t, "it", sample(t, 2), true, nil, large)
	s.list.Select(2)
	s.press(t, "English")
	r := sample(t, 5)
	s.take(session.Explainer{Words: s.Words, Zone: rome}.Lacking(r), true, nil)
	if s.State() != (State{"amico1@studio.example", "en"}) {
		t.Errorf("in view is %+v", s.State())
	}
	again := opened(t, "en", missing.Result{}, false, nil, large)
	again.Restore(s.State())
	again.take(session.Explainer{Words: again.Words, Zone: rome}.Lacking(r), true, nil)
	again.holds(t, "To: amico1@studio.example")
}

func TestGolden(t *testing.T) {
	golden.Page(t, "missing", func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
		s := &shown{ticks: &checklist.Ticks{}}
		p := page(w, s)
		r := sample(t, map[golden.Fill]int{golden.Empty: 0, golden.Small: 2, golden.Full: 40}[fill])
		p.take(session.Explainer{Words: w, Zone: rome}.Lacking(r), true, nil)
		if fill == golden.Full {
			p.lacking.Lacks[1].Say(s.ticks, advice.SaidNotNeeded, january(50, 10))
			p.list.Select(1)
		}
		return p.Root()
	})
}
