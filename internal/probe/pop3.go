package probe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// checkPOP3 checks a POP3 server without logging in (RFC 1939): greeting, capabilities, goodbye.
func (r *run) checkPOP3(ctx context.Context) error {
	t := r.target
	if err := t.valid(); err != nil {
		return err
	}
	d, end, err := r.open(ctx, t.Host, t.Port, t.Security)
	if err != nil {
		return err
	}
	defer end()
	err = r.stage(StageGreeting, func() (string, error) {
		d.within(ctx, r.limits.Greeting)
		line, err := d.line()
		if err != nil {
			return "", err
		}
		return line, popFailure(line, EndingGreeting5xx)
	})
	if err != nil {
		return err
	}
	offers, err := r.popCapabilities(ctx, d)
	if err != nil {
		return err
	}
	if t.Security == SecurityStartTLS {
		if err := r.startPOPTLS(ctx, d, offers); err != nil {
			return err
		}
	}
	r.quit(ctx, d, sayQuit)
	return nil
}

// popCapabilities asks with CAPA (RFC 2449), which a server need not know.
func (r *run) popCapabilities(ctx context.Context, d *dialogue) (offers []string, err error) {
	err = r.stage(StageCapabilities, func() (string, error) {
		d.within(ctx, r.limits.Command)
		if err := d.say(sayCapa, ""); err != nil {
			return "", err
		}
		first := true
		lines, err := d.gather(func(line string) bool {
			alone := first && !popOK(line)
			first = false
			return alone || line == "."
		})
		switch {
		case err != nil:
			return "", later(err)
		case popOK(lines[0]):
			offers = capaOf(lines[1:])
		case !strings.HasPrefix(strings.ToUpper(lines[0]), "-ERR"): // which only means an old server
			return "", popFailure(lines[0], EndingGarbage)
		}
		return strings.Join(offers, " "), nil
	})
	return offers, err
}

// startPOPTLS brings TLS up within POP3 (RFC 2595 section 4) and asks again: what was offered in clear counts for nothing.
func (r *run) startPOPTLS(ctx context.Context, d *dialogue, offers []string) error {
	if !slices.Contains(offers, string(sayPOPTLS)) {
		return r.stripped(errors.New("STLS is not offered"), reply{})
	}
	d.within(ctx, r.limits.Command)
	err := d.say(sayPOPTLS, "")
	if err == nil {
		var line string
		if line, err = d.line(); err == nil {
			err = popFailure(line, EndingTLSStripped)
		}
	}
	if err != nil {
		return r.noted(StageTLS, later(err))
	}
	if err := r.upgrade(ctx, d, r.target.Host); err != nil {
		return err
	}
	_, err = r.popCapabilities(ctx, d)
	return err
}

// popOK reports whether a line is the good status indicator (RFC 1939 section 3).
func popOK(line string) bool {
	return len(line) >= 3 && strings.EqualFold(line[:3], "+OK") && (len(line) == 3 || line[3] == ' ')
}

// popCodes are the response codes of RFC 2449 section 8 and RFC 3206.
var popCodes = map[string]Ending{
	"SYS/TEMP": EndingUnavailable, "SYS/PERM": EndingGreeting5xx, "IN-USE": EndingInUse, "LOGIN-DELAY": EndingLimit, "AUTH": EndingAuthFailed,
}

// popFailure tells what a status indicator means; nil for +OK, plain for an -ERR that does not say why.
func popFailure(line string, plain Ending) error {
	if popOK(line) {
		return nil
	}
	if len(line) < 4 || !strings.EqualFold(line[:4], "-ERR") || (len(line) > 4 && line[4] != ' ') {
		return &failure{ending: EndingGarbage, said: line, err: fmt.Errorf("%w: no POP3", errGarbage)}
	}
	text := strings.TrimSpace(line[4:])
	f := &failure{ending: plain, said: text, err: errors.New("-ERR")}
	inner, bracketed := strings.CutPrefix(text, "[")
	code, _, closed := strings.Cut(inner, "]")
	known, coded := popCodes[strings.ToUpper(code)]
	switch sign := lineSign(text); {
	case sign != "":
		f.ending = sign
	case bracketed && closed && coded:
		f.ending = known
	}
	return f
}

// capaOf gives the names in the answer to CAPA.
func capaOf(lines []string) []string {
	var names []string
	for _, line := range lines {
		if fields := strings.Fields(strings.ToUpper(line)); len(fields) > 0 && fields[0] != "." && len(names) < maxExtensions {
			names = append(names, fields[0])
		}
	}
	return names
}
