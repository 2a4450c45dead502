package review

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/outage"
)

// rehearsals unpacks the rehearsed mailboxes: delivery times are the files' own, which tar keeps.
func rehearsals(t *testing.T) []string {
	t.Helper()
	archive := ""
	for dir := "."; len(dir) < 40; dir = filepath.Join("..", dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			archive = filepath.Join(dir, "..", "shared", "rehearsal", "scenarios.tar.xz")
			break
		}
	}
	if _, err := os.Stat(archive); err != nil {
		t.Skip("the rehearsed mailboxes are not beside the project")
	}
	to := t.TempDir()
	if out, err := exec.Command("tar", "-xJf", archive, "-C", to).CombinedOutput(); err != nil {
		t.Skipf("tar cannot unpack the rehearsed mailboxes here: %v %s", err, out)
	}
	list, err := filepath.Glob(filepath.Join(to, "*", "truth.json"))
	if err != nil || len(list) == 0 {
		list, err = filepath.Glob(filepath.Join(to, "*", "*", "truth.json"))
	}
	if err != nil || len(list) == 0 {
		t.Fatalf("no mailbox in the archive: %v", err)
	}
	return list
}

// nows are the moments at which a rehearsal is looked at.
func nows(t *testing.T, truth string) []time.Time {
	t.Helper()
	data, err := os.ReadFile(truth)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Nows []string `json:"nows"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	var list []time.Time
	for _, s := range file.Nows {
		list = append(list, request(t, s).At)
	}
	return list
}

func reviewed(t *testing.T, req Request) checklist.Report {
	t.Helper()
	r, err := Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestDiscoveryStandsInForTheCatalogue: without a catalogue, what the bounces themselves show leads to the same verdicts. At
// a moment at which nothing has come back yet, nothing can be shown; there are few of those.
func TestDiscoveryStandsInForTheCatalogue(t *testing.T) {
	items, same, moments, dark := 0, 0, 0, 0
	for _, truth := range rehearsals(t) {
		mail := filepath.Join(filepath.Dir(truth), "Maildir")
		for _, at := range nows(t, truth) {
			req := Request{Mailboxes: []string{mail}, At: at, Zone: rome(t), Catalogue: outage.Builtin(), Discover: true}
			known := reviewed(t, req)
			if len(known.Found) > 0 {
				t.Errorf("%s at %s: found %s beside the catalogue that knows it", mail, at, known.Found[0].ID)
			}
			req.Catalogue = &outage.Catalogue{}
			blind := reviewed(t, req)
			moments++
			if len(blind.Found) == 0 {
				dark++
				if n := failing(blind); n > 2 {
					t.Errorf("%s at %s: %d addresses fail and no outage is found", mail, at, n)
				}
				continue
			}
			items += len(known.Items)
			same += equal(known, blind)
		}
	}
	t.Logf("%d of %d verdicts are the same, at %d of %d moments; at the others nothing has come back yet", same, items, moments-dark, moments)
	if same*100 < items*95 || dark*5 > moments {
		t.Error("owed are 95 in 100, and an outage found at 4 of 5 moments")
	}
}

// equal counts the items with the same verdict; one that is missing is not the same.
func equal(known, blind checklist.Report) int {
	got, n := map[string]advice.Verdict{}, 0
	key := func(i *advice.Item) string { return i.MessageID + " " + i.Recipient + " " + i.SentAt.String() }
	for i := range blind.Items {
		got[key(&blind.Items[i])] = blind.Items[i].Verdict
	}
	for i := range known.Items {
		if got[key(&known.Items[i])] == known.Items[i].Verdict {
			n++
		}
	}
	return n
}

// failing counts the addresses of which a bounce tells.
func failing(r checklist.Report) int {
	addresses := map[string]bool{}
	for i := range r.Items {
		if len(r.Items[i].Bounces) > 0 {
			addresses[r.Items[i].Recipient] = true
		}
	}
	return len(addresses)
}

// TestFoundOutageShows: what was found stands among the outages, and its advice counts.
func TestFoundOutageShows(t *testing.T) {
	req := request(t, "2024-05-10 12:00")
	req.Discover = true
	for i := range 4 {
		id, to := fmt.Sprintf("m%d", i), fmt.Sprintf("nonna%d@tiscali.it", i)
		sent := time.Date(2024, 5, 8, 9+i, 0, 0, 0, rome(t))
		req.Sent = append(req.Sent, file(t, "s.eml", text(letter(id, to, sent.Format(time.RFC1123Z), ""))))
		early := sent.AddDate(0, -1, 0)
		req.Sent = append(req.Sent, file(t, "e.eml", text(letter("early"+id, to, early.Format(time.RFC1123Z), ""))))
		req.Inbox = append(req.Inbox, file(t, "b.eml", text(strings.ReplaceAll(
			refusal(id, to, sent.Format(time.RFC1123Z), sent.Add(time.Minute).Format(time.RFC1123Z), "550 <"+to+"> user unknown"), "smtp-in.libero.it", "smtp-in.tiscali.it"))))
	}
	for name, tc := range map[string]struct {
		discover bool
		want     advice.Verdict
		found    int
	}{
		"found":          {true, advice.Resend, 1},
		"not looked for": {false, advice.Fix, 0},
	} {
		req.Discover = tc.discover
		r := reviewed(t, req)
		if got := verdicts(r)["m1@fabbri.example nonna1@tiscali.it"]; got != tc.want || len(r.Found) != tc.found || len(r.Outages) != tc.found {
			t.Errorf("%s: %q with %d found and %d shown, want %q with %d", name, got, len(r.Found), len(r.Outages), tc.want, tc.found)
		}
	}
	req.Discover = true
	var page strings.Builder
	if err := checklist.Write(&page, checklist.Text, reviewed(t, req), checklist.Options{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), "No catalogue knows this outage") {
		t.Errorf("the list does not say that nobody catalogued it:\n%s", page.String())
	}
}
