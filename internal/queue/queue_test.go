package queue

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var rome = time.FixedZone("CET", 3600)

// taken is when each of the listings below was made.
var taken = time.Date(2023, 1, 24, 12, 0, 0, 0, rome)

func TestRead(t *testing.T) {
	sent := time.Date(2023, 1, 23, 16, 32, 36, 0, rome)
	for name, tc := range map[string]struct {
		listing string
		want    []Entry
	}{
		"postqueue -j": {
			`{"queue_name": "deferred", "queue_id": "3DD9C159", "arrival_time": 1674487956, "message_size": 911, "sender": "anna@bianchi.example", "recipients": [{"address": "uno@libero.it", "delay_reason": "connect to smtp-in.libero.it[192.0.2.1]:25: Connection refused"}, {"address": "due@virgilio.it"}]}` + "\n",
			[]Entry{
				{"3DD9C159", "anna@bianchi.example", "uno@libero.it", sent, "connect to smtp-in.libero.it[192.0.2.1]:25: Connection refused"},
				{"3DD9C159", "anna@bianchi.example", "due@virgilio.it", sent, ""},
			},
		},
		"postqueue -p": {
			`-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------
3DD9C159*     911 Mon Jan 23 16:32:36  anna@bianchi.example
(connect to smtp-in.libero.it[192.0.2.1]:25: Connection refused)
                                         uno@libero.it
                                         due@libero.it

4AA           700 Sat Dec 31 23:00:00  MAILER-DAEMON
                                         tre@virgilio.it

-- 2 Kbytes in 2 Requests.
`,
			[]Entry{
				{"3DD9C159", "anna@bianchi.example", "uno@libero.it", sent, "connect to smtp-in.libero.it[192.0.2.1]:25: Connection refused"},
				{"3DD9C159", "anna@bianchi.example", "due@libero.it", sent, "connect to smtp-in.libero.it[192.0.2.1]:25: Connection refused"},
				{"4AA", "", "tre@virgilio.it", time.Date(2022, 12, 31, 23, 0, 0, 0, rome), ""},
			},
		},
		"sendmail mailq": {
			"\t\t/var/spool/mqueue (1 request)\n-----Q-ID----- --Size-- -----Q-Time----- ------------Sender/Recipient-----------\n" +
				"30NFWaXX012345*    1234 Mon Jan 23 16:32 <anna@bianchi.example>\n                 (Deferred: Connection refused by smtp-in.libero.it.)\n\t\t\t\t\t <uno@libero.it>\n\t\tTotal requests: 1\n",
			[]Entry{{"30NFWaXX012345", "anna@bianchi.example", "uno@libero.it", sent.Truncate(time.Minute), "Deferred: Connection refused by smtp-in.libero.it."}},
		},
		"exim -bp": {
			"19h  2.9K 1pJyoG-00031g-08 <anna@bianchi.example>\n        D quattro@libero.it\n          uno@libero.it\n\n 2d  1.1K 1pJyoG-00031g-09 <> *** frozen ***\n          anna@bianchi.example\n",
			[]Entry{
				{"1pJyoG-00031g-08", "anna@bianchi.example", "uno@libero.it", taken.Add(-19 * time.Hour), ""},
				{"1pJyoG-00031g-09", "", "anna@bianchi.example", taken.Add(-48 * time.Hour), ""},
			},
		},
		"an empty queue": {"Mail queue is empty\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Read(strings.NewReader(tc.listing), taken, rome)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(tc.want) {
				t.Fatalf("%d entries, want %d: %+v", len(got), len(tc.want), got)
			}
			for i := range got {
				if !got[i].Arrived.Equal(tc.want[i].Arrived) {
					t.Errorf("entry %d arrived %v, want %v", i, got[i].Arrived, tc.want[i].Arrived)
				}
				got[i].Arrived = tc.want[i].Arrived
				if got[i] != tc.want[i] {
					t.Errorf("entry %d is %+v, want %+v", i, got[i], tc.want[i])
				}
			}
		})
	}
}

func TestReadRefusesOtherFiles(t *testing.T) {
	for _, text := range []string{"", "From: a@b.example\n\nHello", "{\"a\": 1}\n", strings.Repeat("x", maxLine+1)} {
		if _, err := Read(strings.NewReader(text), taken, rome); !errors.Is(err, ErrFormat) {
			t.Errorf("%.30q gave %v, want ErrFormat", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("{\"queue_id\": \"1\", \"recipients\": [{\"address\": \"a@b\"}]}\n")
	f.Add("3DD9C159*     911 Mon Jan 23 16:32:36  a@b.example\n(x)\n   c@d.example\n")
	f.Add("19h  2.9K 1pJyoG-00031g-08 <a@b.example>\n        D c@d\n")
	f.Fuzz(func(t *testing.T, text string) {
		entries, err := Read(strings.NewReader(text), taken, rome)
		if err != nil {
			return
		}
		for _, e := range entries {
			if e.Recipient == "" || len(e.Reason) > maxReason+len("…") {
				t.Errorf("entry %+v", e)
			}
		}
	})
}
