package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
	"unicode"

	"rimbalzo/internal/mailbox"
)

// failure is why a check did not go on.
type failure struct {
	ending Ending
	code   int    // SMTP reply code or HTTP status, 0 for none
	said   string // the server's words
	err    error
}

func (f *failure) Error() string {
	text := string(f.ending)
	if f.said != "" {
		text += fmt.Sprintf(" (%d %s)", f.code, f.said)
	}
	if f.err != nil {
		text += ": " + f.err.Error()
	}
	return text
}

// detail is the failure in short, for a stage: the server's words, else the cause.
func (f *failure) detail() string {
	switch {
	case f.code != 0:
		return clean(fmt.Sprintf("%d %s", f.code, f.said))
	case f.said != "":
		return clean(f.said)
	case f.err != nil:
		return clean(f.err.Error())
	}
	return string(f.ending)
}

func (f *failure) Unwrap() error { return f.err }

// fail makes a failure of an ending and its cause.
func fail(ending Ending, err error) *failure { return &failure{ending: ending, err: err} }

// run is one check under way.
type run struct {
	deps   Deps
	limits Limits
	target Target
	result Result
	outer  context.Context // the caller's, which may be called off
}

// Check checks one endpoint, within [Limits.Whole]. It never fails otherwise than by the result's ending, and leaves
// neither a connection nor a goroutine behind.
func Check(ctx context.Context, target Target, deps Deps) Result {
	r := newRun(ctx, target, deps)
	begin := r.deps.Now()
	r.result.At = begin
	whole, cancel := context.WithTimeout(ctx, r.limits.Whole)
	defer cancel()
	r.conclude(r.check(whole))
	r.result.Took = r.deps.Now().Sub(begin)
	return r.result
}

func newRun(ctx context.Context, target Target, deps Deps) *run {
	if deps.Resolver == nil {
		deps.Resolver = net.DefaultResolver
	}
	if deps.Dial == nil {
		deps.Dial = new(net.Dialer).DialContext
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.IMAP == nil {
		deps.IMAP = mailbox.Check
	}
	if deps.Name == "" {
		deps.Name = "[127.0.0.1]" // RFC 5321 section 4.1.1.1: a machine without a name gives an address
	}
	target = target.complete()
	return &run{deps: deps, limits: deps.Limits.complete(), target: target, result: Result{Target: target}, outer: ctx}
}

// check is the check itself; nil when all is well.
func (r *run) check(ctx context.Context) error {
	switch r.target.Kind {
	case KindIMAP:
		return r.checkMailbox(ctx)
	case KindPOP3:
		return r.checkPOP3(ctx)
	case KindSMTP:
		return r.checkSubmission(ctx)
	case KindMX:
		return r.checkMX(ctx)
	case KindWeb:
		return r.checkWeb(ctx)
	}
	return fail(EndingTarget, fmt.Errorf("no such kind of endpoint: %q", r.target.Kind))
}

// conclude writes how the check went into the result.
func (r *run) conclude(err error) {
	if err == nil {
		r.result.Ending = EndingOK
		return
	}
	f := r.understand(err)
	r.result.Ending, r.result.Code, r.result.Said = f.ending, f.code, clean(f.said)
}

// understand makes a failure of any error; one that has no name yet is a connection that did not come about.
func (r *run) understand(err error) *failure {
	if r.outer.Err() != nil && errors.Is(r.outer.Err(), context.Canceled) {
		return fail(EndingCancelled, err)
	}
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return fail(EndingConnect, err)
}

// stage runs one step and notes how long it took and how it ended. What step gives is its detail; where it fails, its
// error's text is.
func (r *run) stage(name StageName, step func() (detail string, err error)) error {
	begin := r.deps.Now()
	detail, err := step()
	s := Stage{Name: name, Took: r.deps.Now().Sub(begin), Ending: EndingOK, Detail: clean(detail)}
	if err != nil {
		f := r.understand(err)
		s.Ending = f.ending
		if s.Detail == "" {
			s.Detail = f.detail()
		}
	}
	r.result.Stages = append(r.result.Stages, s)
	return err
}

// usualPorts are the registered ones (RFC 8314 section 3, RFC 6409, RFC 5321).
var usualPorts = map[Kind]map[Security]int{
	KindIMAP: {SecurityTLS: 993, SecurityStartTLS: 143},
	KindSMTP: {SecurityTLS: 465, SecurityStartTLS: 587},
	KindPOP3: {SecurityTLS: 995, SecurityStartTLS: 110},
}

// complete fills in what is usual for the kind.
func (t Target) complete() Target {
	if t.Kind == KindMX || t.Kind == KindWeb {
		return t
	}
	if t.Security == "" {
		t.Security = SecurityTLS
		if t.Port != 0 && t.Port == usualPorts[t.Kind][SecurityStartTLS] {
			t.Security = SecurityStartTLS
		}
	}
	if t.Port == 0 {
		t.Port = usualPorts[t.Kind][t.Security]
	}
	return t
}

// valid says what is wrong with a target that names one server.
func (t Target) valid() error {
	switch {
	case !validHost(t.Host):
		return fail(EndingTarget, fmt.Errorf("%q is no host", t.Host))
	case t.Port < 1 || t.Port > 65535:
		return fail(EndingTarget, fmt.Errorf("%d is no port", t.Port))
	case t.Kind != KindMX && t.Security != SecurityTLS && t.Security != SecurityStartTLS:
		return fail(EndingTarget, fmt.Errorf("%q is no way to a secure connection", t.Security))
	}
	return nil
}

// maxHost is the longest domain name there is (RFC 1035 section 2.3.4), with a dot at its end.
const maxHost = 255

// validHost reports whether s can be asked for: an address, or a name of printable ASCII without blanks.
func validHost(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	if s == "" || len(s) > maxHost {
		return false
	}
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`/\:@[]"<>`, c) >= 0 {
			return false
		}
	}
	return true
}

// complete takes the default for each limit that is not set.
func (l Limits) complete() Limits {
	for _, pair := range [][2]*time.Duration{
		{&l.Whole, &DefaultLimits.Whole},
		{&l.DNS, &DefaultLimits.DNS},
		{&l.TCP, &DefaultLimits.TCP},
		{&l.TLS, &DefaultLimits.TLS},
		{&l.Greeting, &DefaultLimits.Greeting},
		{&l.Command, &DefaultLimits.Command},
		{&l.Login, &DefaultLimits.Login},
		{&l.Quit, &DefaultLimits.Quit},
	} {
		if *pair[0] <= 0 {
			*pair[0] = *pair[1]
		}
	}
	return l
}

// maxText bounds what is kept of a server's words and of details.
const maxText = 200

// clean makes text fit to be kept and shown: one line, no control or formatting characters, at most maxText bytes.
func clean(text string) string {
	if len(text) > 16*maxText {
		text = text[:16*maxText]
	}
	text = strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return ' '
		}
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, "?"))
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText-len("…")], "") + "…"
}
