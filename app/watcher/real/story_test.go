//go:build linux

package real

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// story is what a person goes through, and what she has before her.
type story struct {
	person
	exe, owner, address, ca, submission string
}

// TestStory is a person's whole way through the program, from a computer that has never seen it to a notice that brings the
// window back: with the keys alone, before a real IMAP server and a real submission server.
func TestStory(t *testing.T) {
	slow(t, "Xvfb", "dbus-daemon", "gnome-keyring-daemon", "dunst", "dunstctl", "xfce4-panel", "openbox", "xdotool", "import", "xwininfo")
	s := newSession(t)
	p := &story{person: person{session: s, t: t}, exe: program(t, "1")}
	s.start(t, "", nil, "openbox")
	s.startPanel(t)
	s.startKeyring(t)
	p.address, p.ca = s.startDovecot(t)
	p.owner = fillMailbox(t, p.address, p.ca)
	p.submission = s.startExim(t, p.ca, p.owner)

	first := s.start(t, "", nil, p.exe)
	t.Cleanup(s.endOwn) // the window starts a watcher that outlives it
	t.Cleanup(func() {
		if t.Failed() {
			p.look("where-it-stopped")
		}
	})
	p.front()
	p.addAccount()
	p.readsOn()
	p.watchesSubmission()
	p.worksTheList()
	p.makesCopy()
	p.exports()
	p.visitsAll("english")
	p.chooses()
	p.visitsAll("italian-light")

	p.press("alt+F4")
	<-first.ended
	if v, ok := s.status(p.exe); !ok || len(v.Accounts) != 2 || len(s.items()) != 1 {
		t.Fatalf("with the window closed: %+v, %t, %d icons", v, ok, len(s.items()))
	}
	p.look("closed-to-the-tray")
	p.isTold()
}

// addAccount goes through the first start to an account whose servers nobody knows.
func (p *story) addAccount() {
	p.look("welcome")
	p.press("space")
	p.look("where-is-your-mail")
	p.press("space")
	p.write(p.owner)
	p.press("Return")
	p.write(mailPassword)
	p.press("Return")
	p.look("ask-on-the-internet")
	p.press("Tab", "space") // no: she types
	p.look("type-the-server")
	host, port, _ := strings.Cut(p.address, ":")
	p.write(host)
	p.press("3 Tab")
	p.write(port)
	p.press("4 shift+Tab", "space") // past security, user and server, up to the second header
	p.press("4 shift+Tab")          // the toolkit's header lets the keys go; from the end: try, back, choose a file, the text
	pem, err := os.ReadFile(p.ca)
	if err != nil {
		p.t.Fatal(err)
	}
	p.write(string(pem))
	p.look("everything-typed")
	p.press("7 shift+Tab", "Return") // the password again
	until(p.t, "an account that is kept", time.Minute, func() bool {
		text, err := os.ReadFile(p.in("config/rimbalzo/accounts.toml"))
		return err == nil && strings.Contains(string(text), p.owner)
	})
	p.look("what-happens-next")
}

// readsOn goes on to how things are, which the watcher has to know by then.
func (p *story) readsOn() {
	p.press("space")
	until(p.t, "an account that works", 5*time.Minute, func() bool {
		v, ok := p.status(p.exe)
		return ok && len(v.Accounts) == 1 && v.Accounts[0].State == "up"
	})
	until(p.t, "mail that was read", 2*time.Minute, func() bool { return p.items() > 50 })
	p.look("now")
}

// items gives how many lines the watcher's list of the account has.
func (p *story) items() int {
	if v, ok := p.status(p.exe); ok && len(v.Accounts) > 0 {
		return v.Accounts[0].Items
	}
	return -1
}

// watchesSubmission has the outgoing server watched too. The window has no field for it, so this is done on the command line.
func (p *story) watchesSubmission() {
	p.run(p.t, "", p.exe, "account", "add", "--watch", "outgoing", "--smtp", p.submission, "--ca", p.ca)
	until(p.t, "both servers at work", 5*time.Minute, func() bool {
		v, ok := p.status(p.exe)
		return ok && len(v.Accounts) == 2 && v.Accounts[0].State == "up" && v.Accounts[1].State == "up"
	})
	p.look("now-with-submission")
}

// worksTheList ticks a message, writes a note on it, and looks for another.
func (p *story) worksTheList() {
	p.press("ctrl+2")
	p.look("checklist")
	p.press("2 Down", "space")
	p.look("ticked")
	p.press("n")
	p.write("Called on Monday")
	p.look("note")
	p.press("2 Tab", "space")
	p.look("noted")
	until(p.t, "a tick and a note that are kept", 30*time.Second, func() bool {
		p.run(p.t, "", p.exe, "marks", "export", p.in("marks.json"))
		marks, err := os.ReadFile(p.in("marks.json"))
		return err == nil && bytes.Contains(marks, []byte("Called on Monday")) && bytes.Contains(marks, []byte(`"on": true`))
	})
	p.press("ctrl+f")
	p.write("quota")
	time.Sleep(time.Second)
	p.look("searched")
	p.press("ctrl+a", "BackSpace", "Return")
}

