package checklist

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
)

// Bounds of a list that is read back.
const (
	maxJSONBytes   = 512 << 20
	maxJSONItems   = 1_000_000
	maxJSONReasons = 1_000 // and bounces, of one item
	maxJSONOutages = 10_000
)

// Errors of a list that is read back: it is none that this program wrote; it is of a newer one.
var (
	ErrNoList      = errors.New("not a list of this program")
	ErrListVersion = errors.New("a list of a newer version")
)

// ReadJSON reads a list that [Write] wrote as JSON: the same list, of which every other form comes out the same. It fails with [ErrNoList] or [ErrListVersion], or as in does.
func ReadJSON(in io.Reader) (Report, error) {
	limited := &io.LimitedReader{R: in, N: maxJSONBytes}
	dec := json.NewDecoder(limited)
	r := reader{dec: dec}
	if err := readObject(dec, r.field); err != nil {
		if limited.N <= 0 {
			err = fmt.Errorf("more than %d bytes", maxJSONBytes)
		}
		return Report{}, asNoList(err)
	}
	if err := r.finish(); err != nil {
		return Report{}, asNoList(err)
	}
	return r.report, nil
}

// reader reads a list.
type reader struct {
	dec    *json.Decoder
	report Report
	about  *background
	items  []jsonMore
	notes  map[string][]jsonArgs
}

// finish puts together what stands in several places.
func (r *reader) finish() error {
	rep, about := &r.report, r.about
	if about == nil || len(r.items) != len(rep.Items) || len(about.Outages) > maxJSONOutages || len(about.From) > maxJSONReasons || rep.At.IsZero() {
		return errors.New("not whole")
	}
	rep.From, rep.Demo, rep.Outages, rep.Found, rep.Queues, rep.Citations = about.From, about.Demo, about.Outages, about.Found, about.Queues, about.Citations
	for i := range rep.Items {
		if err := r.items[i].into(&rep.Items[i]); err != nil {
			return err
		}
	}
	for key, notes := range map[string][]advice.Note{"not_yours": rep.NotYours, "unreadable": rep.Unreadable} {
		if len(r.notes[key]) != len(notes) {
			return errors.New("not whole")
		}
		for i := range notes {
			notes[i].Args = r.notes[key][i].args()
		}
	}
	if zone, err := time.LoadLocation(about.Zone); err == nil && about.Zone != "Local" {
		rep.At = rep.At.In(zone)
	}
	return nil
}

func (m *jsonMore) into(item *advice.Item) error {
	if len(m.Args) != len(item.Reasons) || len(m.Bounces) != len(item.Bounces) {
		return errors.New("not whole")
	}
	for i := range m.Args {
		item.Reasons[i].Args = m.Args[i].args()
	}
	for i := range m.Bounces {
		b, more := &item.Bounces[i], &m.Bounces[i]
		if more.RetryUntil != nil {
			b.RetryUntil = *more.RetryUntil
		}
		b.Text = string(more.Text)
		if len(more.Reply) > 0 {
			b.Reply = string(more.Reply)
		}
	}
	if m.Full != nil {
		m.Full.into(item)
	}
	return nil
}

// asNoList tells a file that is none of ours from one that cannot be read.
func asNoList(err error) error {
	if errors.Is(err, ErrListVersion) {
		return fmt.Errorf("reading the list: %w", err)
	}
	return fmt.Errorf("reading the list: %w: %w", ErrNoList, err)
}

// field reads the value of a key of the list.
func (r *reader) field(key string) error {
	switch key {
	case "at":
		var at string
		if err := r.dec.Decode(&at); err != nil {
			return err
		}
		var err error
		r.report.At, err = instantRead(at)
		return err
	case "items":
		return decodeList(r.dec, func(j *itemRead) error {
			item, err := j.item()
			r.report.Items = append(r.report.Items, item)
			return err
		})
	case "not_yours":
		return readNotes(r.dec, &r.report.NotYours)
	case "unreadable":
		return readNotes(r.dec, &r.report.Unreadable)
	case "rimbalzo":
		r.notes = map[string][]jsonArgs{}
		return readObject(r.dec, r.more)
	}
	var passed json.RawMessage
	return r.dec.Decode(&passed)
}

// more reads the value of a key beyond the contract.
func (r *reader) more(key string) error {
	switch key {
	case "about":
		var raw json.RawMessage
		if err := r.dec.Decode(&raw); err != nil {
			return err
		}
		var head struct{ Version int }
		if err := json.Unmarshal(raw, &head); err != nil {
			return err
		}
		if head.Version > jsonVersion {
			return ErrListVersion
		}
		r.about = new(background)
		return json.Unmarshal(raw, r.about)
	case "items":
		return decodeList(r.dec, func(m *jsonMore) error {
			r.items = append(r.items, *m)
			return nil
		})
	case "not_yours", "unreadable":
		return decodeList(r.dec, func(args *jsonArgs) error {
			r.notes[key] = append(r.notes[key], *args)
			return nil
		})
	}
	var passed json.RawMessage
	return r.dec.Decode(&passed)
}

func readNotes(dec *json.Decoder, notes *[]advice.Note) error {
	return decodeList(dec, func(n *struct{ Source, Why string }) error {
		*notes = append(*notes, advice.Note{Source: n.Source, Why: n.Why})
		return nil
	})
}

// decodeList reads a list of one kind of value.
func decodeList[T any](dec *json.Decoder, take func(*T) error) error {
	return readList(dec, maxJSONItems, func() error {
		var value T
		if err := dec.Decode(&value); err != nil {
			return err
		}
		return take(&value)
	})
}

