package cli

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/ipc"
	"rimbalzo/internal/watch"
)

// TestTheWatcherKnowsOfTrouble: while a watcher sees the provider in trouble, a refused login is not taken for a wrong password,
// though no catalogue knows of it; another provider's trouble changes nothing.
func TestTheWatcherKnowsOfTrouble(t *testing.T) {
	s, args := demoAccount(t)
	add := append([]string{"add", "maria@libero.it", "--user", s.User, "--password-stdin", "--keep"}, args[1:]...)
	for operator, kept := range map[string]bool{"italiaonline": true, "aruba": false} {
		d := newDesk(t)
		d.now = time.Date(2024, 1, 24, 12, 0, 0, 0, time.UTC)
		server, err := ipc.Listen(d.data, "")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() {
			served <- server.Serve(ctx, func(context.Context, string, json.RawMessage) (any, error) {
				return watcher.Status{Status: watch.Status{Incidents: []watch.IncidentStatus{{ID: "x", Operator: operator}}}}, nil
			})
		}()
		got := d.run("wrong\n", add...)
		if _, is := d.keyring.kept["maria@libero.it"]; is != kept || strings.Contains(got.errors, "do not change it") != kept {
			t.Errorf("%s in trouble: kept %v, %+v", operator, is, got)
		}
		if kept {
			if got := d.run("", "test", "maria@libero.it"); got.status != exitFailed || !strings.Contains(got.errors, "do not change it") {
				t.Errorf("test: %+v", got)
			}
		}
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
}
