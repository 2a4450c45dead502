package board

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/url"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"rimbalzo/app/resend"
	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/demo"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/outage"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/review"
)

// demoPage shows the demo's mail, read from its server, which has the originals, too.
func demoPage(t *testing.T) (*Page, fyne.Window, *asked) {
	t.Helper()
	s, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	req := review.Request{
		IMAP: s.IMAPURL, Roots: s.CA, Password: func(context.Context) (string, error) { return s.Password, nil },
		Catalogue: outage.Builtin(), Zone: rome, Demo: true,
	}
	for _, m := range demo.Moments() {
		if m.Default {
			req.At = m.At
		}
	}
	r, err := review.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	b, win, a := shownPage(t, "en", 0)
	finder := resend.Finder{Words: b.Words, Servers: []mailbox.IMAPConfig{{
		URL: s.IMAPURL, Roots: s.CA, Password: func() (string, error) { return s.Password, nil },
		RoleOf: func(name string) mailbox.Role { return mailbox.Role(provider.Builtin().RoleOf(name)) },
	}}}
	b.Copies = func(ctx context.Context, c session.Chosen) ([]resend.Copy, error) {
		return finder.Copies(ctx, resend.Message{For: c.For, Known: c.Known, At: c.At})
	}
	b.Load(r, outage.Builtin().Sources)
	return b, win, a
}

// copied goes to the first message to send again now that suits, and has its copies made.
func copied(t *testing.T, b *Page, win fyne.Window, a *asked, suits func(*advice.Item) bool) {
	t.Helper()
	for _, it := range b.Sheet.Index.Items {
		if it.Verdict != advice.Resend || it.ResendWhen != advice.Now || !suits(it) {
			continue
		}
		b.Shown = it
		b.fill()
		b.Why.show(it)
		a.file.Reset()
		if b.Why.again.copies == nil { // those of the message in view stay
			tapButton(t, b.Why.body, "Make a copy ready to send")
			a.pump(t, func() bool { return b.Why.again.looking == nil })
		}
		if b.Why.again.failed != "" {
			t.Fatal(b.Why.again.failed)
		}
		win.Canvas().Focus(b.List)
		return
	}
	t.Fatal("the demo has no such message")
}

// TestCompleteCopy: the demo's original is fetched from its Sent folder, whole, and leaves the page as a file and as a link.
func TestCompleteCopy(t *testing.T) {
	b, win, a := demoPage(t)
	copied(t, b, win, a, func(it *advice.Item) bool {
		return len(b.Sheet.Index.Same(it)) == 1 && it.MessageID != "" && len(it.Bounces) > 0
	})
	shown := golden.Shown(b.Why.body)
	if !strings.Contains(shown, "Text and attachments are all there") || strings.Contains(shown, "not complete") {
		t.Errorf("shown is\n%s", shown)
	}
	tapPill(t, b.Why.body, "Save the copy")
	file := a.file.String()
	if a.err != nil || !strings.HasPrefix(a.saved, "send-again-") || !strings.Contains(file, "X-Unsent: 1\r\n") || !strings.Contains(file, b.Shown.Recipient) || strings.Contains(file, b.Shown.MessageID) {
		t.Errorf("saved as %q (%v):\n%s", a.saved, a.err, file)
	}
	if !strings.Contains(b.Why.again.copies[0].Folder, "Inviata") {
		t.Errorf("it was found in %q", b.Why.again.copies[0].Folder)
	}
	copied(t, b, win, a, func(it *advice.Item) bool { // the first of a short plain text
		if len(b.Sheet.Index.Same(it)) > 1 {
			return false
		}
		made, err := b.Copies(t.Context(), session.Chosen{For: []*advice.Item{it}, At: b.Report.At})
		if err != nil || len(made) != 1 {
			return false
		}
		_, ok := resend.MailTo(made[0])
		return ok
	})
	tapPill(t, b.Why.body, "Open in your mail")
	link, err := url.Parse(a.opened)
	if err != nil || link.Scheme != "mailto" || !strings.Contains(link.Opaque, b.Shown.Recipient) || link.Query().Get("subject") != b.Shown.Subject || link.Query().Get("body") == "" {
		t.Errorf("opened is %q (%v)", a.opened, err)
	}
	tapPill(t, b.Why.body, "Copy the link")
	if a.copied != a.opened {
		t.Errorf("copied is %q", a.copied)
	}
}

// TestSaveAll: where each of several hidden recipients gets a file of his own, all of them are saved at once, and a sheet says
// which is for whom.
func TestSaveAll(t *testing.T) {
	b, win, a := demoPage(t)
	hidden := map[string]int{}
	for _, it := range b.Sheet.Index.Items {
		if it.Verdict == advice.Resend && it.ResendWhen == advice.Now {
			hidden[it.MessageID]++
		}
	}
	copied(t, b, win, a, func(it *advice.Item) bool {
		if hidden[it.MessageID] < 2 {
			return false
		}
		made, err := b.Copies(t.Context(), session.Chosen{For: b.Sheet.Index.Same(it), At: b.Report.At})
		return err == nil && len(made) > 1
	})
	copies := b.Why.again.copies
	tapPill(t, b.Why.body, "Save all ")
	z, err := zip.NewReader(bytes.NewReader(a.file.Bytes()), int64(a.file.Len()))
	if a.err != nil || err != nil || !strings.HasSuffix(a.saved, ".zip") {
		t.Fatalf("saved as %q: %v, %v", a.saved, a.err, err)
	}
	if len(z.File) != len(copies)+1 {
		t.Errorf("%d files for %d copies", len(z.File), len(copies))
	}
	sheet := ""
	for i, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if i == len(copies) {
			sheet = string(text)
			continue
		}
		for _, other := range copies {
			for _, to := range other.To {
				if strings.Contains(string(text), to) != (other.Name == f.Name) {
					t.Errorf("%s and %s:\n%s", f.Name, to, text)
				}
			}
		}
	}
	for _, c := range copies {
		if !strings.Contains(sheet, c.Name) || !strings.Contains(sheet, c.To[0]) {
			t.Errorf("the sheet says nothing of %s for %v:\n%s", c.Name, c.To, sheet)
		}
	}
}
