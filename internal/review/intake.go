package review

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/store"
)

// wholeBytes is the size up to which a message is held in memory and looked at beside others; a longer one is streamed.
const wholeBytes = 256 << 10

// intake turns messages into records. One goroutine hands messages in; several look at them.
type intake struct {
	at      time.Time // what came later is ignored; zero for "nothing is"
	zone    *time.Location
	pending sync.WaitGroup // messages that are being looked at
	buffers sync.Pool
	mu      sync.Mutex
	records []store.Record
	own     []string // the mailbox's own addresses
}

// put files what one message says.
func (in *intake) put(m mailbox.Message, r store.Record, own string) {
	r.Place, r.Validity, r.UID, r.Key, r.Source = m.Folder, m.Validity, m.UID, m.Key, m.Source
	r.Digest, r.Copy = m.Digest, m.Role == mailbox.RoleAll
	in.mu.Lock()
	defer in.mu.Unlock()
	in.records = append(in.records, r)
	in.own = appendNew(in.own, own)
}

// taken hands over what was filed since it was last called; nobody is looking at a message meanwhile.
func (in *intake) taken() (records []store.Record, own []string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	records, own = in.records, in.own
	in.records, in.own = nil, nil
	return records, own
}

// late reports whether something came after the moment.
func (in *intake) late(at time.Time) bool { return !in.at.IsZero() && at.After(in.at) }

// piece is one message on its way: its beginning, and the rest where there is more.
type piece struct {
	mailbox.Message
	head []byte
	rest io.Reader
}

// read takes the beginning of a message, or all of it.
func (in *intake) read(m mailbox.Message) (*piece, *bytes.Buffer, error) {
	buf, _ := in.buffers.Get().(*bytes.Buffer)
	if buf == nil {
		buf = &bytes.Buffer{}
	}
	buf.Reset()
	n, err := io.Copy(buf, io.LimitReader(m.Body, wholeBytes))
	p := &piece{Message: m, head: buf.Bytes()}
	if err == nil && n == wholeBytes {
		p.rest = m.Body
	}
	return p, buf, err
}

// take looks at one message.
func (in *intake) take(p *piece) {
	head, ok := p.header()
	if !ok {
		in.unreadable(p.Message, "endless-header")
		return
	}
	h := readHeader(head)
	if p.Role == mailbox.RoleSent {
		in.sent(p, h)
		return
	}
	if p.Role == mailbox.RoleDrafts {
		return
	}
	rep, err := in.decode(p, head)
	if err != nil {
		in.unreadable(p.Message, "cut-off")
		return
	}
	switch rep.Kind {
	case bounce.KindUnreadable:
		in.unreadable(p.Message, "unreadable")
	case bounce.KindNotABounce, bounce.KindFeedback:
		if saysReport(h) {
			// It announces a delivery report and holds none that can be read: too deep, too long, or cut to pieces.
			in.unreadable(p.Message, "empty-report")
			return
		}
		in.incoming(p, h)
	default:
		in.report(p, h, rep)
	}
}

// maxHeader is more than any real header: the largest seen had 2 MB.
const maxHeader = 4 << 20

// header gives the message's header, reading on where it is longer than the beginning; false when it does not end.
func (p *piece) header() ([]byte, bool) {
	for {
		if i := endOfHeader(p.head); i >= 0 {
			return p.head[:i], true
		}
		if p.rest == nil {
			return p.head, true
		}
		if len(p.head) >= maxHeader {
			return nil, false
		}
		more := make([]byte, wholeBytes)
		n, err := io.ReadFull(p.rest, more)
		p.head = append(p.head[:len(p.head):len(p.head)], more[:n]...)
		if err != nil {
			p.rest = nil
		}
	}
}

// saysReport reports whether the header announces a delivery status notification (RFC 3462 section 1).
func saysReport(h header) bool {
	t := strings.ToLower(h.get("content-type"))
	return strings.HasPrefix(t, "multipart/report") && (strings.Contains(t, "delivery-status") || !strings.Contains(t, "report-type"))
}

func (in *intake) body(p *piece) io.Reader {
	if p.rest == nil {
		return bytes.NewReader(p.head)
	}
	return io.MultiReader(bytes.NewReader(p.head), p.rest)
}

// decode reads what a message reports: from its parts where it was too long to be fetched, and from its beginning where it
// was not or where they tell of nothing.
func (in *intake) decode(p *piece, head []byte) (bounce.Report, error) {
	if p.Parts != nil {
		if rep := bounce.DecodeParts(head, p.Parts); rep.Kind != bounce.KindNotABounce && rep.Kind != bounce.KindUnreadable {
			return rep, nil
		}
	}
	return bounce.Decode(in.body(p))
}

// endOfHeader is where the empty line begins, -1 when there is none.
func endOfHeader(b []byte) int {
	i, j := bytes.Index(b, []byte("\n\n")), bytes.Index(b, []byte("\r\n\r\n"))
	if i < 0 || (j >= 0 && j < i) {
		return j
	}
	return i
}

func (in *intake) unreadable(m mailbox.Message, why string) {
	in.put(m, store.Record{Unread: why}, "")
}

