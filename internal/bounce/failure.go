package bounce

import "strings"

// connection are the meanings that tell how a connection failed.
const connection = saysRefused | saysTimeout | saysUnreachable | saysDNS | saysTLS | saysLost

// failureOf tells how the last attempt ended: from the words about one recipient, their meanings, the status and the reply code.
// A connection that failed is told as that also beside a 5xx, because servers put a code of their own before it; what
// another server answered is a reply, even if its answer speaks of time or names.
func failureOf(words string, says meaning, code int, status string) Failure {
	if says&connection != 0 && (says&saysReplied == 0 || code == 0 && status == "" || says&saysExpired != 0 && says&connection != saysLost || firstConnection(words)) {
		return connectionFailure(says)
	}
	if says&saysNameWeak != 0 && code == 0 && says&saysReplied == 0 {
		return FailureDNS
	}
	detail := ""
	if len(status) > 2 {
		detail = status[2:]
	}
	switch {
	case says&saysReplied != 0:
		return FailureReply
	case code >= 400 && code < 500 && detail != "4.7":
		return FailureReply // no server gives up with a 4xx: it is the last answer that is told
	case says&saysExpired != 0:
		return FailureExpired
	case code >= 400:
		return FailureReply
	case detail == "4.7":
		return FailureExpired
	case detail == "4.1" || detail == "4.2":
		return FailureTimeout
	case detail == "4.3" || detail == "4.4":
		return FailureDNS
	case says&saysReason != 0:
		return FailureReply
	case strings.HasPrefix(status, "5.1.") || strings.HasPrefix(status, "5.2.") || strings.HasPrefix(status, "5.7."):
		return FailureReply
	}
	return ""
}

// firstConnection reports whether the words tell a failed connection before they tell an answer.
func firstConnection(words string) bool {
	book := phrases()
	conn, said := len(words), len(words)
	book.body.find(foldCase(words), func(id, start, _ int) {
		switch m := book.bodyMean[id]; {
		case m&connection != 0:
			conn = min(conn, start)
		case m&saysReplied != 0:
			said = min(said, start)
		}
	})
	return conn < said
}

func connectionFailure(says meaning) Failure {
	switch {
	case says&saysRefused != 0:
		return FailureRefused
	case says&saysUnreachable != 0:
		return FailureUnreachable
	case says&saysTLS != 0:
		return FailureTLS
	case says&saysDNS != 0:
		return FailureDNS
	}
	return FailureTimeout
}
