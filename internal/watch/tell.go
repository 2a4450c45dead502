package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/probe"
)

// How often and how late things are told.
const (
	mostADay = 6
	// mostOfMail is how many of them may be about messages: the others are kept for what happens to the service.
	mostOfMail = 4
	// Bounces come in bursts. They are told together, once none came for settle, at the latest after mostSettle.
	settle     = 5 * time.Minute
	mostSettle = 20 * time.Minute
	// oldNews is the age from which on something is not told any more: whoever was away for long looks at the window.
	oldNews = 7 * 24 * time.Hour
	// steady is how long a provider has to work again before that is told: it may come and go.
	steady = 10 * time.Minute
	// calm is how long a provider has to work again before people are told to send again.
	calm = 30 * time.Minute
	// longestText is how much of an address or subject a notice shows, in letters.
	longestText = 60
)

// view is all that the telling looks at.
type view struct {
	now       time.Time
	incidents []Incident
	items     []Item
	found     map[string]time.Time // by bounce key: when this process met it first
	refused   []refusedLogin
	claimed   map[string]bool
	reviewed  time.Time // since when all mail that is read was last reviewed; zero where some was not yet, or none is read
}

// refusedLogin is an account whose password is wrong.
type refusedLogin struct {
	account string
	since   time.Time
}

// due gives the notices that are due and were not told, the most important first; every one at most once, whatever is
// claimed in between. It is a pure function; limits, quiet hours and snooze are the caller's.
func (v *view) due() []Notice {
	var list []Notice
	for _, i := range v.incidents {
		list = append(list, v.ofIncident(i)...)
	}
	for _, r := range v.refused {
		list = append(list, v.of(KindPassword, say("watch.notice.password").about("Account", text(r.account)),
			[]string{"password/" + r.account + "/" + stamp(r.since)}, say("watch.notice.password.body"))...)
	}
	list = append(list, v.ofReopened()...)
	list = append(list, v.ofResend()...)
	list = append(list, v.ofWaited()...)
	list = append(list, v.ofBounces()...)
	return list
}

// of makes a notice of keys, none where one of them was claimed.
func (v *view) of(kind Kind, title Sentence, keys []string, body ...Sentence) []Notice {
	if slices.ContainsFunc(keys, func(key string) bool { return v.claimed[key] }) {
		return nil
	}
	return []Notice{{ID: noticeID(kind, keys), Kind: kind, At: v.now, Title: title, Body: body, Keys: keys}}
}

// noticeID names a notice by what it tells of.
func noticeID(kind Kind, keys []string) string {
	h := sha256.New()
	for _, key := range slices.Sorted(slices.Values(keys)) {
		h.Write([]byte(key + "\n"))
	}
	return string(kind) + "-" + hex.EncodeToString(h.Sum(nil)[:8])
}

func (v *view) ofIncident(i Incident) []Notice {
	down := "down/" + i.ID
	if i.Open() {
		n := v.of(KindDown, say("watch.notice.down").about("Name", text(i.Name)), []string{down},
			say("watch.notice.down.since").about("Time", i.Begin).about("List", directions(i.Directions)), say("watch.notice.down.body"))
		return n
	}
	// Whoever was not told that it went need not be told that it is back.
	if !v.claimed[down] || v.now.Sub(i.End) < steady || v.now.Sub(i.End) > 24*time.Hour {
		return nil
	}
	body := []Sentence{say("watch.notice.back.after").about("Duration", i.End.Sub(i.Begin))}
	switch n := v.meanwhile(i); {
	case n > 0:
		body = append(body, sayN("watch.notice.back.bounces", n))
	case v.reviewed.After(i.End):
		body = append(body, say("watch.notice.back.none"))
	default:
		body = append(body, say("watch.notice.back.later"))
	}
	return v.of(KindBack, say("watch.notice.back").about("Name", text(i.Name)), []string{"back/" + i.ID}, body...)
}

// meanwhile counts the messages that came back during an incident.
func (v *view) meanwhile(i Incident) int {
	n := 0
	for _, it := range v.items {
		if slices.ContainsFunc(it.Bounces, func(b ItemBounce) bool { return !b.At.Before(i.Begin) && !b.At.After(i.End) }) {
			n++
		}
	}
	return n
}

func directions(list []probe.Direction) []Sentence {
	var all []Sentence
	for _, d := range list {
		all = append(all, say("watch.direction."+string(d)))
	}
	return all
}

// ofReopened: a bounce later than the tick opens the item again.
func (v *view) ofReopened() []Notice {
	var list []Notice
	for _, it := range v.items {
		if it.Done.IsZero() {
			continue
		}
		for _, b := range it.Bounces {
			if b.At.After(it.Done) && v.fresh(b) {
				n := v.of(KindReopened, say("watch.notice.reopened"), []string{"bounce/" + b.Key},
					say("watch.notice.reopened.body").about("Subject", text(it.Subject)).about("Recipient", text(it.Recipient)))
				list = append(list, n...)
			}
		}
	}
	return list
}

// fresh reports whether a bounce is new enough to be told, and was not.
func (v *view) fresh(b ItemBounce) bool {
	return !v.claimed["bounce/"+b.Key] && v.now.Sub(b.At) <= oldNews
}

// ofResend: items of which a notice said that it was too early, and now it is time.
func (v *view) ofResend() []Notice {
	var keys []string
	var ready []Item
	back := v.back()
	for _, it := range v.items {
		if it.Done.IsZero() && v.claimed["later/"+it.Key] && !v.claimed["now/"+it.Key] && it.ready(v.now, back) {
			keys = append(keys, "now/"+it.Key)
			ready = append(ready, it)
		}
	}
	if len(ready) == 0 || v.troubled() {
		return nil
	}
	return v.of(KindResend, say("watch.notice.resend"), keys,
		sayN("watch.notice.resend.body", len(ready)).about("Domain", domains(ready)))
}

