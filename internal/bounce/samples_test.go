package bounce

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/BurntSushi/toml"
)

// ownTruth is testdata/truth.toml: what is true of each sample in testdata/mail. What a sample leaves out is not compared.
type ownTruth struct {
	Sample []struct {
		File, Source, Kind, Side string
		MessageID                string `toml:"message_id"`
		Recipient                []ownRecipient
	}
}

type ownRecipient struct {
	Address, Action, Status, Failure, Remote string
	OriginalAddress                          string `toml:"original_address"`
	ReplyCode                                int    `toml:"reply_code"`
	AttemptAt                                string `toml:"attempt_at"`
	RetryUntil                               string `toml:"retry_until"`
	MaybeDelivered                           bool   `toml:"maybe_delivered"`
}

func readOwnTruth(tb testing.TB) ownTruth {
	tb.Helper()
	var truth ownTruth
	if _, err := toml.DecodeFile("testdata/truth.toml", &truth); err != nil {
		tb.Fatal(err)
	}
	return truth
}

func TestOwnSamples(t *testing.T) {
	for _, s := range readOwnTruth(t).Sample {
		t.Run(s.File, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata/mail", s.File+".eml"))
			if err != nil {
				t.Fatal(err)
			}
			r, err := Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if string(r.Kind) != s.Kind {
				t.Errorf("kind is %q (%s), want %q", r.Kind, r.Why, s.Kind)
			}
			if s.MessageID != "" && r.Original.MessageID != s.MessageID {
				t.Errorf("the original's id is %q, want %q", r.Original.MessageID, s.MessageID)
			}
			if s.Side != "" && string(r.ReportedBy.Side) != s.Side {
				t.Errorf("reported by %q as %q, want %q", r.ReportedBy.Host, r.ReportedBy.Side, s.Side)
			}
			if len(r.Recipients) != len(s.Recipient) {
				t.Fatalf("recipients are %+v, want %+v", r.Recipients, s.Recipient)
			}
			for i, want := range s.Recipient {
				compareRecipient(t, r.Recipients[i], want)
			}
		})
	}
}

func compareRecipient(t *testing.T, got Recipient, want ownRecipient) {
	t.Helper()
	differ := func(what, got, want string) {
		if want != "" && got != want {
			t.Errorf("%s is %q, want %q (reply %q)", what, got, want, got)
		}
	}
	differ("address", got.Address, want.Address)
	differ("original address", got.OriginalAddress, want.OriginalAddress)
	differ("action", string(got.Action), want.Action)
	differ("status", got.Status, want.Status)
	if string(got.Failure) != want.Failure && want.Failure != "" {
		t.Errorf("failure is %q, want %q (reply %q)", got.Failure, want.Failure, got.Reply)
	}
	differ("remote host", got.Remote, want.Remote)
	differ("time of the attempt", got.AttemptAt.String(), want.AttemptAt)
	differ("end of the retries", got.RetryUntil.String(), want.RetryUntil)
	if want.ReplyCode != 0 && got.ReplyCode != want.ReplyCode {
		t.Errorf("reply code is %d, want %d (reply %q)", got.ReplyCode, want.ReplyCode, got.Reply)
	}
	if got.MaybeDelivered != want.MaybeDelivered {
		t.Errorf("may have been delivered: %v, want %v", got.MaybeDelivered, want.MaybeDelivered)
	}
}
