package review

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/missing"
)

// correspondence writes what Nonna, whose mailbox was struck, exchanged with Paolo: many whole conversations, and one of
// which the first two messages are hers and known, the third never came and the fourth goes on from it.
func correspondence() (inbox, sent string) {
	var in, out strings.Builder
	message := func(w io.Writer, from, to, date, id, more string) {
		_, _ = fmt.Fprintf(w, "From x@y.example Mon Jan 30 10:00:00 2023\nFrom: %s\nTo: %s\nDate: %s\nMessage-ID: <%s>\nSubject: Re: Torta\n%s\nCiao.\n\n", from, to, date, id, more)
	}
	for i := range 60 {
		at := time.Date(2022, 10, 1+i, 10, 0, 0, 0, time.UTC).Format(time.RFC1123Z)
		q, a := fmt.Sprintf("q%d@studio.example", i), fmt.Sprintf("a%d@libero.it", i)
		message(&in, "paolo@studio.example", "nonna@libero.it", at, q, "Delivered-To: nonna@libero.it\n")
		message(&out, "nonna@libero.it", "paolo@studio.example", at, a, "In-Reply-To: <"+q+">\nReferences: <"+q+">\n")
	}
	message(&out, "nonna@libero.it", "paolo@studio.example", "Sun, 22 Jan 2023 18:00:00 +0100", "mine@libero.it", "")
	message(&in, "Paolo <paolo@studio.example>", "Nonna <nonna@libero.it>", "Mon, 30 Jan 2023 09:59:00 +0100", "after@studio.example",
		"In-Reply-To: <Lost@Studio.Example>\nReferences: <mine@libero.it>\n <Lost@Studio.Example>\n")
	return in.String(), out.String()
}

func TestMissingFromFiles(t *testing.T) {
	in, out := correspondence()
	spam := strings.ReplaceAll(in[strings.LastIndex(in, "From x@y"):], "Lost@", "Spam@")
	req := request(t, "2023-02-20 12:00")
	req.Inbox, req.Sent, req.Junk = []string{file(t, "in.mbox", text(in))}, []string{file(t, "out.mbox", text(out))}, []string{file(t, "junk.mbox", text(spam))}
	r, err := Missing(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || fmt.Sprint(r.Mailboxes) != "[nonna@libero.it]" || len(r.Unreadable) != 0 {
		t.Fatalf("found %+v", r)
	}
	f := r.Findings[0]
	if f.Kind != missing.Named || f.MessageID != "Lost@Studio.Example" || f.Who[0] != "paolo@studio.example" || f.Confidence != "likely" || f.Source != req.Inbox[0]+"#61" {
		t.Errorf("found %+v", f)
	}
	// The folder with the message in it, wherever it is, settles it.
	there := "From: paolo@studio.example\nTo: nonna@libero.it\nDate: Tue, 24 Jan 2023 10:00:00 +0100\nMessage-ID: <lost@studio.example>\nSubject: Re: Torta\n\nEcco.\n"
	req.Junk = append(req.Junk, file(t, "found.eml", text(there)))
	if r, err := Missing(t.Context(), req); err != nil || len(r.Findings) != 0 {
		t.Errorf("it is there, and still: %+v, %v", r.Findings, err)
	}
	req.Inbox = []string{"/no/such/file"}
	if _, err := Missing(t.Context(), req); !errors.Is(err, mailbox.ErrMissing) {
		t.Errorf("got %v, want that the file is missing", err)
	}
}

func TestListsAreKnownByTheirID(t *testing.T) {
	for value, want := range map[string]string{
		"Gita <Gita.Liste.Example>": "gita.liste.example", "gita.liste.example": "gita.liste.example", "": "",
		`"Gite <vecchie>" <gita.liste.example>`: "gita.liste.example",
	} {
		if got := listID(readHeader([]byte("List-Id: " + value + "\n"))); got != want {
			t.Errorf("%q gives %q, want %q", value, got, want)
		}
	}
}