func (in *intake) sent(p *piece, h header) {
	out := advice.Outgoing{
		Source: p.Source, MessageID: h.id(), From: h.address("from"), Subject: h.text("subject"), SentAt: h.date(),
		References: append(h.ids("in-reply-to"), h.ids("references")...), Resent: h.has("resent-message-id") || h.has("resent-date"),
		Traits: traits(h),
	}
	fields := []string{"to", "cc", "bcc"}
	if out.Resent {
		// Passed on unchanged, it keeps its Date and its recipients; when and to whom it went this time is in fields of their own.
		fields = []string{"resent-to", "resent-cc", "resent-bcc"}
		if again := bounce.ParseDate(h.get("resent-date")); !again.IsZero() {
			out.SentAt = again
		}
	}
	for _, name := range fields {
		out.Recipients = append(out.Recipients, h.addresses(name)...)
	}
	if out.SentAt.IsZero() && !p.ArrivedAt.IsZero() {
		out.SentAt = bounce.Stamp{At: p.ArrivedAt, Zoned: true}
	}
	if len(out.Recipients) > 0 {
		out.Text = digestText(in.body(p))
	}
	in.put(p.Message, store.Record{Sent: &out}, "")
}

// arrived is when a message reached the mailbox: what the folder says, else its last Received, else its Date.
func (in *intake) arrived(p *piece, h header) time.Time {
	if !p.ArrivedAt.IsZero() {
		return p.ArrivedAt
	}
	if t := h.received(); !t.IsZero() {
		return t
	}
	return h.date().In(in.zone)
}

func (in *intake) incoming(p *piece, h header) {
	msg := advice.Incoming{
		Source: p.Source, MessageID: h.id(), From: h.address("from"), At: in.arrived(p, h), SentAt: h.date(), Subject: h.text("subject"),
		To: writtenTo(h), InReplyTo: h.ids("in-reply-to"), References: h.ids("references"),
		List: h.has("list-id") || h.has("list-unsubscribe") || h.has("list-post"), ListID: listID(h), Junk: p.Role == mailbox.RoleJunk,
	}
	if in.late(msg.At) {
		return
	}
	// Only an answer without threading fields must be known by what it quotes.
	if len(msg.InReplyTo) == 0 && len(msg.References) == 0 && !msg.List && looksLikeReply(msg.Subject) {
		msg.Text = digestText(in.body(p))
	}
	in.put(p.Message, store.Record{Incoming: &msg}, deliveredTo(h))
}

// maxWrittenTo is how many recipients of a received message matter: who the conversation is with.
const maxWrittenTo = 20

func writtenTo(h header) []string {
	list := append(h.addresses("to"), h.addresses("cc")...)
	return slices.Clone(list[:min(len(list), maxWrittenTo)])
}

// listID gives the id of a mailing list: what stands in angle brackets, else all of the field (RFC 2919 section 2).
func listID(h header) string {
	if ids := h.ids("list-id"); len(ids) > 0 {
		return strings.ToLower(ids[len(ids)-1])
	}
	return strings.ToLower(strings.TrimSpace(h.text("list-id")))
}

func looksLikeReply(subject string) bool {
	s := strings.ToLower(strings.TrimSpace(subject))
	for _, mark := range []string{"re:", "r:", "rif:", "aw:", "antw:", "sv:", "rv:", "res:", "re "} {
		if strings.HasPrefix(s, mark) {
			return true
		}
	}
	return false
}

func (in *intake) report(p *piece, h header, rep bounce.Report) {
	r := advice.Reported{Source: p.Source, ArrivedAt: in.arrived(p, h), To: h.addresses("to"), Report: rep, Traits: traits(h)}
	r.Traits.Text = rep.Text
	if in.late(r.ArrivedAt) {
		return
	}
	in.put(p.Message, store.Record{Report: &r}, "")
}

// deliveredTo gives the mailbox's own address where the delivering server wrote it down: Delivered-To and Envelope-To are
// written at the last hop only.
func deliveredTo(h header) string {
	for _, name := range []string{"delivered-to", "envelope-to", "x-original-to"} {
		if v := h[name]; len(v) > 0 {
			if a := bareAddress.FindString(v[len(v)-1]); a != "" {
				return strings.ToLower(a)
			}
		}
	}
	return ""
}

// maxAccounts bounds how many addresses of one's own are kept: a catch-all domain delivers to any name.
const maxAccounts = 50

func appendNew(list []string, s string) []string {
	if s == "" || len(list) >= maxAccounts {
		return list
	}
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// traitFields are the fields by which provider tells servers and services apart.
var traitFields = map[string]string{
	"x-failed-recipients": "X-Failed-Recipients", "x-postfix-queue-id": "X-Postfix-Queue-Id", "x-ms-exchange-message-is-ndr": "X-Ms-Exchange-Message-Is-Ndr",
	"x-gm-message-state": "X-Gm-Message-State", "x-mailer": "X-Mailer", "x-libjamoibt": "X-Libjamoibt", "x-ymailisg": "X-Ymailisg", "return-path": "Return-Path",
	"x-gmx-antispam": "X-Gmx-Antispam", "auto-submitted": "Auto-Submitted", "x-mimeole": "X-Mimeole",
	"x-ms-exchange-crosstenant-originalarrivaltime": "X-Ms-Exchange-Crosstenant-Originalarrivaltime",
	"x-mailgun-sid": "X-Mailgun-Sid", "x-sg-eid": "X-Sg-Eid", "x-ses-outgoing": "X-Ses-Outgoing",
}

func traits(h header) provider.Traits {
	t := provider.Traits{Received: h["received"], MessageID: h.get("message-id"), From: h.get("from"), Subject: h.text("subject")}
	for low, name := range traitFields {
		if h.has(low) { // some of them, as Exchange's, are empty and mean something by being there
			if t.Headers == nil {
				t.Headers = map[string]string{}
			}
			t.Headers[name] = h.get(low)
		}
	}
	return t
}
