package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// How often and how late things are told.
const (
	mostADay = 6
	// mostOfMail is how many of them may be about messages: the others are kept for what happens to the service.
	mostOfMail = 4
	// Bounces come in bursts. They are told together, once none came for settle, at the latest after mostSettle.
	settle     = 90 * time.Second
	mostSettle = 10 * time.Minute
	// oldNews is the age from which on something is not told any more: whoever was away for long looks at the window.
	oldNews = 7 * 24 * time.Hour
	// steady is how long a provider has to work again before that is told, and steadyAfterSwings where it came and went.
	steady            = 10 * time.Minute
	steadyAfterSwings = 45 * time.Minute
	// oldBack is the age from which on it is not told any more that a provider is back.
	oldBack = 24 * time.Hour
	// backPatience is how long after its end the telling waits for what came back meanwhile to be read.
	backPatience = 25 * time.Minute
	// Who was told that a provider is back, and it goes again within soonAgain, is told of that once it lasts.
	soonAgain = 2 * time.Hour
	lasts     = time.Hour
	// calm is how long a provider has to work again before people are told to send again.
	calm = 30 * time.Minute
	// longestText is how much of an address or subject a notice shows, in letters.
	longestText = 60
)

// apart is the least time between a notice of bounces and the one before, by how many the last day had: in a storm each
// notice gathers more than the one before.
var apart = [mostOfMail + 1]time.Duration{0, 15 * time.Minute, time.Hour, 4 * time.Hour, 4 * time.Hour}

// view is all that the telling looks at.
type view struct {
	now       time.Time
	incidents []Incident
	items     []Item
	found     map[string]time.Time // by bounce key: when this process met it first
	refused   []refusedLogin
	claimed   map[string]bool
	told      []Told            // of the last day
	courses   map[string]course // by incident
	// quiet reports whether an instant lies in the quiet hours; nil where there are none.
	quiet    func(time.Time) bool
	reads    bool      // mail is read
	reviewed time.Time // since when all mail that is read was last reviewed; zero where some was not yet, or none is read
}

// refusedLogin is an account whose login is refused.
type refusedLogin struct {
	account string
	name    string // what a person calls the provider
	since   time.Time
	why     Why // WhyPassword or WhyLong
}

// course is how the endpoints of an incident have been of late.
type course struct {
	passed time.Time // when one of them last worked
	failed time.Time // when one of them last did not, or its connection ended
	unread time.Time // until when mail could not be read
	works  bool      // each of them worked when it was last looked at
	swings bool      // it came and went lately
}

// due gives the notices that are due and were not told, the most important first; every one at most once, whatever is
// claimed in between. It is a pure function; limits, quiet hours and snooze are the caller's.
func (v *view) due() []Notice {
	var list []Notice
	for _, i := range v.incidents {
		list = append(list, v.ofIncident(i)...)
	}
	for _, r := range v.refused {
		list = append(list, v.ofRefused(r)...)
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

// ofRefused: a login is refused for good.
func (v *view) ofRefused(r refusedLogin) []Notice {
	since := r.account + "/" + stamp(r.since)
	if r.why == WhyPassword {
		title := say("watch.notice.password").about("Account", text(r.account))
		return v.of(KindPassword, title, []string{"password/" + since}, say("watch.notice.password.body"))
	}
	title := say("watch.notice.refused").about("Account", text(r.account))
	return v.of(KindRefused, title, []string{"refused/" + since}, say("watch.notice.refused.body").about("Name", text(r.name)).about("Time", r.since))
}

// ofReopened: a bounce later than the tick opens the item again.
func (v *view) ofReopened() []Notice {
	g := v.gather(func(it Item, b ItemBounce) bool { return !it.Done.IsZero() && b.At.After(it.Done) })
	if len(g.hit) == 0 || !g.settled(v.now) {
		return nil
	}
	body := say("watch.notice.reopened.list")
	if len(g.hit) == 1 {
		body = say("watch.notice.reopened.body").about("Subject", text(g.hit[0].Subject)).about("Recipient", text(g.hit[0].Recipient))
	}
	return v.of(KindReopened, sayN("watch.notice.reopened", len(g.hit)), g.keys, body)
}

// gathered are bounces that are told together.
type gathered struct {
	keys           []string
	hit            []Item    // the items that they are about
	newest, oldest time.Time // when this process met them
}

// gather finds the bounces of a kind that are to be told.
func (v *view) gather(which func(Item, ItemBounce) bool) gathered {
	g := gathered{oldest: v.now}
	taken := map[string]bool{}
	for _, it := range v.items {
		before := len(g.keys)
		for _, b := range it.Bounces {
			if !v.fresh(b) || taken[b.Key] || !which(it, b) {
				continue
			}
			taken[b.Key] = true
			g.keys = append(g.keys, "bounce/"+b.Key)
			met := v.found[b.Key]
			if met.After(g.newest) {
				g.newest = met
			}
			if met.Before(g.oldest) {
				g.oldest = met
			}
		}
		if len(g.keys) > before {
			g.hit = append(g.hit, it)
		}
	}
	return g
}

// settled reports whether no more of them is to be waited for.
func (g *gathered) settled(now time.Time) bool {
	return now.Sub(g.newest) >= settle || now.Sub(g.oldest) >= mostSettle
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
	g := v.gather(func(it Item, _ ItemBounce) bool { return it.Done.IsZero() })
	if len(g.hit) == 0 || !g.settled(v.now) || v.toldOfBounces() {
		return nil
	}
	notices := v.of(KindBounces, sayN("watch.notice.bounces", len(g.hit)).about("Domain", domains(g.hit)), g.keys, v.fates(g.hit))
	for i := range notices {
		notices[i].Marks = v.marks(g.hit)
	}
	return notices
}

// toldOfBounces reports whether it is too early to tell of bounces again.
func (v *view) toldOfBounces() bool {
	n, last := 0, time.Time{}
	for _, t := range v.told {
		if t.Kind == KindBounces {
			n, last = n+1, t.At
		}
	}
	return n > 0 && v.now.Sub(last) < apart[min(n, mostOfMail)]
}

// unsettled reports whether bounces wait for more of their kind.
func (v *view) unsettled() bool {
	g := v.gather(func(it Item, b ItemBounce) bool { return it.Done.IsZero() || b.At.After(it.Done) })
	return len(g.hit) > 0 && !g.settled(v.now)
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
		list = append(list, "password/"+r.account+"/"+stamp(r.since), "refused/"+r.account+"/"+stamp(r.since))
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