// readObject reads an object's keys, each of whose values value reads.
func readObject(dec *json.Decoder, value func(key string) error) error {
	if err := readDelim(dec, '{'); err != nil {
		return err
	}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		if err := value(key); err != nil {
			return fmt.Errorf("%.20q: %w", key, err)
		}
	}
	return readDelim(dec, '}')
}

// readList reads a list of at most limit values, each of which value reads; null is an empty one.
func readList(dec *json.Decoder, limit int, value func() error) error {
	if err := readDelim(dec, '['); err != nil {
		return err
	}
	for n := 0; dec.More(); n++ {
		if n == limit {
			return fmt.Errorf("more than %d", limit)
		}
		if err := value(); err != nil {
			return err
		}
	}
	return readDelim(dec, ']')
}

func readDelim(dec *json.Decoder, want json.Delim) error {
	token, err := dec.Token()
	if err == nil && token != want {
		err = fmt.Errorf("%v in place of %v", token, want)
	}
	return err
}

// itemRead is an item as it is read; null is "".
type itemRead struct {
	MessageID  string `json:"message_id"`
	Recipient  string
	Subject    string
	SentAt     string `json:"sent_at"`
	Outage     string
	Phase      string
	PhaseOther string `json:"phase_other"`
	SentPhase  string `json:"sent_phase"`
	Verdict    string
	Cause      string
	Proof      string
	When       string `json:"resend_when"`
	After      string `json:"resend_after"`
	WaitUntil  string `json:"wait_until"`
	Confidence string
	Reasons    []struct{ Rule string }
	Bounces    []bounceRead
}

func (j *itemRead) item() (advice.Item, error) {
	item := advice.Item{
		MessageID: j.MessageID, Recipient: j.Recipient, Subject: j.Subject, Outage: j.Outage, Phase: j.Phase, PhaseOther: j.PhaseOther, SentPhase: j.SentPhase,
		Verdict: advice.Verdict(j.Verdict), Cause: advice.Cause(j.Cause), Proof: advice.Proof(j.Proof), ResendWhen: advice.When(j.When),
		Confidence: advice.Confidence(j.Confidence),
	}
	for _, id := range []string{j.Verdict, j.Cause, j.Proof, j.When, j.Confidence} {
		if !isID(id) {
			return item, fmt.Errorf("%.20q is no id", id)
		}
	}
	if len(j.Reasons) > maxJSONReasons || len(j.Bounces) > maxJSONReasons {
		return item, errors.New("too many reasons or bounces")
	}
	var errs [3]error
	item.SentAt, errs[0] = stampRead(j.SentAt)
	item.ResendAfter, errs[1] = instantRead(j.After)
	item.WaitUntil, errs[2] = instantRead(j.WaitUntil)
	for _, reason := range j.Reasons {
		if !isID(reason.Rule) {
			return item, fmt.Errorf("%.20q is no id", reason.Rule)
		}
		item.Reasons = append(item.Reasons, advice.Reason{Rule: reason.Rule})
	}
	for i := range j.Bounces {
		b, err := j.Bounces[i].bounce()
		if err != nil {
			return item, err
		}
		item.Bounces = append(item.Bounces, b)
	}
	return item, errors.Join(errs[:]...)
}

func (f *jsonFull) into(item *advice.Item) {
	for _, of := range []struct {
		full []byte
		into *string
	}{{f.MessageID, &item.MessageID}, {f.Recipient, &item.Recipient}, {f.Subject, &item.Subject}} {
		if len(of.full) > 0 {
			*of.into = string(of.full)
		}
	}
}

// isID reports whether s may complete the id of a sentence.
func isID(s string) bool {
	return len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

type bounceRead struct {
	Source, Address, Action, Failure, Status, Reply string
	ReplyCode                                       int                         `json:"reply_code"`
	AttemptAt                                       string                      `json:"attempt_at"`
	BouncedAt                                       string                      `json:"bounced_at"`
	RetryUntil                                      string                      `json:"retry_until"`
	ReportedBy                                      struct{ Host, Side string } `json:"reported_by"`
	Deciding                                        bool
}

func (j *bounceRead) bounce() (advice.Bounce, error) {
	b := advice.Bounce{
		Source: j.Source, Address: j.Address, Action: bounce.Action(j.Action), Failure: bounce.Failure(j.Failure), ReplyCode: j.ReplyCode, Status: j.Status,
		Reply: j.Reply, ReportedBy: bounce.Reporter{Host: j.ReportedBy.Host, Side: bounce.Side(j.ReportedBy.Side)}, Deciding: j.Deciding,
	}
	for _, id := range []string{j.Action, j.Failure, j.ReportedBy.Side} {
		if !isID(id) {
			return b, fmt.Errorf("%.20q is no id", id)
		}
	}
	var errs [2]error
	b.AttemptAt, errs[0] = stampRead(j.AttemptAt)
	b.BouncedAt, errs[1] = stampRead(j.BouncedAt)
	return b, errors.Join(errs[:]...)
}

func instantRead(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err == nil && (t.Year() < 1 || t.Year() > 9999) {
		err = errors.New("an impossible time")
	}
	return t, err
}

// stampRead reads what [bounce.Stamp.String] gives.
func stampRead(s string) (bounce.Stamp, error) {
	if s == "" {
		return bounce.Stamp{}, nil
	}
	if t, err := time.Parse("2006-01-02T15:04:05", s); err == nil {
		return bounce.Stamp{At: t}, nil
	}
	t, err := instantRead(s)
	return bounce.Stamp{At: t, Zoned: true}, err
}
