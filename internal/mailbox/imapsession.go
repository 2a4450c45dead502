package mailbox

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// session is one conversation with an IMAP server. Its files (imapsession, imapcommands, imapfetch) are the only ones that know
// the library's client, and they offer only what reads: a test looks that nothing else is called and that no other room imports it.
//
// Every command runs under a watchdog ([session.do]): the library waits for ever for an answer that does not come.
type session struct {
	account
	client *imapclient.Client
	guard  *guard
	limits Timeouts
	folder string // the folder open now
	// deflated is set where what is sent is compressed; spoke, once a command was answered.
	deflated, spoke bool
	// arrivals gets the number of messages in the open folder when the server says by itself that it changed.
	arrivals chan uint32
}

// open connects, secures, logs in ([course]) and agrees on compression unless plainly, and hands the connection to the library.
func (a account) open(ctx context.Context, cfg *IMAPConfig, with credentials, plainly bool) (*session, error) {
	c := a.newCourse(cfg)
	t, err := c.enter(ctx, with)
	if err != nil {
		return nil, err
	}
	return c.handOver(ctx, t, plainly)
}

// handOver makes a session of a conversation that is logged in. Where that fails, the connection is closed.
func (c *course) handOver(ctx context.Context, t *talk, plainly bool) (*session, error) {
	s := &session{account: c.account, limits: c.cfg.Timeouts, arrivals: make(chan uint32, 1)}
	if !plainly {
		err := c.step(ctx, StageCapabilities, func(ctx context.Context, _ *StageResult) (err error) {
			s.deflated, err = t.compress(ctx)
			return err
		})
		if err != nil {
			t.guard.abort()
			return nil, err
		}
	}
	s.guard = t.handOver()
	s.client = imapclient.New(s.guard, &imapclient.Options{UnilateralDataHandler: s.listener()})
	if err := s.do(ctx, StageCapabilities, s.client.WaitGreeting); err != nil {
		s.close()
		return nil, err
	}
	s.spoke = false // that greeting was made up
	return s, nil
}

// close ends the conversation without a word and waits for the library's reader.
func (s *session) close() {
	s.guard.abort()
	<-s.client.Closed()
}

// logout ends it politely, if the server is quick.
func (s *session) logout(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, min(2*time.Second, s.limits.Idle))
	defer cancel()
	s.do(ctx, StageFetch, func() error { return s.client.Logout().Wait() })
	s.close()
}

// do runs one command: the end of ctx, a silence, or a whole answer that takes too long close the connection, which is
// the one thing that ends the library's waiting.
func (s *session) do(ctx context.Context, stage Stage, command func() error) error {
	timed, cancel := context.WithTimeout(ctx, s.limits.Command)
	defer cancel()
	defer context.AfterFunc(timed, s.guard.abort)()
	defer s.guard.await(s.limits.Idle)()
	err := command()
	if err == nil {
		s.spoke = true
		return nil
	}
	return s.explain(ctx, timed, stage, err)
}
