package session

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"time"

	"rimbalzo/internal/words"
)

// MaxAuthority bounds the certificates of a private authority, in bytes; an account takes no more (internal/account).
const MaxAuthority = 16 << 10

// Authority is one certificate of those that somebody gave for an account.
type Authority struct {
	Name  string
	Until time.Time // until when it is good
}

// ReadAuthorities reads certificates in PEM form (RFC 7468 section 5). The error is a *Refusal: what is no certificate, or too
// much of it, is told before an account is tried with it. An empty text is none, and no error.
func ReadAuthorities(text string) (list []Authority, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if len(text) > MaxAuthority {
		return nil, &Refusal{ID: "accountspage.ca.too-long"}
	}
	rest := []byte(text)
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if strings.Contains(block.Type, "PRIVATE KEY") {
			return nil, &Refusal{ID: "accountspage.ca.key"}
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if block.Type != "CERTIFICATE" || err != nil {
			return nil, &Refusal{ID: "accountspage.ca.none", err: err}
		}
		name := cert.Subject.CommonName
		if name == "" {
			name = cert.Subject.String()
		}
		list = append(list, Authority{Line(name, 120), cert.NotAfter})
	}
	if len(list) == 0 {
		return nil, &Refusal{ID: "accountspage.ca.none"}
	}
	return list, nil
}

// Tell says what an authority is, and that it is no good any more where that is so.
func (a Authority) Tell(w *words.Words, now time.Time) string {
	if now.After(a.Until) {
		return w.T("accountspage.ca.over", "Name", a.Name, "Day", w.Day(a.Until))
	}
	return w.T("accountspage.ca.good", "Name", a.Name, "Day", w.Day(a.Until))
}
