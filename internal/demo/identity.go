package demo

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"

	"golang.org/x/net/netutil"
)

// identityLife is how long the demo's certificates are good for: longer than anybody leaves a demo open.
const identityLife = 30 * 24 * time.Hour

// identity is the demo's own certificate authority and the certificate of its two servers, all in memory.
type identity struct {
	pool *x509.CertPool
	pem  []byte
	tls  *tls.Config
}

// newIdentity makes an authority for 127.0.0.1 alone. Its key goes out of reach when the function returns, so nobody
// can sign anything else with what a person is asked to trust.
func newIdentity(now time.Time) (*identity, error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("demo: making the authority's key: %w", err)
	}
	loopback := net.IPv4(127, 0, 0, 1)
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Rimbalzo demo, this run only"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(identityLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
		PermittedDNSDomainsCritical: true,
		PermittedIPRanges:           []*net.IPNet{{IP: loopback.To4(), Mask: net.CIDRMask(32, 32)}},
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return nil, fmt.Errorf("demo: making the authority: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("demo: making the servers' key: %w", err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Rimbalzo demo"},
		NotBefore: ca.NotBefore, NotAfter: ca.NotAfter, IPAddresses: []net.IP{loopback},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	if err != nil {
		return nil, fmt.Errorf("demo: making the servers' certificate: %w", err)
	}
	id := &identity{
		pool: x509.NewCertPool(),
		pem:  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}),
		tls: &tls.Config{
			MinVersion:   tls.VersionTLS12,
			Certificates: []tls.Certificate{{Certificate: [][]byte{leafDER, caDER}, PrivateKey: key}},
		},
	}
	id.pool.AppendCertsFromPEM(id.pem)
	return id, nil
}

// listen opens a port of the system's choice on loopback, for TLS from the first byte.
func (id *identity) listen(ctx context.Context, protocol string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	config := id.tls.Clone()
	config.NextProtos = []string{protocol} // RFC 7301; the names are those IANA registered
	return tls.NewListener(netutil.LimitListener(l, maxConns), config), nil
}
