package autoconfig

import (
	"net"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxHost is the longest host name (RFC 1035 section 2.3.4).
const maxHost = 253

// hostName brings a host name into ASCII and lower case. It reports false for what is none: addresses in figures (no
// certificate names them), single words, characters that no host has.
func hostName(s string) (string, bool) {
	s = strings.TrimSuffix(s, ".")
	if len(s) > 4*maxHost {
		return "", false
	}
	name, err := idna.Lookup.ToASCII(s)
	if err != nil || len(name) > maxHost || !strings.Contains(name, ".") || net.ParseIP(name) != nil {
		return "", false
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "", false
		}
	}
	last := labels[len(labels)-1]
	return name, strings.Trim(last, "0123456789") != ""
}

// mailDomain is hostName for a mail domain that somebody registered: "it" and "co.uk" are run for everybody below them, and
// none of their names is the person's provider.
func mailDomain(s string) (string, bool) {
	name, ok := hostName(s)
	if !ok {
		return "", false
	}
	_, err := publicsuffix.EffectiveTLDPlusOne(name)
	return name, err == nil
}

// registered gives the domain that somebody registered, of which a host is part; "" where there is none.
func registered(host string) string {
	name, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	return name
}
