package mailbox

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Check goes the whole way to an IMAP account and says of each stage how it went: addresses, connection, TLS, greeting,
// capabilities, login, the inbox opened with EXAMINE, the newest message's date. report is called as each stage ends, never
// by two goroutines at once, and may be nil. The first failure ends the check and is given back, an [*Error]; the end of ctx
// is given back as it is. Without Password and Auth.Token it stops at the capabilities, and the URL needs no user.
//
// Every stage has a deadline, the whole takes 20 s at most beside the time that Password or Token take, and no goroutine and
// no connection is left.
func Check(ctx context.Context, cfg IMAPConfig, report func(StageResult)) error {
	held, err := CheckAndHold(ctx, cfg, report)
	if err != nil {
		return err
	}
	held.Close()
	return nil
}

// CheckAndHold does what [Check] does, and keeps the connection when all went well: a second look after a while needs no
// second login. The caller closes it.
func CheckAndHold(ctx context.Context, cfg IMAPConfig, report func(StageResult)) (*Held, error) {
	cfg.Timeouts = cfg.Timeouts.forCheck()
	with := credentials{cfg.Password, cfg.Auth.Token}
	anonymous := with.password == nil && with.token == nil
	a, err := parseEndpoint(cfg.URL)
	if err == nil && a.user == "" && !anonymous {
		err = &Error{Stage: StageURL, Kind: KindURL, Err: errURL}
	}
	if err != nil {
		return nil, err
	}
	c := a.newCourse(&cfg)
	if report != nil {
		c.tell = report
	}
	b := &budget{begun: time.Now(), limits: cfg.Timeouts}
	c.limit = b.limit
	t, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	if anonymous {
		err = c.learn(ctx, t)
	} else if err = c.logIn(ctx, t, b.apart(with)); err == nil {
		err = c.newest(ctx, t)
	}
	if err != nil {
		t.guard.abort()
		return nil, err
	}
	return c.hold(t), nil
}

// newest opens the inbox for reading only (RFC 9051 section 6.3.3) and asks when its last message arrived.
func (c *course) newest(ctx context.Context, t *talk) error {
	messages := uint32(0)
	err := c.step(ctx, StageOpen, func(ctx context.Context, result *StageResult) error {
		err := t.command(ctx, verbExamine, "INBOX", func(line string) {
			if n, isCount := exists(line); isCount {
				messages = n
			}
		}, nil)
		result.Detail = fmt.Sprintf("%d messages", messages)
		return err
	})
	if err != nil {
		return err
	}
	return c.step(ctx, StageNewest, func(ctx context.Context, result *StageResult) error {
		if messages == 0 {
			return nil
		}
		return t.command(ctx, verbFetch, fmt.Sprintf("%d (INTERNALDATE)", messages), func(line string) {
			if at, ok := internalDate(line); ok {
				result.Newest = at
			}
		}, nil)
	})
}

// exists reads "23 EXISTS" (RFC 9051 section 7.4.1).
func exists(line string) (uint32, bool) {
	fields := strings.Fields(line)
	if len(fields) != 2 || !strings.EqualFold(fields[1], "EXISTS") {
		return 0, false
	}
	n, err := strconv.ParseUint(fields[0], 10, 32)
	return uint32(n), err == nil
}

// internalDate reads `23 FETCH (INTERNALDATE "17-Jul-1996 02:44:25 -0700")` (RFC 9051 section 7.5.2).
func internalDate(line string) (time.Time, bool) {
	at := strings.Index(strings.ToUpper(line), `INTERNALDATE "`)
	if at < 0 {
		return time.Time{}, false
	}
	value, _, closed := strings.Cut(line[at+len(`INTERNALDATE "`):], `"`)
	date, err := time.Parse("_2-Jan-2006 15:04:05 -0700", value)
	return date, closed && err == nil && date.Year() > 1969 && date.Year() < 9000
}

// wholeCheck is how long a check may take with everything but the goodbye.
const wholeCheck = 20*time.Second - logoutLimit

// checkLimits bound the stages of a check. A server that takes longer than this for one of them is of no use to anybody.
var checkLimits = Timeouts{Dial: 8 * time.Second, Idle: 12 * time.Second}

// forCheck gives the limits of a check; shorter ones stay.
func (t Timeouts) forCheck() Timeouts {
	if t.Dial <= 0 || t.Dial > checkLimits.Dial {
		t.Dial = checkLimits.Dial
	}
	if t.Idle <= 0 || t.Idle > checkLimits.Idle {
		t.Idle = checkLimits.Idle
	}
	return t.orDefault()
}

// budget is the time that a check has left.
type budget struct {
	begun  time.Time
	away   time.Duration // spent with whoever gives the password
	limits Timeouts
}

// limit is how long a stage may take now.
func (b *budget) limit(stage Stage) time.Duration {
	left := wholeCheck - time.Since(b.begun) + b.away
	if stage == StageLogin {
		return min(left, b.limits.Idle)
	}
	return min(left, b.limits.Dial)
}

// apart leaves the time that a password or a token takes to come out of the budget: a person may be typing it.
func (b *budget) apart(with credentials) credentials {
	password, token := with.password, with.token
	if password != nil {
		with.password = func() (string, error) {
			defer b.pause(time.Now())
			return password()
		}
	}
	if token != nil {
		with.token = func(ctx context.Context, refused bool) (string, error) {
			defer b.pause(time.Now())
			return token(ctx, refused)
		}
	}
	return with
}

func (b *budget) pause(since time.Time) { b.away += time.Since(since) }
