package store

import (
	"slices"
	"testing"
	"time"
)

// TestAccountsThatWereRead: each account is there with its last complete reading, one that was never read to its end without.
func TestAccountsThatWereRead(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	if list, err := s.Accounts(t.Context()); err != nil || len(list) != 0 {
		t.Fatalf("before anything was read: %v, %v", list, err)
	}
	since, at := time.Unix(1_670_000_000, 0), time.Unix(1_675_000_000, 0)
	must(t, begin(t, s, "zoe@x.example").Finish(t.Context(), Covered{Roles: []string{"inbox"}, Since: since, At: at}))
	begin(t, s, elena)
	list, err := s.Accounts(t.Context())
	must(t, err)
	if len(list) != 2 || list[0].Name != elena || !list[0].At.IsZero() {
		t.Fatalf("accounts %+v", list)
	}
	if z := list[1]; z.Name != "zoe@x.example" || !z.Since.Equal(since) || !z.At.Equal(at) || !slices.Equal(z.Roles, []string{"inbox"}) {
		t.Errorf("account %+v", z)
	}
}
