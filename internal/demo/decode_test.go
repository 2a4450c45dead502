package demo

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"rimbalzo/internal/bounce"
)

// Every layout says what the story means, as far as that kind of server lets on.
func TestBouncesSayWhatTheStoryTells(t *testing.T) {
	st, err := readScript()
	if err != nil {
		t.Fatal(err)
	}
	l, err := readLayouts()
	if err != nil {
		t.Fatal(err)
	}
	layoutsSeen := map[string]bool{}
	for _, s := range st.Sent {
		s.Follows = "" // it is alone here
		a := &author{script: st, layouts: l, sentBy: map[string]written{}}
		if err := a.send(s); err != nil {
			t.Fatal(err)
		}
		for i, b := range s.Bounce {
			t.Run(fmt.Sprintf("%s/%s/%s", s.ID, b.Is, b.At.Format("02-15")), func(t *testing.T) {
				by := st.Route[s.Via]
				if b.By != "" {
					by = st.Route[b.By]
				}
				layoutsSeen[by.Layout+" "+b.Is] = true
				// The message sent comes first, then its bounces in their order.
				compare(t, a, s, b, by, a.out[1+i])
			})
		}
	}
	for _, want := range []string{
		"postfix delayed", "postfix failed", "postfix delivered", "postfix relayed", "exim delayed", "exim failed",
		"gmail delayed", "gmail failed", "exchange-online failed", "qmail failed", "opensmtpd delayed", "opensmtpd failed",
		"sendmail delayed", "sendmail failed", "courier delayed", "courier failed", "italiaonline failed", "italiaonline delivered",
	} {
		if !layoutsSeen[want] {
			t.Errorf("no bounce of the kind %s", want)
		}
	}
}

func compare(t *testing.T, a *author, s sent, b bounceOf, by route, m message) {
	t.Helper()
	rep, err := bounce.Decode(bytes.NewReader(m.raw))
	if err != nil {
		t.Fatal(err)
	}
	if string(rep.Kind) != b.Is {
		t.Errorf("it is %q, want %q\n%s", rep.Kind, b.Is, m.raw)
	}
	if got, want := rep.Original.MessageID, a.sentBy[s.ID].head.messageID; got != want {
		t.Errorf("it is about %q, want %q", got, want)
	}
	if !rep.BouncedAt.At.Equal(m.arrived) {
		t.Errorf("it is of %v, want %v", rep.BouncedAt, m.arrived)
	}
	if by.Layout == "italiaonline" && rep.ReportedBy.Side != bounce.SideRecipient {
		t.Errorf("the provider's own server reports as %q", rep.ReportedBy.Side)
	}
	ids := b.To
	if len(ids) == 0 {
		ids = slices.Concat(s.To, s.Cc, s.Bcc)
	}
	var want, got []string
	for _, id := range ids {
		if b.Names != "" {
			want = append(want, b.Names)
			continue
		}
		want = append(want, a.Person[id].Address)
	}
	reply := a.Reply[b.Why]
	for _, r := range rep.Recipients {
		got = append(got, r.Address)
		if string(r.Action) != b.Is {
			t.Errorf("%s is %q, want %q", r.Address, r.Action, b.Is)
		}
		if b.Is != "failed" || b.Expired {
			continue // warnings and expiries of some servers keep the cause to themselves
		}
		if string(r.Failure) != reply.Failure || r.ReplyCode != reply.Code {
			t.Errorf("%s ended with %q %d, want %q %d", r.Address, r.Failure, r.ReplyCode, reply.Failure, reply.Code)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("it names %v, want %v", got, want)
	}
}
