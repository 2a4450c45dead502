package bounce

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// corpusTruth is a line of the shared truth.jsonl; null is what is not known.
type corpusTruth struct {
	Path          string
	Recipients    []string
	RecipientsAlt [][]string `json:"recipients_alt"`
	Status        string
	Action        string
	Replycode     string
	Kind          string
	Failure       string
	Final         bool   `json:"final_after_retries"`
	MessageID     string `json:"orig_message_id"`
	OrigDate      string `json:"orig_date"`
	BounceDate    string `json:"bounce_date"`
	ArrivalDate   string `json:"arrival_date"`
	LastAttempt   string `json:"last_attempt"`
	RetryUntil    string `json:"will_retry_until"`
	Confidence    string
}

// disputed are samples whose stated truth does not stand up to reading them; they are counted apart, each with its reason.
var disputed = map[string]string{
	"flufl/dsn_15.txt":                    "the truth takes the report that a gateway wrapped for the original",
	"sisimai/lhost-postfix-49.eml":        "the truth takes the report that a provider forwarded for the original",
	"flufl/dsn_17.txt":                    "Final-Recipient names another address than the truth, after the publishers' cleaning",
	"flufl/yale_01.txt":                   "the text names no address at all; the truth counts two guesses",
	"phpbh/hotmailbounce.txt":             "a complaint of Hotmail's feedback loop, not a bounce",
	"sisimai/lhost-fml-03.eml":            "a mailing list's warning of a loop; nobody failed to get the message",
	"sisimai/lhost-sendmail-38.eml":       "the truth adds the recipient of another bounce that the original had attached",
	"sisimai/lhost-sendmail-41.eml":       "the truth adds the recipient of another bounce that the original had attached",
	"sisimai/lhost-exim-38.eml":           "a warning that says it will go on trying, called final by the truth",
	"sisimai/lhost-gmail-09.eml":          "a warning that says it will go on trying, called final by the truth",
	"sisimai/lhost-amazonworkmail-05.eml": "the truth takes the status of the quoted reply and the code of the expiry around it",
	"sisimai/lhost-exchange2007-05.eml":   "QUEUE.Expired is the sender's own giving up, not a reply",
	"sisimai/lhost-googlegroups-07.eml":   "a group that may not exist is no failure of DNS",
	"sisimai/lhost-office365-06.eml":      "the sender's own words tell a failed DNS query",
	"sisimai/lhost-sendmail-24.eml":       "Host unknown is what the sender's DNS said",
	"sisimai/lhost-sendmail-42.eml":       "Host unknown is what the sender's DNS said",
	"sisimai/lhost-v5sendmail-02.eml":     "Host unknown is what the sender's DNS said",
	"sisimai/lhost-exim-06.eml":           "retry timeout exceeded tells no cause",
}

// goals are what the decoder owes, in percent of what can be measured.
var goals = []struct {
	name string
	owed float64
}{
	{"recipients strong", 99.5},
	{"recipients all", 98.5},
	{"delay kept", 100},
	{"final kept", 98},
	{"action", 99},
	{"kind", 98},
	{"status", 99},
	{"reply code", 99},
	{"failure class", 95},
	{"message-id", 99},
	{"sent time", 99},
	{"bounce time", 100},
	{"arrival time", 100},
	{"attempt time", 100},
	{"retry until", 100},
	{"not taken for a bounce", 100},
}

type tally struct {
	right, all int
	wrong      []string
}

