package advice

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/outage"
)

// trials is how many mailboxes each property is tried on; their seeds are fixed, so that a failure can be looked at.
const trials = 1500

func told(r Result) string {
	b, err := json.Marshal(struct {
		Items []Item
		Notes []Note
	}{r.Items, r.NotYours})
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// line says one item in short, for messages.
func line(it Item) string {
	rules := make([]string, 0, len(it.Reasons))
	for _, r := range it.Reasons {
		rules = append(rules, r.Rule)
	}
	return fmt.Sprintf("%s to %s: %s %s %s (%s)", it.MessageID, it.Recipient, it.Verdict, it.Proof, it.Confidence, strings.Join(rules, " "))
}

func allLines(r Result) string {
	var b strings.Builder
	for _, it := range r.Items {
		b.WriteString("\n  " + line(it))
	}
	return b.String()
}

func TestTheOrderOfReadingChangesNothing(t *testing.T) {
	for seed := range int64(trials) {
		ev := random(seed).evidence()
		want := Advise(ev)
		r := rand.New(rand.NewSource(seed))
		shuffled := ev
		shuffled.Sent, shuffled.Reports = slices.Clone(ev.Sent), slices.Clone(ev.Reports)
		shuffled.Incoming, shuffled.Queued = slices.Clone(ev.Incoming), slices.Clone(ev.Queued)
		r.Shuffle(len(shuffled.Sent), func(i, j int) { shuffled.Sent[i], shuffled.Sent[j] = shuffled.Sent[j], shuffled.Sent[i] })
		r.Shuffle(len(shuffled.Reports), func(i, j int) {
			shuffled.Reports[i], shuffled.Reports[j] = shuffled.Reports[j], shuffled.Reports[i]
		})
		r.Shuffle(len(shuffled.Incoming), func(i, j int) {
			shuffled.Incoming[i], shuffled.Incoming[j] = shuffled.Incoming[j], shuffled.Incoming[i]
		})
		r.Shuffle(len(shuffled.Queued), func(i, j int) {
			shuffled.Queued[i], shuffled.Queued[j] = shuffled.Queued[j], shuffled.Queued[i]
		})
		if got := Advise(shuffled); told(got) != told(want) {
			t.Fatalf("seed %d: read in another order\n%s\nwant\n%s", seed, told(got), told(want))
		}
	}
}

func TestABounceReadTwiceChangesNothing(t *testing.T) {
	for seed := range int64(trials) {
		d := random(seed)
		ev := d.evidence()
		if len(ev.Reports) == 0 {
			continue
		}
		want := Advise(ev)
		twice := ev
		again := ev.Reports[d.roll(len(ev.Reports))]
		again.Source = "zz, in another folder"
		if d.roll(2) == 0 {
			again.ArrivedAt = again.ArrivedAt.Add(time.Duration(d.roll(200)) * time.Hour)
		}
		twice.Reports = append(slices.Clone(ev.Reports), again)
		if got := Advise(twice); told(got) != told(want) {
			t.Fatalf("seed %d: with a bounce twice%s\nwant%s", seed, allLines(got), allLines(want))
		}
	}
}

// Time alone moves only "wait". Between two sources that contradict each other it also settles "check", once both mean the same.
func TestTimeAloneMovesOnlyWait(t *testing.T) {
	moved := 0
	for seed := range int64(trials) {
		d := random(seed)
		ev := d.evidence()
		ev.At = on("1 Sep 12:00")
		late := Advise(ev)
		ev.At = latest(ev).Add(time.Duration(d.roll(250)) * time.Hour)
		early := Advise(ev)
		after := map[string]Item{}
		for _, it := range late.Items {
			after[nameOf(it)] = it
		}
		for _, was := range early.Items {
			is, ok := after[nameOf(was)]
			switch {
			case !ok:
				t.Fatalf("seed %d: no longer advised: %s", seed, line(was))
			case was.Verdict == is.Verdict:
			case was.Verdict == Wait && is.Verdict != Fix:
				moved++
			case was.Verdict == Check && has(was, "disputed-boundary"):
			default:
				t.Fatalf("seed %d: at %s %s\nand later %s", seed, ev.At, line(was), line(is))
			}
		}
	}
	if moved < 100 {
		t.Errorf("only %d items ever moved: the trials do not try this", moved)
	}
}

// nameOf tells an item from all others, those without an id too.
func nameOf(it Item) string {
	name := it.MessageID + " " + key(it.Recipient) + " " + it.SentAt.String() + " " + it.Subject
	if it.MessageID == "" && len(it.Bounces) > 0 {
		name += " " + it.Bounces[0].Source
	}
	return name
}

func has(it Item, rule string) bool {
	return slices.ContainsFunc(it.Reasons, func(r Reason) bool { return r.Rule == rule })
}

// latest is the moment of the last thing in the mailbox.
func latest(ev Evidence) time.Time {
	var last time.Time
	note := func(at time.Time) {
		if at.After(last) {
			last = at
		}
	}
	for _, o := range ev.Sent {
		note(o.SentAt.In(ev.Zone))
	}
	for _, r := range ev.Reports {
		note(r.ArrivedAt)
		note(r.Report.BouncedAt.In(ev.Zone))
	}
	for _, in := range ev.Incoming {
		note(in.At)
	}
	for _, q := range ev.Queued {
		note(q.Arrived)
	}
	return last
}

// What the mailbox shows stands in any catalogue: a failure with no proof against it is never "wait" or "delivered", and a
// proof of delivery is never "resend".
func TestTheCatalogueOverridesNothing(t *testing.T) {
	failures := 0
	for seed := range int64(trials) {
		ev := random(seed).evidence()
		for _, c := range []*outage.Catalogue{outage.Builtin(), {}} {
			ev.Catalogue = c
			for _, it := range Advise(ev).Items {
				failed := slices.ContainsFunc(it.Bounces, func(b Bounce) bool { return b.Action == bounce.ActionFailed })
				proven := it.Proof == ProofReply || it.Proof == ProofReceipt || it.Proof == ProofVacation || it.Proof == ProofDSN
				if failed {
					failures++
				}
				if failed && !proven && (it.Verdict == Wait || it.Verdict == Delivered) {
					t.Fatalf("seed %d: it failed, and the advice is %s", seed, line(it))
				}
				if proven && it.Verdict != Delivered {
					t.Fatalf("seed %d: it is proven, and the advice is %s", seed, line(it))
				}
				if it.Proof == ProofSilence && it.Confidence == certain {
					t.Fatalf("seed %d: silence is never certain: %s", seed, line(it))
				}
			}
		}
	}
	if failures < 500 {
		t.Errorf("only %d failures were tried", failures)
	}
}

// An answer to the very message never leaves it to be sent again.
func TestAStrongProofNeverYieldsResend(t *testing.T) {
	tried := 0
	for seed := range int64(trials) {
		ev := random(seed).evidence()
		ids := map[string]int{}
		for _, o := range ev.Sent {
			ids[idKey(o.MessageID)]++
		}
		for _, it := range Advise(ev).Items {
			if it.Verdict != Resend || ids[idKey(it.MessageID)] != 1 || it.MessageID == "" || it.SentAt.IsZero() || it.Recipient == me || it.Recipient == dora {
				continue
			}
			answered := ev
			answered.Incoming = append(slices.Clone(ev.Incoming), Incoming{Source: "answer", From: key(it.Recipient), At: ev.At, InReplyTo: []string{it.MessageID}})
			for _, now := range Advise(answered).Items {
				if now.MessageID == it.MessageID && now.Recipient == it.Recipient {
					if tried++; now.Verdict == Resend {
						t.Fatalf("seed %d: answered, and still %s", seed, line(now))
					}
				}
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d answers were tried", tried)
	}
}

// Whatever a mailbox holds, there is advice or none, but no panic, and each verdict comes with a reason and what belongs to it.
func FuzzAdvise(f *testing.F) {
	for seed := range int64(20) {
		f.Add(random(seed).bytes[:400])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{bytes: b[:min(len(b), 4000)]}
		ev := d.evidence()
		for _, it := range Advise(ev).Items {
			switch {
			case len(it.Reasons) == 0:
				t.Fatalf("no reason: %s", line(it))
			case (it.Verdict == Resend) != (it.ResendWhen != ""):
				t.Fatalf("resend_when %q: %s", it.ResendWhen, line(it))
			case (it.ResendWhen == At) != !it.ResendAfter.IsZero():
				t.Fatalf("resend_after: %s", line(it))
			case it.Verdict != Wait && !it.WaitUntil.IsZero():
				t.Fatalf("wait_until: %s", line(it))
			case it.Verdict == Wait && !it.WaitUntil.IsZero() && it.WaitUntil.Before(ev.At):
				t.Fatalf("to wait until a moment that is past: %s", line(it))
			case it.Confidence == "":
				t.Fatalf("no confidence: %s", line(it))
			case it.Outage == "" && it.Phase != "", it.PhaseOther != "" && it.Phase == "":
				t.Fatalf("phase without outage: %s", line(it))
			}
		}
	})
}
