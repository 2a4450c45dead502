package checklist

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestForms compares every form in both languages with what was looked at and found good.
func TestForms(t *testing.T) {
	for _, lang := range words.Languages {
		for _, f := range Formats {
			t.Run(lang+"/"+string(f), func(t *testing.T) {
				r := sample(t)
				o := Options{Words: words.New(lang), Zone: rome(t), Ticks: new(Ticks)}
				o.Ticks.Set(&r.Items[2], r.At)
				o.Ticks.WriteNote(&r.Items[0], "Lucia ne ha già una copia, chiamarla prima.", r.At)
				got := written(t, f, r, o)
				path := filepath.Join("testdata", "january-"+lang+"."+string(f))
				if *update {
					if err := os.WriteFile(path, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("not as in %s (go test -update writes it anew); it is now\n%s", path, got)
				}
			})
		}
	}
}

// TestEmpty: a mailbox that no outage touched gives a sentence in every form, not a hole.
func TestEmpty(t *testing.T) {
	for _, lang := range words.Languages {
		w := words.New(lang)
		for _, f := range []Format{Text, Markdown, HTML} {
			r := Report{At: sample(t).At}
			got := string(written(t, f, r, Options{Words: w, Zone: rome(t)}))
			for _, id := range []string{"checklist.head.none", "checklist.first.none"} {
				if !strings.Contains(got, w.T(id)) {
					t.Errorf("%s in %s does not say %q:\n%s", f, lang, w.T(id), got)
				}
			}
			if strings.Contains(got, w.T("checklist.demo")) {
				t.Errorf("%s in %s says that it is a demonstration", f, lang)
			}
		}
	}
}

// TestNameless: a catalogue of the person's own may leave out every name and time; every form still comes out.
func TestNameless(t *testing.T) {
	r := sample(t)
	r.Outages = []OutageCount{{Outage: outage.Outage{Phases: make([]outage.Phase, 3)}}, {}}
	for _, f := range Formats {
		for _, width := range []int{-1, 0, 1, 80, 1 << 30} {
			got := written(t, f, r, Options{Width: width})
			if n := strings.Count(string(got), "lucia.ferri@libero.it"); n == 0 {
				t.Errorf("%s, %d columns: the message is missing", f, width)
			}
		}
	}
}

func TestWriteFails(t *testing.T) {
	if err := Write(new(bytes.Buffer), "xls", sample(t), Options{}); !errors.Is(err, ErrFormat) {
		t.Errorf("an unknown form gives %v", err)
	}
	full := errors.New("the disk is full")
	for _, f := range Formats {
		if err := Write(&fullDisk{after: 100, err: full}, f, many(t, 200), Options{}); !errors.Is(err, full) {
			t.Errorf("%s on a full disk gives %v", f, err)
		}
	}
}

// fullDisk takes a number of bytes and then fails.
type fullDisk struct {
	after int
	err   error
}

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.after -= len(p); d.after < 0 {
		return 0, d.err
	}
	return len(p), nil
}
