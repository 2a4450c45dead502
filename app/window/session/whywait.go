package session

import (
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// Left says in words how long it is from now to an instant, roundly: "6 more days", "5 more hours". "" where it is over.
func Left(until, now time.Time, w *words.Words) string {
	d := until.Sub(now)
	switch {
	case d <= 0:
		return ""
	case d >= 48*time.Hour:
		return w.N("board.left.days", int(d/(24*time.Hour)))
	case d >= 2*time.Hour:
		return w.N("board.left.hours", int(d/time.Hour))
	case d >= time.Minute:
		return w.N("board.left.minutes", int(d/time.Minute))
	}
	return w.T("board.left.moment")
}

// Countdown says how long an item is still to be waited for, in few words; "" where nobody knows, or nothing is waited for.
func (e Explainer) Countdown(it *advice.Item, now time.Time) string {
	until := it.WaitUntil
	if it.Verdict == advice.Resend && it.ResendWhen == advice.At {
		until = it.ResendAfter
	}
	if it.Verdict != advice.Wait && it.ResendWhen != advice.At || until.IsZero() {
		return ""
	}
	left := Left(until, now, e.Words)
	switch {
	case left != "" && it.Verdict == advice.Resend:
		return e.Words.T("board.again-in", "Left", left)
	case left != "":
		return e.Words.T("board.wait-left", "Left", left)
	case it.Verdict == advice.Resend:
		return e.Words.T("when.now")
	}
	return e.Words.T("board.wait-over")
}

// maxElsewhere is how many other addresses of a person are named.
const maxElsewhere = 3

// CannotWait says what to do where an item cannot wait, step by step; nil where there is nothing to wait for.
func (e Explainer) CannotWait(it *advice.Item, x *Index) []string {
	if it.Verdict != advice.Wait && (it.Verdict != advice.Resend || it.ResendWhen == advice.Now) {
		return nil
	}
	w := e.Words
	list := []string{w.T("board.cannot-wait.call")}
	if others := elsewhere(it, x); len(others) > 0 {
		for _, address := range others {
			list = append(list, w.T("board.cannot-wait.known", "Address", Line(address, MaxAddress)))
		}
	} else {
		list = append(list, w.T("board.cannot-wait.address"))
	}
	if it.Verdict == advice.Wait {
		list = append(list, w.T("board.cannot-wait.twice"))
	}
	return append(list, w.T("board.cannot-wait.tick"))
}

// elsewhere gives other addresses at which the same person may be reached: the same name before the @ at another domain, to
// which something arrived.
func elsewhere(it *advice.Item, x *Index) []string {
	name, domain := parted(it.Recipient)
	if name == "" || x == nil {
		return nil
	}
	var list []string
	for r, address := range x.recipients {
		if other, at := parted(address); other != name || at == domain || len(list) == maxElsewhere {
			continue
		}
		if x.reached(int32(r)) {
			list = append(list, address)
		}
	}
	return list
}

// reached reports whether something arrived at a recipient.
func (x *Index) reached(recipient int32) bool {
	for i, r := range x.recipient {
		if r == recipient && x.Items[i].Verdict == advice.Delivered {
			return true
		}
	}
	return false
}

// parted gives what stands before the last @ of an address and after it.
func parted(address string) (name, domain string) {
	for i := len(address) - 1; i >= 0; i-- {
		if address[i] == '@' {
			return Fold(address[:i]), Fold(address[i+1:])
		}
	}
	return "", ""
}

// Change says what would change the advice for an item.
func (e Explainer) Change(it *advice.Item) string {
	w := e.Words
	switch {
	case it.Verdict == advice.Wait && !it.WaitUntil.IsZero():
		return w.T("cli.explain.change.wait-until", "Time", it.WaitUntil.In(e.Zone))
	case it.Verdict == advice.Delivered && it.Proof == advice.ProofSilence:
		return w.T("cli.explain.change.silence")
	}
	return w.T("cli.explain.change." + string(it.Verdict))
}

// Peril says in a sentence what could go wrong where an item is sent again now; "" where nothing speaks against it.
func (e Explainer) Peril(it *advice.Item) string {
	w := e.Words
	switch {
	case it.Verdict == advice.Wait:
		return w.T("board.peril.wait")
	case it.Verdict == advice.Check:
		return w.T("board.peril.check")
	case it.Verdict == advice.Delivered:
		return w.T("board.peril.delivered")
	case it.Verdict == advice.Resent:
		return w.T("board.peril.resent")
	case it.Verdict == advice.Fix:
		return w.T("board.peril.fix")
	case it.ResendWhen == advice.At || it.ResendWhen == advice.WhenBack:
		return w.T("board.peril.early", "When", checklist.When(it, e.options()))
	}
	return ""
}
