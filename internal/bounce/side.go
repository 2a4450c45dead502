package bounce

import "strings"

// reporterOf tells who reports, from the report's own field, the header's Received, the From address, in that order, and on which side of the transfer that host stands.
func reporterOf(m *message, declared string, rcs []Recipient, o Original) Reporter {
	host := declared
	if !strings.Contains(host, ".") || isAddressLiteral(host) {
		if h := firstReceivedBy(m.head); h != "" {
			host = h
		} else if from := addressList(m.head.get("From"), 1); len(from) > 0 {
			host = domainOf(from[0])
		}
	}
	r := Reporter{Host: host}
	if host != "" {
		r.Side = sideOf(m, host, rcs, o)
	}
	return r
}

func isAddressLiteral(host string) bool {
	return strings.Trim(host, "0123456789.:abcdef[]") == ""
}

// firstReceivedBy gives the host at which a bounce set out: its last Received field is the first that was written.
func firstReceivedBy(h header) string {
	all := h.all("Received")
	for i := len(all) - 1; i >= 0; i-- {
		if _, by := receivedPair(all[i]); strings.Contains(by, ".") {
			return by
		}
	}
	return ""
}

// sideOf compares the reporter with the recipient's domain, the sender's, and the way the message took.
func sideOf(m *message, host string, rcs []Recipient, o Original) Side {
	org := organisation(host)
	var rcptOrg string
	if len(rcs) > 0 {
		rcptOrg = operatorOf(domainOf(rcs[0].Address))
	}
	senderOrg := operatorOf(domainOf(o.From))
	if to := addressList(m.head.get("To"), 1); senderOrg == "" && len(to) > 0 {
		senderOrg = operatorOf(domainOf(to[0]))
	}
	switch {
	case rcptOrg != "" && operatorOf(host) == rcptOrg && rcptOrg != senderOrg:
		return SideRecipient
	case senderOrg != "" && operatorOf(host) == senderOrg && rcptOrg != senderOrg:
		return SideSender
	}
	if len(rcs) > 0 && rcs[0].Remote != "" && organisation(rcs[0].Remote) != org && !forwarded(rcs[0]) {
		return SideSender // it was handing the message on to somebody else's host
	}
	if n := len(o.Received); n > 0 {
		first, last := "", organisation(o.Received[0])
		for i := n - 1; i >= 0 && first == ""; i-- {
			first = organisation(o.Received[i])
		}
		switch {
		case first == org:
			return SideSender
		case last == org:
			return SideRecipient
		}
	}
	if operatorOf(host) == rcptOrg && rcptOrg != "" {
		return SideRecipient
	}
	return ""
}

// forwarded reports whether a recipient was made from another address, which its own server may do as well as the sender's.
func forwarded(rc Recipient) bool {
	return rc.OriginalAddress != "" && !sameAddress(rc.OriginalAddress, rc.Address)
}

// organisation gives the part of a host's name that its owner registered, as far as a rule of thumb goes.
func organisation(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	last := strings.LastIndexByte(host, '.')
	if last < 0 {
		return host
	}
	second := strings.LastIndexByte(host[:last], '.')
	if second > 0 && len(host)-last == 3 && isSecondLevel(host[second+1:last]) {
		second = strings.LastIndexByte(host[:second], '.')
	}
	return host[second+1:]
}

// isSecondLevel tells labels under which countries register names: co.uk, com.ar, ne.jp.
func isSecondLevel(label string) bool {
	switch label {
	case "co", "com", "net", "org", "ac", "edu", "gov", "ne", "or", "go", "ad", "gr", "ed", "lg", "me", "ltd", "plc", "sch", "nom", "mil":
		return true
	}
	return false
}

func operatorOf(host string) string {
	org := organisation(host)
	if op, ok := phrases().operator[org]; ok {
		return op
	}
	return org
}
