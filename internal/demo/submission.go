package demo

import (
	"crypto/subtle"
	"io"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// submissionTimeout ends a connection on which nothing is said; the shortest wait that RFC 5321 section 4.5.3.2 asks
// a server for is five minutes.
const submissionTimeout = 5 * time.Minute

var errSendsNothing = &smtp.SMTPError{
	Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "the demo sends nothing",
}

// newSubmission is a server to log in to and to look at: it takes no mail.
func newSubmission(user, password string, logger smtp.Logger) *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &submission{user: user, password: password}, nil
	}))
	s.Domain = "localhost"
	s.ReadTimeout, s.WriteTimeout = submissionTimeout, submissionTimeout
	s.ErrorLog = logger
	return s
}

type submission struct{ user, password string }

func (s *submission) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *submission) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.user || subtle.ConstantTimeCompare([]byte(password), []byte(s.password)) != 1 {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *submission) Mail(string, *smtp.MailOptions) error { return errSendsNothing }
func (s *submission) Rcpt(string, *smtp.RcptOptions) error { return errSendsNothing }
func (s *submission) Data(io.Reader) error                 { return errSendsNothing }
func (s *submission) Reset()                               {}
func (s *submission) Logout() error                        { return nil }
