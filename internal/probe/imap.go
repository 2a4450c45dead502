package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"

	"rimbalzo/internal/mailbox"
)

// checkMailbox checks a mailbox by IMAP, as far as the inbox's newest message where somebody logs in. The conversation is
// internal/mailbox's, the same that a reading holds: what a check finds is what a reading meets.
func (r *run) checkMailbox(ctx context.Context) error {
	t := r.target
	if err := t.valid(); err != nil {
		return err
	}
	scheme := "imaps"
	if t.Security == SecurityStartTLS {
		scheme = "imap"
	}
	where := url.URL{Scheme: scheme, Host: joinHost(t.Host, t.Port)}
	cfg := mailbox.IMAPConfig{
		Roots:    t.Roots,
		Timeouts: mailbox.Timeouts{Dial: r.limits.TCP, Idle: r.limits.Login, Command: r.limits.Login},
	}
	if t.Login != nil {
		where.User = url.User(t.Login.User)
		cfg.Auth.Token = t.Login.Token
		if t.Login.Password != nil {
			cfg.Password = func() (string, error) { return t.Login.Password(ctx) }
		}
		if cfg.Password == nil && cfg.Auth.Token == nil {
			return fail(EndingNoSecret, errors.New("neither password nor token"))
		}
	}
	cfg.URL = where.String()
	err := r.deps.IMAP(ctx, cfg, r.heard)
	if err == nil {
		return nil
	}
	f := mailboxFailure(err)
	if f.ending == EndingDNSTimeout && r.passed() {
		f.ending = EndingDNSUnknown // both families answered, that there is no such address
	}
	return f
}

// passed reports whether no stage has failed.
func (r *run) passed() bool {
	return !slices.ContainsFunc(r.result.Stages, func(s Stage) bool { return s.Ending != EndingOK })
}

// heard takes over one stage of a conversation with a mailbox.
func (r *run) heard(s mailbox.StageResult) {
	name, known := mailboxStages[s.Stage]
	if !known {
		name = StageName(s.Stage)
	}
	stage := Stage{Name: name, Took: s.Took, Ending: EndingOK, Detail: clean(s.Detail)}
	if s.Err != nil {
		f := r.understand(mailboxFailure(s.Err))
		stage.Ending = f.ending
		if stage.Detail == "" {
			stage.Detail = f.detail()
		}
	}
	if stage.Detail == "" && (name == StageA || name == StageAAAA) {
		stage.Detail = "none"
	}
	r.result.Stages = append(r.result.Stages, stage)
	if peer, err := netip.ParseAddrPort(s.Detail); err == nil && name == StageTCP {
		r.result.Peer = peer
	}
	if !s.Until.IsZero() {
		r.result.CertificateUntil = s.Until
	}
	if !s.Newest.IsZero() {
		r.result.Newest = s.Newest
	}
}

// mailboxStages are the stages that have another name there.
var mailboxStages = map[mailbox.Stage]StageName{mailbox.StageConnect: StageTCP, mailbox.StageOpen: StageExamine}

// mailboxEndings gives the ending for each kind of error of internal/mailbox.
var mailboxEndings = map[string]Ending{
	mailbox.KindURL: EndingTarget, mailbox.KindURLPassword: EndingTarget,

	mailbox.KindDNS: EndingDNS, mailbox.KindRefused: EndingRefused, mailbox.KindUnreachable: EndingUnreachable,
	mailbox.KindTimeout: EndingTimeout, mailbox.KindConnectFailed: EndingConnect,

	mailbox.KindNoStartTLS: EndingTLSStripped, mailbox.KindPreauthClear: EndingTLSStripped, mailbox.KindInjected: EndingTLSStripped,
	mailbox.KindNotTLS: EndingTLSPlain, mailbox.KindTLSOld: EndingTLSOld, mailbox.KindTLSFailed: EndingTLSFailed,
	mailbox.KindCertHost: EndingTLSHost, mailbox.KindCertExpired: EndingTLSExpired, mailbox.KindCertNotYet: EndingTLSEarly,
	mailbox.KindCertSelfSigned: EndingTLSUnknownCA, mailbox.KindCertUnknown: EndingTLSUnknownCA, mailbox.KindCertInvalid: EndingTLSInvalid,

	mailbox.KindNotIMAP: EndingGarbage, mailbox.KindIsSMTP: EndingIsSMTP, mailbox.KindIsPOP3: EndingIsPOP3, mailbox.KindIsHTTP: EndingIsHTTP,
	mailbox.KindSilent: EndingSilent, mailbox.KindTLSFirst: EndingSilent, mailbox.KindBye: EndingBye, mailbox.KindDropped: EndingCut, mailbox.KindCut: EndingCut,
	mailbox.KindStalled: EndingStalled, mailbox.KindBroken: EndingGarbage, mailbox.KindHostile: EndingFlood,
	mailbox.KindServerRefused: EndingReply4xx,

	mailbox.KindInUse: EndingInUse, mailbox.KindServerBug: EndingServerBug, mailbox.KindUnavailable: EndingUnavailable,
	mailbox.KindNotAllowed: EndingNotAllowed, mailbox.KindPasswordExpired: EndingPassExpired, mailbox.KindPassword: EndingAuthFailed,
	mailbox.KindLimit: EndingLimit,

	mailbox.KindLoginDisabled: EndingNoLogin, mailbox.KindOAuthOnly: EndingNoLogin, mailbox.KindNoOAuth: EndingNoLogin, mailbox.KindPasswordNUL: EndingNoLogin,
	mailbox.KindLoginRefused: EndingRefusedLogin, mailbox.KindSignInRefused: EndingRefusedLogin,
	mailbox.KindAppPassword: EndingAppPassword, mailbox.KindNoPassword: EndingNoSecret, mailbox.KindTokenRefused: EndingAuthFailed,
	mailbox.KindFolderRenewed: EndingRefusedOpen,
}

// mailboxFailure makes a failure of an error of internal/mailbox.
func mailboxFailure(err error) *failure {
	var e *mailbox.Error
	if !errors.As(err, &e) {
		return fail(EndingStalled, err) // the whole check's time was over
	}
	f := &failure{ending: EndingGarbage, said: e.Server, err: err}
	if ending, known := mailboxEndings[e.Kind]; known {
		f.ending = ending
	}
	var dns *net.DNSError
	switch {
	case e.Kind == mailbox.KindDNS && errors.As(err, &dns):
		f.ending = dnsEnding(err)
	case e.Kind == mailbox.KindDNS:
		f.ending = EndingDNSTimeout
	case e.Kind == mailbox.KindTimeout && e.Stage == mailbox.StageTLS:
		f.ending = EndingStalled
	case e.Kind == mailbox.KindServerRefused && (e.Stage == mailbox.StageOpen || e.Stage == mailbox.StageNewest):
		f.ending = EndingRefusedOpen
	}
	if words := inWords(f.ending, e); words != "" {
		f.ending = words
	}
	return f
}

// inWords gives what a server's words tell beyond its response code, "" for nothing: Dovecot says [UNAVAILABLE] and Gmail
// [ALERT] for too many connections, and many a server puts into words what RFC 5530 has codes for.
func inWords(ending Ending, e *mailbox.Error) Ending {
	switch ending {
	case EndingBye, EndingUnavailable, EndingRefusedLogin, EndingNotAllowed, EndingReply4xx:
	default:
		return ""
	}
	if e.Stage == mailbox.StageLogin {
		if found := loginSign(e.Server); found != "" {
			return found
		}
	}
	return lineSign(e.Server)
}
