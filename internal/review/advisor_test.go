package review

import (
	"encoding/json"
	"math/rand"
	"path/filepath"
	"testing"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
)

// TestAnAdvisorKeepsUpWithRehearsals: mail that comes in piece by piece, in time or not, leads to the advice of all mail read at once.
func TestAnAdvisorKeepsUpWithRehearsals(t *testing.T) {
	for n, truth := range rehearsals(t) {
		all := nows(t, truth)
		req := Request{Mailboxes: []string{filepath.Join(filepath.Dir(truth), "Maildir")}, At: all[len(all)-1], Zone: rome(t), Catalogue: outage.Builtin()}
		g, err := req.gather(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		rest := g.ev
		rest.Sent, rest.Reports, rest.Incoming = nil, nil, nil
		rng := rand.New(rand.NewSource(int64(n)))
		var pieces []advice.Piece
		keep := func(i, of int) bool { return i < of*2/3 }
		for i, o := range g.ev.Sent {
			if keep(i, len(g.ev.Sent)) {
				rest.Sent = append(rest.Sent, o)
			} else {
				pieces = append(pieces, o)
			}
		}
		for i, r := range g.ev.Reports {
			if keep(i, len(g.ev.Reports)) {
				rest.Reports = append(rest.Reports, r)
			} else {
				pieces = append(pieces, r)
			}
		}
		for i, in := range g.ev.Incoming {
			if keep(i, len(g.ev.Incoming)) {
				rest.Incoming = append(rest.Incoming, in)
			} else {
				pieces = append(pieces, in)
			}
		}
		rng.Shuffle(len(pieces), func(i, j int) { pieces[i], pieces[j] = pieces[j], pieces[i] })
		advisor := advice.NewAdvisor(rest)
		advisor.Result()
		for i, p := range pieces {
			advisor.Add(p)
			if i%7 == 0 {
				advisor.Result()
			}
		}
		if got, want := written(t, advisor.Result()), written(t, advice.Advise(g.ev)); got != want {
			t.Errorf("%s: piece by piece the advice is\n%s\nand at once\n%s", truth, got, want)
		}
	}
}

func written(t *testing.T, r advice.Result) string {
	t.Helper()
	data, err := json.Marshal(r.Items)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
