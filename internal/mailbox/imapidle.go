package mailbox

import (
	"context"

	"github.com/emersion/go-imap/v2/imapclient"
)

// listener keeps word of messages that come into the open folder: that there are some, and how many there are now. It never waits:
// the library's reader would.
func (s *session) listener() *imapclient.UnilateralDataHandler {
	return &imapclient.UnilateralDataHandler{Mailbox: func(data *imapclient.UnilateralDataMailbox) {
		if data.NumMessages == nil {
			return
		}
		select {
		case s.arrivals <- *data.NumMessages:
		default:
		}
	}}
}

// idle has the server say by itself what happens in the open folder (RFC 2177), and gives what ends that. Nothing else can be asked
// meanwhile, and no silence is too long.
func (s *session) idle(ctx context.Context) (stop func(context.Context) error, err error) {
	var cmd *imapclient.IdleCommand
	err = s.do(ctx, StageSearch, func() (err error) {
		cmd, err = s.client.Idle()
		return err
	})
	return func(ctx context.Context) error {
		return s.do(ctx, StageSearch, func() error {
			if err := cmd.Close(); err != nil {
				return err
			}
			return cmd.Wait()
		})
	}, err
}
