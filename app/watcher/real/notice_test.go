//go:build linux

package real

import (
	"encoding/json"
	"html"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rimbalzo/app/watcher/notice"
)

// kept is a notice as dunst remembers it, after its own reading of markup.
type kept struct{ Summary, Body string }

// noticeHistory gives what dunst has shown and put away, the newest first.
func (s *session) noticeHistory(t *testing.T) (list []kept) {
	t.Helper()
	s.run(t, "", "dunstctl", "close-all")
	var said struct {
		Data [][]map[string]struct{ Data any }
	}
	if err := json.Unmarshal([]byte(s.run(t, "", "dunstctl", "history")), &said); err != nil {
		t.Fatal(err)
	}
	for _, group := range said.Data {
		for _, n := range group {
			summary, _ := n["summary"].Data.(string)
			body, _ := n["body"].Data.(string)
			list = append(list, kept{summary, body})
		}
	}
	return list
}

// hostile are subjects that somebody may write in order to harm who is told of them.
var hostile = []struct{ name, text, shown string }{
	{"shell", "$(touch ran) `touch ran` ; touch ran", ""},
	{"quotes", `"double" 'single' \ back`, ""},
	{"markup", `<b>bold</b> <a href="file:///etc/passwd">x</a> <img src="x"/> &amp; &`, ""},
	{"unfinished markup", `<b <i> </u> &#x; &lt`, ""},
	{"direction", "abc \u202egpj.exe\u202c \u2066end\u2069", "abc gpj.exe end"},
	{"controls", "one\r\ntwo\x00three\x1b[31mfour\a", "one twothree[31mfour"},
	{"long", strings.Repeat("long ", 2000), strings.TrimSpace(strings.Repeat("long ", 60)[:299]) + "…"},
	{"percent", "%s %n %d {0} %COMSPEC%", ""},
}

// TestDesktopNotices has a real notification server show hostile text.
func TestDesktopNotices(t *testing.T) {
	slow(t, "Xvfb", "dbus-daemon", "dunst", "dunstctl", "xfce4-panel", "import")
	s := newSession(t)
	s.startPanel(t)
	for _, line := range s.env {
		if name, value, _ := strings.Cut(line, "="); name == "DBUS_SESSION_BUS_ADDRESS" {
			t.Setenv(name, value)
		}
	}
	d, err := notice.Open(notice.Params{ID: "io.github.rimbalzo.Rimbalzo", Name: "Rimbalzo"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, c := range hostile {
		if err := d.Show(t.Context(), notice.Notice{Key: c.name, Title: "Subject: " + c.name, Body: c.text, Urgent: true, Actions: []notice.Action{{ID: "open", Label: "Open"}}}); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
	}
	time.Sleep(time.Second) // it is drawn
	s.picture(t, "notices")
	shown := s.noticeHistory(t)
	for _, c := range hostile {
		want := c.shown
		if want == "" {
			want = c.text
		}
		i := slices.IndexFunc(shown, func(k kept) bool { return k.Summary == "Subject: "+c.name })
		if i < 0 {
			t.Errorf("%s is not shown", c.name)
			continue
		}
		if got := html.UnescapeString(shown[i].Body); got != want || !utf8.ValidString(got) {
			t.Errorf("%s is shown as %q, want %q", c.name, got, want)
		}
	}
	if _, err := os.Stat(s.in("ran")); err == nil {
		t.Error("a subject was run as a command")
	}

	// Two of one key: the second takes the place of the first.
	before := len(s.noticeHistory(t))
	for _, body := range []string{"seven", "eight"} {
		if err := d.Show(t.Context(), notice.Notice{Key: "bounces", Title: "Came back", Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	after := s.noticeHistory(t)
	if len(after) != before+1 || !slices.Contains(after, kept{"Came back", "eight"}) || slices.Contains(after, kept{"Came back", "seven"}) {
		t.Errorf("two notices of one key are kept as %v", after)
	}
}
