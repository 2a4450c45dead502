package resend

import (
	"context"
	"errors"
	"io"
	"strings"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// Drafts hands the copies of all that a report wants sent again, and that is not ticked off, to visit, for
// [checklist.Options].Drafts. A message of which there can be no copy is left out: the list has it.
func (f Finder) Drafts(ctx context.Context, r checklist.Report, o checklist.Options) func(visit func(checklist.Draft) error) error {
	return func(visit func(checklist.Draft) error) error {
		return f.Each(ctx, toSendAgain(r, o), func(m Message, copies []Copy, unsound error) error {
			if errors.Is(unsound, ErrUnsound) {
				return nil
			}
			for _, c := range copies {
				if err := visit(c.draft(m.For[0], o.Words)); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// Bundle writes the copies of one message as a zip, with a text that says which is for whom. r is the list that the message is of:
// when and from what it was made is told, too.
func Bundle(out io.Writer, copies []Copy, of *advice.Item, r checklist.Report, o checklist.Options) error {
	o.Drafts = func(visit func(checklist.Draft) error) error {
		for _, c := range copies {
			if err := visit(c.draft(of, o.Words)); err != nil {
				return err
			}
		}
		return nil
	}
	return checklist.Write(out, checklist.EML, r, o)
}

func (c Copy) draft(of *advice.Item, w *words.Words) checklist.Draft {
	return checklist.Draft{Name: c.Name, To: c.To, Subject: of.Subject, Notes: c.Says(w), File: c}
}

// toSendAgain groups what is to be sent again by message, in the order to work through.
func toSendAgain(r checklist.Report, o checklist.Options) (messages []Message) {
	place, known := map[string]int{}, map[string][]*advice.Item{}
	key := func(item *advice.Item) string {
		if item.MessageID != "" {
			return strings.ToLower(item.MessageID)
		}
		return checklist.Key(&advice.Item{SentAt: item.SentAt, Subject: item.Subject})
	}
	for i := range r.Items {
		k := key(&r.Items[i])
		known[k] = append(known[k], &r.Items[i])
	}
	for _, item := range checklist.Order(r) {
		if item.Verdict != advice.Resend || o.Ticked(item) {
			continue
		}
		k := key(item)
		at, ok := place[k]
		if !ok {
			at = len(messages)
			place[k] = at
			messages = append(messages, Message{Known: known[k], At: r.At})
		}
		messages[at].For = append(messages[at].For, item)
	}
	return messages
}
