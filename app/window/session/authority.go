package session

import (
	"crypto/x509"
	"encoding/pem"
	"regexp"
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

// boundary is the line before a certificate and that after it (RFC 7468 section 2).
var boundary = regexp.MustCompile(`-----(?:BEGIN|END) [A-Z0-9 ]{1,40}-----`)

// lined gives boundaries lines of their own again: text that is pasted out of a mail, a web page or a field of one line has often
// lost its line breaks. What is between them may be of any length.
func lined(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(boundary.ReplaceAllString(text, "\n$0\n"), "\n\n", "\n"))
}

// ReadAuthorities reads certificates in PEM form (RFC 7468 section 5), with or without its line breaks. The error is a *Refusal: what is no certificate, or too
// much of it, is told before an account is tried with it. An empty text is none, and no error.
func ReadAuthorities(text string) (list []Authority, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if len(text) > MaxAuthority {
		return nil, &Refusal{ID: "accountspage.ca.too-long"}
	}
	rest := []byte(lined(text))
	if len(rest) > MaxAuthority {
		return nil, &Refusal{ID: "accountspage.ca.too-long"}
	}
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
