package bounce

import "testing"

// TestFailure holds the reading of one recipient's words to what they tell.
func TestFailure(t *testing.T) {
	for words, want := range map[string]Recipient{
		"host mx.libero.it[192.0.2.1] said: 550 5.1.1 <a@libero.it>: User unknown (in reply to RCPT TO command)":       {ReplyCode: 550, Status: "5.1.1", Failure: FailureReply, Remote: "mx.libero.it"},
		"host mx.libero.it[192.0.2.1] refused to talk to me: 421 mx.libero.it too many connections":                    {ReplyCode: 421, Failure: FailureReply, Remote: "mx.libero.it"},
		"connect to mx.libero.it[192.0.2.1]:25: Connection refused":                                                    {Failure: FailureRefused, Remote: "mx.libero.it"},
		"connect to mx.libero.it[192.0.2.1]:25: No route to host":                                                      {Failure: FailureUnreachable, Remote: "mx.libero.it"},
		"conversation with mx.libero.it[192.0.2.1] timed out while receiving the initial server greeting":              {Failure: FailureTimeout, Remote: "mx.libero.it"},
		"Host or domain name not found. Name service error for name=libero.it type=MX: Host not found, try again":      {Failure: FailureDNS, Remote: "libero.it"},
		"Cannot start TLS: handshake failure":                                                                          {Failure: FailureTLS},
		"lost connection with mx.libero.it[192.0.2.1] while sending end of data -- message may be sent more than once": {Failure: FailureTimeout, Remote: "mx.libero.it", MaybeDelivered: true},
		"lost connection with mx.libero.it[192.0.2.1] while receiving the initial server greeting":                     {Failure: FailureTimeout, Remote: "mx.libero.it"},
		"an MX or SRV record indicated no SMTP service":                                                                {Failure: FailureDNS},
		"all hosts for 'libero.it' have been failing for a long time (and retry time not reached)":                     {Failure: FailureExpired},
		"retry timeout exceeded":                                                                       {Failure: FailureExpired},
		"452 too many recipients: retry timeout exceeded":                                              {ReplyCode: 452, Failure: FailureReply},
		"550 4.4.7 QUEUE.Expired; message expired":                                                     {ReplyCode: 550, Status: "4.4.7", Failure: FailureExpired},
		"550 5.4.316 Message expired, connection refused(Socket error code 10061)":                     {ReplyCode: 550, Status: "5.4.316", Failure: FailureRefused},
		"554 5.4.0 Connection timed out":                                                               {ReplyCode: 554, Status: "5.4.0", Failure: FailureTimeout},
		"Remote host said: 451 4.4.3 DNS error, connection timed out":                                  {ReplyCode: 451, Status: "4.4.3", Failure: FailureReply},
		"550 5.1.2 <a@libero.it>: no such domain":                                                      {ReplyCode: 550, Status: "5.1.2", Failure: FailureReply},
		"554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.2 Connection timed out>": {ReplyCode: 421, Status: "4.4.2", Failure: FailureTimeout},
		"421 mx.libero.it LIBERO No reverse DNS [192.0.2.9; LIB_120]":                                  {ReplyCode: 421, Failure: FailureReply},
		"Connected to 192.0.2.1 but connection died. Possible duplicate! (#4.4.2)":                     {Status: "4.4.2", Failure: FailureTimeout, Remote: "192.0.2.1", MaybeDelivered: true},
		"Mailbox of 500 KB, 250 messages and port 192.0.2.1:25 is full":                                {Failure: FailureReply},
	} {
		var got Recipient
		tell(&got, []string{words})
		if got.ReplyCode != want.ReplyCode || got.Status != want.Status || got.Failure != want.Failure || got.MaybeDelivered != want.MaybeDelivered || want.Remote != "" && got.Remote != want.Remote {
			t.Errorf("%q\nis read as %d %q %q %q %v\nwant       %d %q %q %q %v", words, got.ReplyCode, got.Status, got.Failure, got.Remote, got.MaybeDelivered,
				want.ReplyCode, want.Status, want.Failure, want.Remote, want.MaybeDelivered)
		}
	}
}

// TestPhrases reads the embedded data as the program will: an error in it would make the decoder deaf.
func TestPhrases(t *testing.T) {
	book, err := parsePhrases(phrasesTOML)
	if err != nil {
		t.Fatal(err)
	}
	heard := make(map[meaning]bool)
	for _, m := range append(append([]meaning{}, book.bodyMean...), book.subjMean...) {
		heard[m] = true
	}
	for id, m := range meanings {
		if !heard[m] {
			t.Errorf("no phrase says %q", id)
		}
	}
	if _, err := parsePhrases("[[phrase]]\nmeans = \"nothing\"\nwords = [\"x\"]"); err == nil {
		t.Error("an unknown meaning is taken")
	}
}

// TestDates reads dates as servers write them.
func TestDates(t *testing.T) {
	for v, want := range map[string]string{
		"Tue, 24 Jan 2023 09:15:02 +0100 (CET)": "2023-01-24T09:15:02+01:00",
		"24 Jan 23 09:15 EST":                   "2023-01-24T09:15:00-05:00",
		"Tue Jan 24 09:15:02 2023":              "2023-01-24T09:15:02",
		"Tue, 24 Jan 2023 09:15:02 (CEST)":      "2023-01-24T09:15:02+02:00",
		"2023-01-24T09:15:02Z":                  "2023-01-24T09:15:02Z",
		"2023-01-24 09:15:02 +0100":             "2023-01-24T09:15:02+01:00",
		"24-Jan-2023 09:15:02 GMT":              "2023-01-24T09:15:02Z",
		"1/24/2023 9:15:02 PM":                  "2023-01-24T21:15:02",
		"Tue, 24 Jan 2023 09:15:02 IST":         "2023-01-24T09:15:02", // India, Israel or Ireland
		"Tue, 24 Jan 2023 09:15:02 -0000":       "2023-01-24T09:15:02Z",
		"tomorrow":                              "",
		"Tue, 42 Jan 2023 09:15:02 +0100":       "",
	} {
		if got := parseDate(v).String(); got != want {
			t.Errorf("%q is read as %q, want %q", v, got, want)
		}
	}
}
