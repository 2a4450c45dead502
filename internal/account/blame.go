package account

import (
	"errors"
	"slices"

	"rimbalzo/internal/mailbox"
)

// Blame says on whom a failed connection test falls, as far as it can be told.
type Blame string

// The kinds of blame.
const (
	// TheProvider: the servers are in trouble. Nobody is asked to type anything again, and the account can be kept.
	TheProvider Blame = "provider"
	// TheLogin: the server did not take name and password, at a time when nothing is known of an outage.
	TheLogin Blame = "login"
	// TheUnsaid: the server refused the login without a word of why (a bare NO). That says nothing about the password, so that the
	// account can be kept.
	TheUnsaid Blame = "unsaid"
	// TheSettings: a name, a port, a certificate or something on this computer is not right.
	TheSettings Blame = "settings"
)

// Kinds of error that are a server's own trouble, and those that are about logging in (RFC 5530 section 3).
var (
	serverTrouble = []string{
		mailbox.KindRefused, mailbox.KindTimeout, mailbox.KindConnectFailed, mailbox.KindSilent, mailbox.KindBye, mailbox.KindDropped, mailbox.KindCut, mailbox.KindStalled,
		mailbox.KindServerRefused, mailbox.KindInUse, mailbox.KindServerBug, mailbox.KindUnavailable, mailbox.KindLimit,
	}
	networkTrouble = []string{mailbox.KindDNS, mailbox.KindUnreachable}
	loginTrouble   = []string{
		mailbox.KindPassword, mailbox.KindLoginRefused, mailbox.KindSignInRefused, mailbox.KindTokenRefused, mailbox.KindAppPassword,
		mailbox.KindPasswordExpired, mailbox.KindNotAllowed, mailbox.KindLoginDisabled,
	}
)

// BlameFor tells whose fault a failed test is. sureHost says that the server's name is one that the program knows, and not
// one that somebody typed; outage, that the provider is known to be in an outage now: then a refused login is not taken for a
// wrong password.
func BlameFor(err error, sureHost, outage bool) Blame {
	var e *mailbox.Error
	if !errors.As(err, &e) {
		return TheSettings
	}
	switch {
	case slices.Contains(serverTrouble, e.Kind), sureHost && slices.Contains(networkTrouble, e.Kind):
		return TheProvider
	case slices.Contains(loginTrouble, e.Kind) && outage:
		return TheProvider
	case e.Kind == mailbox.KindLoginRefused:
		return TheUnsaid
	case slices.Contains(loginTrouble, e.Kind):
		return TheLogin
	}
	return TheSettings
}

// Keepable reports whether an account whose test failed so can be kept all the same, where the person wants it: it is for outages that
// the program is there.
func (b Blame) Keepable() bool { return b == TheProvider || b == TheUnsaid }
