package probe

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ask says a command and reads the reply to it.
func (r *run) ask(ctx context.Context, d *dialogue, w word, argument string) (reply, error) {
	d.within(ctx, r.limits.Command)
	if err := d.say(w, argument); err != nil {
		return reply{}, err
	}
	return d.reply()
}

// reply reads one reply to something said.
func (d *dialogue) reply() (reply, error) {
	lines, err := d.gather(lastReplyLine)
	if err != nil {
		return reply{}, later(err)
	}
	return parseReply(lines)
}

// greet reads the first reply of an SMTP server.
func (r *run) greet(ctx context.Context, d *dialogue) error {
	return r.stage(StageGreeting, func() (string, error) {
		d.within(ctx, r.limits.Greeting)
		lines, err := d.gather(lastReplyLine)
		if err != nil {
			return "", err
		}
		rep, err := parseReply(lines)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%d %s", rep.code, rep.text()), rep.greetingFailure()
	})
}

// hello says who asks and gives what the server offers (RFC 5321 section 4.1.1.1).
func (r *run) hello(ctx context.Context, d *dialogue) (offers map[string]string, err error) {
	err = r.stage(StageCapabilities, func() (string, error) {
		rep, err := r.ask(ctx, d, sayEHLO, r.deps.Name)
		if err == nil && (rep.code == 500 || rep.code == 502) {
			rep, err = r.ask(ctx, d, sayHELO, r.deps.Name)
		}
		if err != nil {
			return "", err
		}
		if err := rep.failure(sayEHLO); err != nil {
			return "", err
		}
		offers = rep.extensions()
		return strings.Join(slices.Sorted(maps.Keys(offers)), " "), nil
	})
	return offers, err
}

// quit says goodbye. How that goes does not matter: the check has its ending.
func (r *run) quit(ctx context.Context, d *dialogue, w word) {
	//nolint:errcheck // noted in the stage
	_ = r.stage(StageQuit, func() (string, error) {
		d.within(ctx, r.limits.Quit)
		if err := d.say(w, ""); err != nil {
			return "", err
		}
		_, err := d.line()
		return "", later(err)
	})
}

// open connects to the target's host and gives a conversation that ends with ctx, secured where TLS comes first. The
// function it gives closes it.
func (r *run) open(ctx context.Context, host string, port int, security Security) (*dialogue, func(), error) {
	w, err := r.connect(ctx, host, port)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { w.Close() })
	end := func() {
		stop()
		w.Close()
	}
	if security != SecurityTLS {
		return newDialogue(w, w), end, nil
	}
	conn, err := r.secure(ctx, w, host)
	if err != nil {
		end()
		return nil, nil, err
	}
	return newDialogue(conn, w), end, nil
}

// checkSubmission checks where a person's program hands over mail.
func (r *run) checkSubmission(ctx context.Context) error {
	t := r.target
	if err := t.valid(); err != nil {
		return err
	}
	d, end, err := r.open(ctx, t.Host, t.Port, t.Security)
	if err != nil {
		return err
	}
	defer end()
	if err := r.greet(ctx, d); err != nil {
		return err
	}
	offers, err := r.hello(ctx, d)
	if err != nil {
		return err
	}
	if t.Security == SecurityStartTLS {
		if offers, err = r.startSubmissionTLS(ctx, d, offers); err != nil {
			return err
		}
	}
	if t.Login != nil {
		err = r.stage(StageLogin, func() (string, error) { return r.authenticate(ctx, d, offers) })
	}
	if !goneSilent(err) {
		r.quit(ctx, d, sayQuit)
	}
	return err
}

// goneSilent reports whether an error leaves nobody to say goodbye to.
func goneSilent(err error) bool {
	var f *failure
	if !errors.As(err, &f) {
		return false
	}
	switch f.ending {
	case EndingSilent, EndingStalled, EndingCut, EndingFlood, EndingGarbage, EndingNoSecret:
		return true
	}
	return f.code == 421 // it closes the channel itself (RFC 5321 section 4.2.3)
}

// startSubmissionTLS brings TLS up within SMTP and says hello again: what was offered in clear counts for nothing.
func (r *run) startSubmissionTLS(ctx context.Context, d *dialogue, offers map[string]string) (map[string]string, error) {
	if _, ok := offers["STARTTLS"]; !ok {
		return nil, r.stripped(errors.New("STARTTLS is not offered"), reply{})
	}
	rep, err := r.ask(ctx, d, sayStartTLS, "")
	if err != nil {
		return nil, r.noted(StageTLS, err)
	}
	if rep.code != 220 {
		return nil, r.stripped(fmt.Errorf("%d to STARTTLS", rep.code), rep)
	}
	if err := r.upgrade(ctx, d, r.target.Host); err != nil {
		return nil, err
	}
	return r.hello(ctx, d)
}

// stripped is the end of a check whose server does not go over to TLS. "Not now" is the server's own trouble
// (RFC 3207 section 4: 454); anything else may be somebody on the way.
func (r *run) stripped(err error, rep reply) error {
	f := &failure{ending: EndingTLSStripped, code: rep.code, said: rep.text(), err: err}
	if rep.code/100 == 4 {
		f.ending = EndingReply4xx
	}
	return r.noted(StageTLS, f)
}

// noted notes a stage that failed before it had a duration of its own.
func (r *run) noted(name StageName, err error) error {
	return r.stage(name, func() (string, error) { return "", err })
}
