package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"
)

// StageResult is how one stage of a conversation with a server went.
type StageResult struct {
	Stage Stage
	Took  time.Duration
	// Err is nil where the stage went well, else an [*Error].
	Err error
	// Detail is what was learnt, in English and for logs: addresses, the kind of TLS, capabilities. Server's words in it are
	// short and without control characters.
	Detail string
	// Until is when the first certificate of the server's chain ends; set by [StageTLS] only.
	Until time.Time
	// Newest is when the newest message of the inbox arrived; zero for an empty inbox; set by [StageNewest] only.
	Newest time.Time
}

// course is the way to an account, stage by stage, each under a deadline of its own. A reading goes it as far as the
// login, a check to the newest message: what a check finds is what a reading meets.
type course struct {
	account
	cfg   *IMAPConfig
	limit func(Stage) time.Duration
	tell  func(StageResult)
	// lookup finds a name's addresses; network is "ip4" or "ip6".
	lookup lookup
}

// newCourse is the course of a reading.
func (a account) newCourse(cfg *IMAPConfig) *course {
	return &course{
		account: a, cfg: cfg, lookup: net.DefaultResolver.LookupNetIP, tell: func(StageResult) {},
		limit: func(stage Stage) time.Duration {
			if stage == StageLogin || stage == StageCapabilities {
				return cfg.Timeouts.Idle
			}
			return cfg.Timeouts.Dial
		},
	}
}

// step runs one stage under its deadline, times it and tells how it went. The end of ctx itself is no finding about the
// server: it is given back as it is, and told to nobody.
func (c *course) step(ctx context.Context, stage Stage, run func(context.Context, *StageResult) error) error {
	limit := c.limit(stage)
	timed, cancel := context.WithTimeoutCause(ctx, limit, errSilence)
	defer cancel()
	result := StageResult{Stage: stage}
	start := time.Now()
	err := run(timed, &result)
	result.Took = time.Since(start)
	if err != nil && ctx.Err() != nil && context.Cause(ctx) != errSilence {
		return ctx.Err()
	}
	if err != nil {
		if timed.Err() != nil {
			err = late(err)
		}
		err = c.found(stage, err)
		result.Err = err
	}
	c.tell(result)
	return err
}

// late says of what a stage's deadline ended that it was the deadline, unless the server had said more.
func late(err error) error {
	var e *Error
	if errors.As(err, &e) || errors.Is(err, errHostile) {
		return err
	}
	if errors.Is(err, errPartial) {
		return errors.Join(errSilence, errPartial)
	}
	return errSilence
}

var (
	// errSilence is a deadline that passed.
	errSilence = errors.New("no whole answer in time")
	// errPartial is an answer that ends in the middle.
	errPartial = errors.New("the answer ends in the middle")
)

// found makes an error of this room of what ended a stage.
func (a account) found(stage Stage, err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.Stage, e.Host, e.User = stage, a.address(), a.user
		return e
	}
	return &Error{Stage: stage, Kind: stageKind(stage, err), Host: a.address(), User: a.user, Err: err}
}

// stageKind says what an error without words of the server's means at a stage.
func stageKind(stage Stage, err error) string {
	late := errors.Is(err, errSilence) || isTimeout(err)
	switch stage {
	case StageA, StageAAAA:
		return KindDNS
	case StageConnect:
		return dialKind(err, late)
	case StageTLS:
		return tlsKind(err, late)
	case StageGreeting:
		switch {
		case errors.Is(err, errHostile):
			return KindNotIMAP
		case late && !errors.Is(err, errPartial):
			return KindSilent
		}
	}
	switch {
	case errors.Is(err, errHostile):
		return KindHostile
	case errors.Is(err, errNotIMAP):
		return KindBroken
	case late:
		return KindStalled
	case errors.Is(err, errPartial):
		return KindCut
	}
	return KindDropped
}

// dial connects, secures the connection and reads the greeting. The conversation before TLS (RFC 9051 section 6.2.1) is held
// byte by byte: nothing that came in clear text is left over for what follows. Nothing secret is known here.
func (c *course) dial(ctx context.Context) (*talk, error) {
	raw, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	t, err := c.secure(ctx, raw)
	if err != nil {
		raw.Close()
		return nil, err
	}
	return t, nil
}

// secure brings TLS up and reads the greeting, in the order that the port asks for.
func (c *course) secure(ctx context.Context, raw net.Conn) (*talk, error) {
	if !c.implicit {
		if _, err := c.greet(ctx, raw, raw); err != nil {
			return nil, err
		}
	}
	conn, err := c.startTLS(ctx, raw)
	if err != nil {
		return nil, err
	}
	greeting := "* OK" // after STARTTLS a server sends no second greeting
	if c.implicit {
		if greeting, err = c.greet(ctx, conn, raw); err != nil {
			return nil, err
		}
	}
	return newTalk(c.account, newGuard(conn, raw), greeting), nil
}

// greet reads the greeting. In clear text a server that says PREAUTH leaves no way to TLS and is refused.
func (c *course) greet(ctx context.Context, conn, raw net.Conn) (greeting string, err error) {
	err = c.step(ctx, StageGreeting, func(ctx context.Context, result *StageResult) (err error) {
		defer context.AfterFunc(ctx, func() { raw.Close() })()
		line, err := readLine(conn, maxGreeting)
		if err != nil && ctx.Err() != nil && !c.implicit && c.port == tlsPort {
			return &Error{Kind: KindTLSFirst, Err: errSilence}
		}
		if err != nil {
			return err
		}
		if greeting, err = readGreeting(line); err != nil {
			return err
		}
		if _, secured := conn.(*tls.Conn); !secured && isPreauth(greeting) {
			return &Error{Kind: KindPreauthClear}
		}
		result.Detail = cleanText(greeting)
		return nil
	})
	return greeting, err
}

// readLine reads one line without its end, a byte at a time, so that nothing behind it is taken. Its error is [errHostile]
// for a line longer than limit, [errPartial] when it ends in the middle, else the reader's.
func readLine(r io.Reader, limit int) (string, error) {
	var line []byte
	var c [1]byte
	for len(line) < limit {
		if _, err := io.ReadFull(r, c[:]); err != nil {
			if len(line) > 0 && !errors.Is(err, errHostile) {
				return "", errPartial
			}
			return "", err
		}
		if c[0] == '\n' {
			return trimCR(string(line)), nil
		}
		line = append(line, c[0])
	}
	return "", tooLong(limit)
}
