package session

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/words"
)

// authority makes a certificate in PEM form, good until an instant.
func authority(t testing.TB, name string, until time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: until.AddDate(-1, 0, 0), NotAfter: until, IsCA: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestReadAuthorities(t *testing.T) {
	now := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	good, old := authority(t, "Studio\u202e CA\n", now.AddDate(1, 0, 0)), authority(t, "Old CA", now.AddDate(0, -1, 0))
	for name, tc := range map[string]struct{ text, want, refused string }{
		"none":           {" \n", "", ""},
		"one":            {good, "Trusted for this account: “Studio CA”, good until 1 May 2027.", ""},
		"two and words":  {"Our authority:\n" + good + "\n" + old, "Trusted for this account: “Studio CA”, good until 1 May 2027.|“Old CA” was good until 1 April 2026 only. Ask for a newer one.", ""},
		"no line breaks": {strings.ReplaceAll(good+old, "\n", ""), "Trusted for this account: “Studio CA”, good until 1 May 2027.|“Old CA” was good until 1 April 2026 only. Ask for a newer one.", ""},
		"blanks instead": {strings.ReplaceAll(good, "\n", " "), "Trusted for this account: “Studio CA”, good until 1 May 2027.", ""},
		"a key unbroken": {"-----BEGIN EC PRIVATE KEY-----AAAA-----END EC PRIVATE KEY-----", "", "accountspage.ca.key"},
		"no certificate": {"hello", "", "accountspage.ca.none"},
		"damaged":        {strings.Replace(good, "MII", "MIX", 1), "", "accountspage.ca.none"},
		"a key":          {"-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", "", "accountspage.ca.key"},
		"too much":       {strings.Repeat(good, 60), "", "accountspage.ca.too-long"},
	} {
		list, err := ReadAuthorities(tc.text)
		var said []string
		for _, a := range list {
			said = append(said, a.Tell(words.New("en"), now))
		}
		var refusal *Refusal
		if errors.As(err, &refusal) != (tc.refused != "") || refusal != nil && refusal.ID != tc.refused || strings.Join(said, "|") != tc.want {
			t.Errorf("%s: %q, %v", name, said, err)
		}
	}
}

// TestPastedAuthority: what was pasted without line breaks is kept as the account's servers can be checked with.
func TestPastedAuthority(t *testing.T) {
	pasted := strings.ReplaceAll(authority(t, "Studio CA", time.Now().AddDate(1, 0, 0)), "\n", "")
	typed := Account{Address: "me@studio.example", Server: "imap.studio.example", CA: pasted}
	acc, _, err := typed.Account()
	if err != nil || !x509.NewCertPool().AppendCertsFromPEM([]byte(acc.CA)) {
		t.Errorf("kept is %q, %v", acc.CA, err)
	}
}

func FuzzReadAuthorities(f *testing.F) {
	f.Add(authority(f, "CA", time.Now()))
	f.Add("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadAuthorities(text)
		if err != nil && list != nil || err == nil && list == nil && strings.TrimSpace(text) != "" {
			t.Fatalf("%v, %v", list, err)
		}
		for _, a := range list {
			if len([]rune(a.Name)) > 200 || strings.ContainsAny(a.Name, "\n\x1b\u202e") {
				t.Fatalf("%q", a.Name)
			}
		}
	})
}
