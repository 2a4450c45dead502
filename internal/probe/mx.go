package probe

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Bounds of one check of a provider's MX: few hosts and little patience, so that there is time left to ask whether this
// line lets port 25 through at all.
const (
	portMX    = 25
	maxMX     = 2               // of the domain's servers
	maxOthers = 2               // of other operators
	connectMX = 4 * time.Second // for one connection
	// greetMX is for the first words: postscreen waits 6 s before them (https://www.postfix.org/POSTSCREEN_README.html).
	greetMX = 8 * time.Second
)

// checkMX checks whether a provider takes in mail from other servers: greeting and EHLO, as any of them begins. Nothing
// else is asked: who says MAIL or RCPT without mail to hand over is a nuisance, and taken for a spammer.
func (r *run) checkMX(ctx context.Context) error {
	t := r.target
	if !validHost(t.Host) || t.Port < 0 || t.Port > 65535 {
		return fail(EndingTarget, fmt.Errorf("%q is no mail domain", joinHost(t.Host, t.Port)))
	}
	r.limits.TCP, r.limits.Greeting = min(r.limits.TCP, connectMX), min(r.limits.Greeting, greetMX)
	hosts, port := []string{t.Host}, t.Port
	if port == 0 {
		port = portMX
		found, err := r.exchangers(ctx, t.Host)
		if err != nil {
			return err
		}
		hosts = found
	}
	var worst error
	for _, host := range hosts[:min(len(hosts), maxMX)] {
		if worst != nil && !r.early(ctx) {
			break // what is left of the time is for the question whether it is this line
		}
		err := r.checkExchanger(ctx, host, port)
		if err == nil {
			return nil
		}
		if worst == nil || (answered(err) && !answered(worst)) {
			worst = err
		}
	}
	if answered(worst) || t.LineOpen || !aboutTheWay(worst) {
		return worst
	}
	if t.LineBlocked {
		return fail(EndingUnseen, fmt.Errorf("%w, and this line was seen to block port 25", worst))
	}
	return r.askTheLine(ctx, worst)
}

// early reports whether two thirds of the whole check's time are still left.
func (r *run) early(ctx context.Context) bool {
	end, bounded := ctx.Deadline()
	return !bounded || time.Until(end) > r.limits.Whole*2/3
}

// checkExchanger holds the conversation with one server.
func (r *run) checkExchanger(ctx context.Context, host string, port int) error {
	d, end, err := r.open(ctx, host, port, "")
	if err != nil {
		return err
	}
	defer end()
	if err := r.greet(ctx, d); err != nil {
		if answered(err) && !goneSilent(err) {
			r.quit(ctx, d, sayQuit)
		}
		return err
	}
	_, err = r.hello(ctx, d)
	if !goneSilent(err) {
		r.quit(ctx, d, sayQuit)
	}
	return err
}

// answered reports whether a failure holds a reply: then something spoke SMTP.
func answered(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.code != 0
}

// aboutTheWay reports whether a failure is one that a line gives which blocks port 25: it drops, it refuses, or something
// on it takes the connection and says nothing.
func aboutTheWay(err error) bool {
	var f *failure
	if !errors.As(err, &f) {
		return false
	}
	switch f.ending {
	case EndingRefused, EndingTimeout, EndingUnreachable, EndingConnect, EndingSilent, EndingCut, EndingStalled, EndingGarbage:
		return true
	}
	return false
}

// askTheLine looks whether another operator's server answers on port 25. Where none does, or none is configured, the
// failure says nothing about the provider: many home lines block the port.
func (r *run) askTheLine(ctx context.Context, provider error) error {
	asked := 0
	for _, domain := range r.target.Others {
		if !validHost(domain) || domain == r.target.Host {
			continue
		}
		if asked == maxOthers || ctx.Err() != nil {
			break
		}
		asked++
		err := r.stage(StageLine, func() (string, error) { return r.asks25(ctx, domain) })
		if err == nil {
			return provider
		}
	}
	why := "and no other operator's server answers either"
	if asked == 0 {
		why = "and no other operator is configured to compare with"
	}
	return fail(EndingUnseen, fmt.Errorf("%w, %s", provider, why))
}

// asks25 reports whether the first server of another operator's domain gives any SMTP reply. It is a small check of its
// own, whose stages are not those of this one.
func (r *run) asks25(ctx context.Context, domain string) (string, error) {
	other := newRun(r.outer, Target{Kind: KindMX, Host: domain}, r.deps)
	other.limits = r.limits
	hosts, err := other.exchangers(ctx, domain)
	if err != nil {
		return domain, err
	}
	err = other.checkExchanger(ctx, hosts[0], portMX)
	if err == nil || answered(err) {
		return hosts[0] + " answers", nil
	}
	return hosts[0], err
}
