package mailbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"
)

// startTLS brings TLS up: at once, or after asking for it. There is no way on without: every error here means that not one
// byte of a name or a password was sent.
func (c *course) startTLS(ctx context.Context, raw net.Conn) (conn *tls.Conn, err error) {
	err = c.step(ctx, StageTLS, func(ctx context.Context, result *StageResult) error {
		defer context.AfterFunc(ctx, func() { raw.Close() })()
		if !c.implicit {
			if err := askForTLS(raw); err != nil {
				return err
			}
		}
		conn = tls.Client(raw, c.tlsConfig())
		if err := conn.HandshakeContext(ctx); err != nil {
			return c.notSecured(ctx, err)
		}
		state := conn.ConnectionState()
		result.Until = chainEnd(state)
		result.Detail = fmt.Sprintf("%s, issued by %s", tls.VersionName(state.Version), cleanText(state.PeerCertificates[0].Issuer.String()))
		return nil
	})
	return conn, err
}

func (c *course) tlsConfig() *tls.Config {
	name := c.host
	if ip, err := netip.ParseAddr(name); err == nil {
		name = ip.WithZone("").String() // a certificate knows no zones
	}
	return &tls.Config{ServerName: name, RootCAs: c.cfg.Roots, MinVersion: tls.VersionTLS12}
}

// chainEnd is when the first certificate of the chain ends: from then on nobody gets in.
func chainEnd(state tls.ConnectionState) time.Time {
	chain := state.PeerCertificates
	if len(state.VerifiedChains) > 0 {
		chain = state.VerifiedChains[0]
	}
	end := chain[0].NotAfter
	for _, cert := range chain {
		if cert.NotAfter.Before(end) {
			end = cert.NotAfter
		}
	}
	return end
}

// notSecured says more of a failed handshake where the port explains it: clear text behind the agreement to TLS comes from
// somebody on the way who wants it taken for the server's (RFC 9051 section 6.2.1), clear text at once from a port without TLS.
func (c *course) notSecured(ctx context.Context, err error) error {
	var record tls.RecordHeaderError
	if ctx.Err() != nil || !errors.As(err, &record) {
		return err
	}
	if !c.implicit {
		return &Error{Kind: KindInjected, Err: err}
	}
	if kind := strangerKind(string(record.RecordHeader[:])); kind != KindNotIMAP {
		return &Error{Kind: kind, Err: err}
	}
	return &Error{Kind: KindNotTLS, Err: err}
}

// askForTLS asks for TLS on a plain connection, byte by byte.
func askForTLS(raw net.Conn) error {
	if _, err := io.WriteString(raw, "S1 STARTTLS\r\n"); err != nil {
		return err
	}
	for range 100 { // untagged lines may come before the answer, but not for ever
		line, err := readLine(raw, maxGreeting)
		if err != nil {
			return err
		}
		rest, tagged := strings.CutPrefix(line, "S1 ")
		if !tagged {
			if word, text, _ := strings.Cut(strings.TrimPrefix(line, "* "), " "); strings.EqualFold(word, "BYE") {
				return farewell(text)
			}
			continue
		}
		if strings.EqualFold(strings.TrimSpace(rest), "OK") || strings.HasPrefix(strings.ToUpper(rest), "OK ") {
			return nil
		}
		return &Error{Kind: KindNoStartTLS, Server: cleanText(rest), Err: errNoTLS}
	}
	return fmt.Errorf("%w: too many lines before TLS", errHostile)
}

var errNoTLS = errors.New("the server offers no STARTTLS")

// tlsKind says why the connection could not be secured.
func tlsKind(err error, late bool) string {
	var (
		host    x509.HostnameError
		unknown x509.UnknownAuthorityError
		roots   x509.SystemRootsError
		invalid x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &host):
		return KindCertHost
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		if invalid.Cert != nil && time.Now().Before(invalid.Cert.NotBefore) {
			return KindCertNotYet
		}
		return KindCertExpired
	case errors.As(err, &unknown), errors.As(err, &roots):
		if selfSigned(err) {
			return KindCertSelfSigned
		}
		return KindCertUnknown
	case errors.As(err, &invalid):
		return KindCertInvalid
	case late:
		return KindTimeout
	case errors.Is(err, errHostile):
		return KindHostile
	case errors.Is(err, errPartial):
		return KindCut
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return KindDropped
	case strings.Contains(err.Error(), "protocol version"):
		// Neither the alert of the other side nor crypto/tls's own refusal has a type.
		return KindTLSOld
	}
	return KindTLSFailed
}

// selfSigned reports whether the certificate that nobody vouches for was signed with its own key.
func selfSigned(err error) bool {
	var failed *tls.CertificateVerificationError
	if !errors.As(err, &failed) || len(failed.UnverifiedCertificates) == 0 {
		return false
	}
	cert := failed.UnverifiedCertificates[0]
	return bytes.Equal(cert.RawIssuer, cert.RawSubject) && cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil
}
