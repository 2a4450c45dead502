//go:build unix

package mailbox

import (
	"cmp"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the moments are Italy's
)

// TestDovecotTellsTheSame loads rehearsed mailboxes into a real Dovecot, as they were at one moment after another, and has the real
// program report on each as an account, of which it reads what is new, and as files, which it reads whole: every verdict, with
// its proof and its reasons, is the same. So it is for an account that is read for the first time at the end.
func TestDovecotTellsTheSame(t *testing.T) {
	if os.Getenv("RIMBALZO_SLOW") == "" {
		t.Skip("a slow test: set RIMBALZO_SLOW=1 to run the real program with a real Dovecot")
	}
	archive := filepath.Join(moduleRoot(t), "..", "shared", "rehearsal", "scenarios.tar.xz")
	if _, err := os.Stat(archive); err != nil {
		t.Skip("the rehearsed mailboxes are not beside the project:", err)
	}
	dir := t.TempDir()
	if out, err := exec.Command("tar", "-xJf", archive, "-C", dir).CombinedOutput(); err != nil {
		t.Skipf("unpacking the rehearsed mailboxes (tar and xz are needed): %v\n%s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*", "truth.json"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no rehearsed mailbox in the archive: %v", err)
	}
	a, p := newAuthority(t), buildProgram(t)
	ca := filepath.Join(p.home, "ca.pem")
	write(t, ca, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})))
	for _, truth := range found {
		t.Run(filepath.Base(filepath.Dir(truth)), func(t *testing.T) {
			r := rehearsal{program: p, server: startDovecot(t, a), ca: ca, from: filepath.Join(filepath.Dir(truth), "Maildir")}
			for _, at := range momentsOf(t, truth) {
				r.arrive(t, at)
				r.compare(t, "followed", at)
			}
			r.compare(t, "at once", momentsOf(t, truth)[2])
		})
	}
}

// rehearsal is one rehearsed mailbox on its way into a server.
type rehearsal struct {
	program  *program
	server   *dovecot
	ca, from string
}

func momentsOf(t *testing.T, truth string) (moments []time.Time) {
	t.Helper()
	text, err := os.ReadFile(truth)
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ Nows []string }
	if err := json.Unmarshal(text, &said); err != nil {
		t.Fatal(err)
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	for _, now := range said.Nows {
		at, err := time.ParseInLocation("2006-01-02 15:04", now, rome)
		if err != nil {
			t.Fatal(err)
		}
		moments = append(moments, at)
	}
	return moments
}

// arrive puts into the server's mail what had arrived by a moment and is not there yet, as a message that came is put: in "new".
func (r *rehearsal) arrive(t *testing.T, at time.Time) {
	t.Helper()
	if err := os.MkdirAll(r.server.mail, 0o755); err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, m := range r.server.messages(t) {
		path, _, _ := strings.Cut(m, " ")
		name, _, _ := strings.Cut(filepath.Base(path), ":")
		there[name] = true
	}
	err := filepath.WalkDir(r.from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		within, err := filepath.Rel(r.from, path)
		if err != nil {
			return err
		}
		if e.IsDir() {
			to := filepath.Join(r.server.mail, filepath.Dir(within))
			if filepath.Base(within) != "cur" {
				return nil
			}
			return errors.Join(os.MkdirAll(filepath.Join(to, "cur"), 0o755), os.MkdirAll(filepath.Join(to, "new"), 0o755), os.MkdirAll(filepath.Join(to, "tmp"), 0o755))
		}
		info, err := e.Info()
		name, _, _ := strings.Cut(e.Name(), ":")
		if err != nil || info.ModTime().After(at) || there[name] {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		to := filepath.Join(r.server.mail, filepath.Dir(filepath.Dir(within)), "new", name)
		if err := os.WriteFile(to, text, 0o600); err != nil {
			return err
		}
		return os.Chtimes(to, info.ModTime(), info.ModTime())
	})
	if err != nil {
		t.Fatal(err)
	}
	r.server.handOver(t)
}

// compare has the program report on the account, remembered under a name, and on the files.
func (r *rehearsal) compare(t *testing.T, name string, at time.Time) {
	t.Helper()
	data := filepath.Join(r.program.home, filepath.Base(r.server.dir), name)
	if _, err := os.Stat(data); err != nil {
		host := "localhost:" + r.server.imaps
		out := r.program.run(t, testPassword+"\n", nil, 0, "account", "add", testUser, "--data", data, "--imap", host, "--ca", r.ca, "--password-stdin")
		if _, err := os.Stat(filepath.Join(data, "accounts.toml")); err != nil {
			t.Fatalf("setting the account up: %v\n%s", err, out)
		}
	}
	report := []string{"report", "--at", at.Format(time.RFC3339), "--format", "json", "--data"}
	account := r.verdicts(t, append(report, data, "--account", testUser, "--password-stdin"))
	files := r.verdicts(t, append(report, data+"-files", "--mailbox", r.server.mail))
	if len(files) < 10 {
		t.Errorf("%v: only %d verdicts to compare", at, len(files))
	}
	for i := range max(len(account), len(files)) {
		if i >= len(account) || i >= len(files) || account[i] != files[i] {
			t.Fatalf("%s, %v: %d and %d verdicts\nthe account: %s\nthe files:   %s", name, at, len(account), len(files),
				cmp.Or(strings.Join(account[min(i, len(account)):min(i+1, len(account))], ""), "none"),
				cmp.Or(strings.Join(files[min(i, len(files)):min(i+1, len(files))], ""), "none"))
		}
	}
}

// verdicts are a report's, in order; only where a notice lies is left out.
func (r *rehearsal) verdicts(t *testing.T, args []string) (list []string) {
	t.Helper()
	text := filepath.Join(r.program.home, "report.json")
	out := r.program.run(t, testPassword+"\n", nil, 0, append(args, "--output", text)...)
	written, err := os.ReadFile(text)
	if err != nil {
		t.Fatalf("%v: %s", args, out)
	}
	if err := os.Remove(text); err != nil {
		t.Fatal(err)
	}
	var said struct {
		Items, Unreadable []map[string]any
		NotYours          []map[string]any `json:"not_yours"`
	}
	if err := json.Unmarshal(written, &said); err != nil {
		t.Fatal(err)
	}
	for kind, items := range map[string][]map[string]any{"yours": said.Items, "not yours": said.NotYours, "unreadable": said.Unreadable} {
		for _, item := range items {
			delete(item, "source")
			if bounces, ok := item["bounces"].([]any); ok {
				for _, b := range bounces {
					delete(b.(map[string]any), "source")
				}
			}
			line, err := json.Marshal(item)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, fmt.Sprintf("%s %s", kind, line))
		}
	}
	slices.Sort(list)
	return list
}
