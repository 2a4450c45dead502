package resend

import (
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// Remark says something about sending a message again to one recipient.
type Remark struct {
	Text string
	// Red: the recipient may get the message twice, or it will fail again. It is said before the copy is made, in red.
	Red bool
}

// Choose says for which items of a message a copy is made, and of the others why there is none for them. With anyway there is one,
// and a red word, also where the message may still arrive; alone says that one recipient was asked for by name. All this is for the
// person's eyes: a copy names nobody but those whom it is for.
func Choose(items []*advice.Item, anyway, alone bool, o checklist.Options) (take []*advice.Item, remarks []Remark) {
	for _, item := range items {
		taken, remark := choose(item, anyway, alone, o)
		if taken {
			take = append(take, item)
		}
		if remark.Text != "" {
			remarks = append(remarks, remark)
		}
	}
	return take, remarks
}

func choose(item *advice.Item, anyway, alone bool, o checklist.Options) (taken bool, _ Remark) {
	w := o.Words
	if w == nil {
		w = words.New("en")
	}
	to, what := checklist.Plain(item.Recipient, maxShown), checklist.Meaning(item, w)
	switch {
	case item.Verdict == advice.Resend && item.ResendWhen != advice.Now:
		return true, Remark{w.T("export.copy.later", "Recipient", to, "When", checklist.When(item, o)), true}
	case item.Verdict == advice.Resend:
		return true, Remark{}
	case item.Verdict == advice.Wait || item.Verdict == advice.Check:
		if anyway {
			return true, Remark{w.T("export.copy.twice", "Recipient", to), true}
		}
		return false, Remark{w.T("export.copy.may-arrive", "Recipient", to, "What", what), false}
	case anyway && (item.Verdict == advice.Fix || alone):
		return true, Remark{w.T("export.copy.unwise", "Recipient", to, "What", what), true}
	}
	return false, Remark{w.T("export.copy.not-for", "Recipient", to, "What", what), false}
}

// maxShown bounds an address that is shown, in characters.
const maxShown = 254