// troubled reports whether some provider is in trouble by what was seen, or has only just come back.
func (v *view) troubled() bool {
	return slices.ContainsFunc(v.incidents, func(i Incident) bool { return i.Open() || v.now.Sub(i.End) < calm })
}

// back reports whether a provider was seen to come back.
func (v *view) back() bool { return len(v.incidents) > 0 && !v.troubled() }

// ofWaited: items that were to wait, and a review after the end of the waiting says what became of them.
func (v *view) ofWaited() []Notice {
	var keys []string
	count := map[advice.Verdict]int{}
	for _, it := range v.items {
		// Of those that came back meanwhile, the bounce is told.
		open := it.Verdict == advice.Delivered || it.Verdict == advice.Resent || it.Verdict == advice.Check
		if open && it.Done.IsZero() && v.claimed["wait/"+it.Key] && !v.claimed["waited/"+it.Key] {
			keys = append(keys, "waited/"+it.Key)
			count[it.Verdict]++
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return v.of(KindWaited, sayN("watch.notice.waited", len(keys)), keys, parts(
		part{"watch.notice.part.arrived", count[advice.Delivered] + count[advice.Resent]},
		part{"watch.notice.part.check", count[advice.Check]},
	))
}

// part is a share of the messages of a notice.
type part struct {
	id string
	n  int
}

// parts enumerates the shares that are not empty.
func parts(all ...part) Sentence {
	var list []Sentence
	for _, p := range all {
		if p.n > 0 {
			list = append(list, sayN(p.id, p.n))
		}
	}
	return say("watch.notice.parts").about("List", list)
}

// ofBounces: all new bounces in one notice.
func (v *view) ofBounces() []Notice {
	var keys []string
	var hit []Item
	taken := map[string]bool{}
	newest, oldest := time.Time{}, v.now
	for _, it := range v.items {
		if !it.Done.IsZero() {
			continue
		}
		before := len(keys)
		for _, b := range it.Bounces {
			if !v.fresh(b) || taken[b.Key] {
				continue
			}
			taken[b.Key] = true
			keys = append(keys, "bounce/"+b.Key)
			met := v.found[b.Key]
			if met.After(newest) {
				newest = met
			}
			if met.Before(oldest) {
				oldest = met
			}
		}
		if len(keys) > before {
			hit = append(hit, it)
		}
	}
	settled := v.now.Sub(newest) >= settle || v.now.Sub(oldest) >= mostSettle
	if len(hit) == 0 || !settled {
		return nil
	}
	notices := v.of(KindBounces, sayN("watch.notice.bounces", len(hit)).about("Domain", domains(hit)), keys, v.fates(hit))
	for i := range notices {
		notices[i].Marks = v.marks(hit)
	}
	return notices
}

// fates says what is to be done about messages that came back.
func (v *view) fates(hit []Item) Sentence {
	now, afterwards, count := 0, 0, map[advice.Verdict]int{}
	for _, it := range hit {
		switch {
		case it.ready(v.now, v.back()):
			now++
		case it.Verdict == advice.Resend:
			afterwards++
		default:
			count[it.Verdict]++
		}
	}
	return parts(
		part{"watch.notice.part.resend", now}, part{"watch.notice.part.resend-later", afterwards},
		part{"watch.notice.part.wait", count[advice.Wait]}, part{"watch.notice.part.check", count[advice.Check]},
		part{"watch.notice.part.fix", count[advice.Fix]},
		part{"watch.notice.part.arrived", count[advice.Delivered] + count[advice.Resent]},
	)
}

// marks are what is to be remembered of items that a notice spoke of.
func (v *view) marks(hit []Item) []string {
	var list []string
	for _, it := range hit {
		switch {
		case it.Verdict == advice.Wait:
			list = append(list, "wait/"+it.Key)
		case it.Verdict == advice.Resend && !it.ready(v.now, v.back()):
			list = append(list, "later/"+it.Key)
		}
	}
	return slices.DeleteFunc(list, func(key string) bool { return v.claimed[key] })
}

// keys gives every key that due may ask for.
func (v *view) keys() []string {
	var list []string
	for _, i := range v.incidents {
		list = append(list, "down/"+i.ID, "back/"+i.ID)
	}
	for _, r := range v.refused {
		list = append(list, "password/"+r.account+"/"+stamp(r.since))
	}
	for _, it := range v.items {
		list = append(list, "later/"+it.Key, "now/"+it.Key, "wait/"+it.Key, "waited/"+it.Key)
		for _, b := range it.Bounces {
			list = append(list, "bounce/"+b.Key)
		}
	}
	return list
}

// domains names where messages were sent to: the domain, or the first of several and how many others.
func domains(items []Item) Sentence {
	var all []string
	for _, it := range items {
		if _, domain, ok := strings.Cut(it.Recipient, "@"); ok {
			all = with(all, text(domain))
		}
	}
	switch len(all) {
	case 0:
		return say("watch.somewhere")
	case 1:
		return say("watch.domain").about("Domain", all[0])
	}
	return sayN("watch.domains", len(all)-1).about("Domain", all[0])
}

// text makes a text of mail or of a server fit for a notice.
func text(s string) string { return checklist.Plain(s, longestText) }

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// ofMail reports whether a notice is about messages, and not about the service.
func (k Kind) ofMail() bool {
	return k == KindBounces || k == KindReopened || k == KindWaited || k == KindResend
}
