package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"time"
)

// secure brings TLS up on a connection and looks at the certificate.
func (r *run) secure(ctx context.Context, w *wire, host string) (*tls.Conn, error) {
	conn := tls.Client(w, &tls.Config{
		ServerName: strings.TrimSuffix(host, "."), RootCAs: r.target.Roots, MinVersion: tls.VersionTLS12, Time: r.deps.Now,
	})
	err := r.stage(StageTLS, func() (string, error) {
		heard := w.read.Load()
		w.SetDeadline(soon(ctx, r.limits.TLS))
		if err := conn.HandshakeContext(ctx); err != nil {
			var verify *tls.CertificateVerificationError
			if errors.As(err, &verify) {
				r.certificate(verify.UnverifiedCertificates)
			}
			return "", fail(tlsEnding(err, w.read.Load() > heard, r.deps.Now()), err)
		}
		state := conn.ConnectionState()
		chain := state.PeerCertificates
		if len(state.VerifiedChains) > 0 {
			chain = state.VerifiedChains[0]
		}
		r.certificate(chain)
		return fmt.Sprintf("%s, chain of %d, issued by %s, good until %s", tls.VersionName(state.Version), len(chain),
			clean(chain[0].Issuer.String()), r.result.CertificateUntil.UTC().Format(time.DateOnly)), nil
	})
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// certificate notes when the first of a chain ends. An authority at its end counts too: with it the chain ends.
func (r *run) certificate(chain []*x509.Certificate) {
	r.result.CertificateUntil = time.Time{}
	for _, c := range chain {
		if r.result.CertificateUntil.IsZero() || c.NotAfter.Before(r.result.CertificateUntil) {
			r.result.CertificateUntil = c.NotAfter
		}
	}
}

// tlsEnding says why the connection could not be secured; heard says whether the server answered at all.
func tlsEnding(err error, heard bool, now time.Time) Ending {
	var (
		name    x509.HostnameError
		unknown x509.UnknownAuthorityError
		roots   x509.SystemRootsError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &name):
		return EndingTLSHost
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		if invalid.Cert != nil && now.Before(invalid.Cert.NotBefore) {
			return EndingTLSEarly
		}
		return EndingTLSExpired
	case errors.As(err, &unknown), errors.As(err, &roots):
		return EndingTLSUnknownCA
	case errors.As(err, &invalid):
		return EndingTLSInvalid
	case errors.As(err, &record):
		return EndingTLSPlain
	case errors.Is(err, errFlood):
		return EndingFlood
	case isTimeout(err) && !heard:
		return EndingSilent
	case isTimeout(err):
		return EndingStalled
	case isCut(err):
		return EndingCut
	case strings.Contains(err.Error(), "protocol version"):
		// Neither the other side's alert nor crypto/tls's own refusal has a type.
		return EndingTLSOld
	}
	return EndingTLSFailed
}

// Windows' names for a connection that was broken off (winsock2.h).
const (
	wsaAborted = syscall.Errno(10053)
	wsaReset   = syscall.Errno(10054)
)

// isCut reports whether err is the end of the connection.
func isCut(err error) bool {
	for _, target := range []error{
		io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, wsaAborted, wsaReset,
	} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}
