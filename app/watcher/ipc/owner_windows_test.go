package ipc

import (
	"testing"

	"github.com/Microsoft/go-winio"
)

// TestThePersonOwnsTheLine: also where the program runs as administrator, whose things belong to a group otherwise.
func TestThePersonOwnsTheLine(t *testing.T) {
	data := t.Name()
	path, sid, err := place(data)
	if err != nil {
		t.Fatal(err)
	}
	ln, release, err := listen(data)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	defer ln.Close()
	conn, err := winio.DialPipeContext(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := ownedBy(conn, sid); err != nil {
		t.Error(err)
	}
}