// makesCopy reads why, and makes a copy that is ready to be sent.
func (p *story) makesCopy() {
	p.press("Home", "Return")
	p.look("why")
	p.press("5 Tab", "space") // dealt with, arrived, not needed, note, copy
	time.Sleep(5 * time.Second)
	p.look("copy")
	p.press("5 Tab", "space")
	p.look("save-the-copy")
	p.press("Return")
	text := p.saved(".eml")
	if !bytes.Contains(text, []byte("X-Unsent: 1\r\n")) || bytes.Contains(text, []byte("Received:")) || !bytes.Contains(text, []byte("From: \"Elena")) {
		p.t.Errorf("the copy reads\n%.2000s", text)
	}
	p.look("copy-saved")
	p.press("Escape")
}

// exports writes the list as a page and as a table.
func (p *story) exports() {
	p.press("ctrl+e")
	p.look("export")
	p.press("shift+Tab", "space") // the first form, and on
	p.look("export-where")
	p.press("Return")
	page := p.saved(".html")
	if !bytes.Contains(page, []byte("Called on Monday")) || bytes.Contains(page, []byte("<script")) {
		p.t.Errorf("the page lacks the note, or has a script in it: %d bytes", len(page))
	}
	p.look("exported")
	p.press("Escape", "ctrl+e", "2 Tab", "space") // the second form
	p.look("export-as-a-table")
	p.press("8 Tab", "space") // past the others and Cancel
	p.look("export-the-table-where")
	p.press("Return")
	table := p.saved(".csv")
	if !bytes.HasPrefix(table, []byte("\xef\xbb\xbf")) || bytes.Count(table, []byte("\r\n")) < 80 {
		p.t.Errorf("the table begins %.100q", table)
	}
	p.press("Escape")
}

// saved waits for the file of an ending that the person has saved, wherever the dialog put it.
func (p *story) saved(ending string) (text []byte) {
	p.t.Helper()
	until(p.t, "saved as "+ending, 30*time.Second, func() bool {
		err := fs.WalkDir(os.DirFS(p.home), ".", func(path string, _ fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ending {
				text, err = os.ReadFile(p.in(path))
			}
			return err
		})
		return err == nil && len(text) > 0
	})
	time.Sleep(6 * time.Second) // on two busy cores the word that it is done has been seen to take more than three
	return text
}

// visitsAll opens every page of the rail.
func (p *story) visitsAll(how string) {
	for _, place := range []struct{ key, name string }{
		{"ctrl+1", "now"},
		{"ctrl+2", "checklist"},
		{"ctrl+3", "outage"},
		{"ctrl+4", "missing"},
		{"ctrl+5", "accounts"},
		{"ctrl+6", "settings"},
		{"ctrl+7", "connections"},
		{"ctrl+8", "log"},
		{"F1", "help"},
		{"ctrl+9", "about"},
	} {
		p.press(place.key)
		p.look(how + "-" + place.name)
	}
}

// chooses has the window speak Italian, and in light colours.
func (p *story) chooses() {
	p.press("ctrl+6", "Tab", "space")
	kept := func(line string) func() bool {
		return func() bool {
			text, err := os.ReadFile(p.in("config/rimbalzo/settings.toml"))
			return err == nil && strings.Contains(string(text), line)
		}
	}
	until(p.t, "Italian chosen", 30*time.Second, kept("language = \"it\""))
	p.press("3 Tab", "space")
	until(p.t, "light chosen", 30*time.Second, kept("theme = \"light\""))
}

// isTold has a message come back: a notice tells of it, and brings the window.
func (p *story) isTold() {
	before := p.items()
	deliverTo(p.t, filepath.Join(filepath.Dir(p.ca), "mail"), p.owner, 7)
	until(p.t, "a notice", 12*time.Minute, func() bool { return strings.TrimSpace(p.run(p.t, "", "dunstctl", "count", "displayed")) == "1" })
	p.look("notice")
	if told := p.noticeHistory(p.t); !strings.Contains(told[0].Summary+told[0].Body, "libero.it") {
		p.t.Errorf("told: %q", told)
	}
	p.run(p.t, "", "dunstctl", "history-pop")
	p.run(p.t, "", "dunstctl", "action")
	p.front()
	p.look("back-by-the-notice")
	if now := p.items(); now != before+1 {
		p.t.Errorf("the list has %d lines, and had %d", now, before)
	}
	p.press("ctrl+2", "ctrl+f")
	p.write("friend7")
	time.Sleep(time.Second)
	p.look("what-came-back")
}
