package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/outage"
)

// broken is the mail of two days in which a provider's servers deny addresses that worked a month before.
func broken(t *testing.T) (args []string) {
	t.Helper()
	for i := range 4 {
		sent := time.Date(2024, 5, 8, 9+i, 0, 0, 0, time.UTC)
		adapt := strings.NewReplacer("nonna@libero.it", fmt.Sprintf("nonna%d@tiscali.it", i), "smtp-in.libero.it", "smtp-in.tiscali.it", "<one@", fmt.Sprintf("<m%d@", i),
			"Wed, 25 Jan 2023 22:00:05 +0100", sent.Add(time.Minute).Format(time.RFC1123Z), "Wed, 25 Jan 2023 22:00:00 +0100", sent.Format(time.RFC1123Z))
		before := strings.NewReplacer(sent.Format(time.RFC1123Z), sent.AddDate(0, -1, 0).Format(time.RFC1123Z), "<m", "<early")
		args = append(args, "--sent", write(t, "s.eml", adapt.Replace(letter)), "--sent", write(t, "e.eml", before.Replace(adapt.Replace(letter))),
			"--inbox", write(t, "b.eml", adapt.Replace(refusal)))
	}
	return append(args, "--at", "2024-05-10 12:00")
}

func TestOutagesFind(t *testing.T) {
	mail := broken(t)
	got := run(t, "", append([]string{"outages", "find"}, mail...)...)
	c, problems := outage.Parse("found.toml", []byte(got.out))
	if got.status != exitDone || got.errors != "" || len(problems) > 0 || len(c.Outages) != 1 || c.Outages[0].ID != "found-tiscali-it-2024-05" {
		t.Fatalf("status %d, %q, problems %v in\n%s", got.status, got.errors, problems, got.out)
	}
	// The file can be kept: then it is the person's own catalogue, and there is nothing left to find.
	path := filepath.Join(t.TempDir(), "catalogue.toml")
	if got := run(t, "", append([]string{"outages", "find", "--output", path}, mail...)...); got.status != exitDone || got.out != "" {
		t.Fatalf("status %d, %q", got.status, got.out)
	}
	if got := run(t, "", append([]string{"outages", "find", "--data", filepath.Dir(path)}, mail...)...); got.out != "" || !strings.Contains(got.errors, "no outage") {
		t.Errorf("with the file kept: %q %q", got.out, got.errors)
	}
	for name, args := range map[string][]string{
		"found": mail,
		"kept":  append([]string{"--data", filepath.Dir(path)}, mail...),
	} {
		got := run(t, "", append([]string{"explain", "m1@fabbri.example"}, args...)...)
		if !strings.Contains(got.out, "false-refusals") || !strings.Contains(got.out, "comes from no catalogue") {
			t.Errorf("%s: the explanation does not say where the outage is from:\n%s", name, got.out)
		}
	}
}

func TestOutagesFindNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "found.toml")
	got := run(t, "", "outages", "find", "--sent", write(t, "s.eml", letter), "--inbox", write(t, "b.eml", refusal), "--at", "2023-01-26 18:00", "--output", path)
	if got.status != exitDone || got.out != "" || !strings.Contains(got.errors, "no outage") {
		t.Errorf("status %d, %q, %q", got.status, got.out, got.errors)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was written although there is nothing to say")
	}
}