// TestCorpusGoals measures the decoder on the shared samples by the rules of score_decode.py and fails under the goals.
func TestCorpusGoals(t *testing.T) {
	root := sharedFolder(t, "corpus")
	f, err := os.Open(filepath.Join(root, "truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	counts, whole := make(map[string]*tally), make(map[string]*tally)
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var want corpusTruth
		if err := json.Unmarshal(scan.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(root, "mail", want.Path))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(bytes.NewReader(data))
		if err != nil {
			t.Errorf("%s: %v", want.Path, err)
		}
		score(whole, want, got)
		if disputed[want.Path] == "" {
			score(counts, want, got)
		}
	}
	for _, g := range goals {
		c := counts[g.name]
		if c == nil {
			t.Errorf("%s: nothing measured", g.name)
			continue
		}
		percent := 100 * float64(c.right) / float64(c.all)
		w := whole[g.name]
		t.Logf("%-24s %4d/%-4d %6.1f %%  owed %5.1f, with the disputed %4d/%-4d %6.1f %%", g.name, c.right, c.all, percent, g.owed,
			w.right, w.all, 100*float64(w.right)/float64(w.all))
		if percent < g.owed {
			t.Errorf("%s: %.1f %% is below %.1f; wrong are %v", g.name, percent, g.owed, c.wrong)
		}
	}
	t.Logf("%d samples are counted apart because their truth is disputed", len(disputed))
}

// score compares one report with its truth, as score_decode.py does.
func score(counts map[string]*tally, want corpusTruth, got Report) {
	count := func(name string, measured, right bool) {
		if !measured {
			return
		}
		c := counts[name]
		if c == nil {
			c = &tally{}
			counts[name] = c
		}
		c.all++
		if right {
			c.right++
		} else {
			c.wrong = append(c.wrong, want.Path)
		}
	}
	bounced := want.Kind == "failed" || want.Kind == "failed?" || want.Kind == "delayed"
	if bounced && len(want.Recipients) > 0 {
		ok := sameRecipients(want, got)
		count("recipients all", true, ok)
		count("recipients strong", want.Confidence == "strong", ok)
	}
	anyRecipient := func(is func(Recipient) bool) bool {
		for _, rc := range got.Recipients {
			if is(rc) {
				return true
			}
		}
		return false
	}
	only := func(a Action) bool {
		return len(got.Recipients) > 0 && !anyRecipient(func(rc Recipient) bool { return rc.Action != a })
	}
	told := want.Kind == "failed" || want.Kind == "delayed"
	count("delay kept", want.Kind == "delayed", only(ActionDelayed))
	count("final kept", want.Final && want.Kind == "failed", only(ActionFailed))
	count("action", actionOf(want.Action) == Action(want.Action) && want.Action != "" && (told || want.Kind == "success"),
		anyRecipient(func(rc Recipient) bool { return string(rc.Action) == want.Action }))
	count("status", told && regexp.MustCompile(`^[245]\.\d`).MatchString(want.Status), anyRecipient(func(rc Recipient) bool { return rc.Status == want.Status }))
	count("reply code", told && want.Replycode != "", anyRecipient(func(rc Recipient) bool { return strconv.Itoa(rc.ReplyCode) == want.Replycode }))
	count("failure class", told && want.Failure != "", anyRecipient(func(rc Recipient) bool { return string(rc.Failure) == want.Failure }))
	count("message-id", want.MessageID != "", got.Original.MessageID == strings.Trim(want.MessageID, "<> "))
	for name, pair := range map[string][2]string{
		"sent time":    {want.OrigDate, got.Original.SentAt.String()},
		"bounce time":  {want.BounceDate, got.BouncedAt.String()},
		"arrival time": {want.ArrivalDate, got.ArrivalAt.String()},
	} {
		count(name, !parseDate(pair[0]).IsZero(), sameInstant(pair[0], pair[1]))
	}
	count("attempt time", !parseDate(want.LastAttempt).IsZero(), anyRecipient(func(rc Recipient) bool { return sameInstant(want.LastAttempt, rc.AttemptAt.String()) }))
	count("retry until", !parseDate(want.RetryUntil).IsZero(), anyRecipient(func(rc Recipient) bool { return sameInstant(want.RetryUntil, rc.RetryUntil.String()) }))
	count("not taken for a bounce", want.Kind == "autoreply" || want.Kind == "feedback" || want.Kind == "not-bounce",
		got.Kind != KindFailed && got.Kind != KindDelayed && got.Kind != KindMixed && got.Kind != KindUnreadable)
	kinds := map[string][]Kind{"failed": {KindFailed, KindMixed}, "delayed": {KindDelayed, KindMixed}, "autoreply": {KindAutoReply}, "feedback": {KindFeedback}}
	if expect, ok := kinds[want.Kind]; ok {
		count("kind", true, got.Kind == expect[0] || got.Kind == expect[len(expect)-1])
	}
}

func sameInstant(a, b string) bool {
	x, y := parseDate(a), parseDate(b)
	if x.Zoned && y.Zoned {
		return x.At.Equal(y.At)
	}
	return x.At.Format("2006-01-02T15:04:05") == y.At.Format("2006-01-02T15:04:05")
}

// sameRecipients holds the recipients to the truth's groups of equal addresses: one of each, and none beside them.
func sameRecipients(want corpusTruth, got Report) bool {
	groups := want.RecipientsAlt
	if len(groups) == 0 {
		for _, a := range want.Recipients {
			groups = append(groups, []string{a})
		}
	}
	allowed := make(map[string]bool)
	for _, g := range groups {
		for _, a := range g {
			allowed[strings.ToLower(a)] = true
		}
	}
	have := make(map[string]bool)
	for _, rc := range got.Recipients {
		if !allowed[strings.ToLower(rc.Address)] {
			return false
		}
		have[strings.ToLower(rc.Address)], have[strings.ToLower(rc.OriginalAddress)] = true, true
	}
	for _, g := range groups {
		found := false
		for _, a := range g {
			found = found || have[strings.ToLower(a)]
		}
		if !found {
			return false
		}
	}
	return true
}
