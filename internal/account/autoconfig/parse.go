package autoconfig

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The bounds of a file; the longest in Mozilla's list has 12 KB and a depth of 5.
const (
	maxFile    = 128 << 10 // bytes
	maxDepth   = 20
	maxTokens  = 10_000
	maxServers = 20 // of one kind
	maxName    = 100
	maxUser    = 320 // an address is at most 254 long (RFC 5321 section 4.5.3.1.3)
)

var (
	errHostile = errors.New("not a plain autoconfig file")
	errNone    = errors.New("it names no server that encrypts")
)

// file is an autoconfig file, version 1.1, as far as it is read.
type file struct {
	XMLName  xml.Name `xml:"clientConfig"`
	Provider []struct {
		Name     string        `xml:"displayName"`
		Incoming []writtenHost `xml:"incomingServer"`
		Outgoing []writtenHost `xml:"outgoingServer"`
	} `xml:"emailProvider"`
}

type writtenHost struct {
	Type     string   `xml:"type,attr"`
	Hostname string   `xml:"hostname"`
	Port     string   `xml:"port"`
	Socket   string   `xml:"socketType"`
	User     string   `xml:"username"`
	Auth     []string `xml:"authentication"`
}

// parse reads an autoconfig file for a domain. What it names without encryption, or with ways to log in that the program
// has not, is left out.
func parse(text []byte, domain string) (Candidate, error) {
	if err := harmless(text); err != nil {
		return Candidate{}, err
	}
	var f file
	d := decoder(text)
	if err := d.Decode(&f); err != nil {
		return Candidate{}, fmt.Errorf("read the autoconfig file: %w", err)
	}
	if len(f.Provider) == 0 {
		return Candidate{}, errNone
	}
	p := f.Provider[0]
	c := Candidate{Name: oneLine(p.Name)}
	for _, h := range p.Incoming {
		switch h.Type {
		case "imap":
			c.IMAP = h.take(c.IMAP, domain)
		case "pop3":
			c.POP3 = h.take(c.POP3, domain)
		}
	}
	for _, h := range p.Outgoing {
		if h.Type == "smtp" {
			c.SMTP = h.take(c.SMTP, domain)
		}
	}
	if c.empty() {
		return Candidate{}, errNone
	}
	return c, nil
}

// harmless looks at a file before it is decoded: no document type (so no entities of its own, and no files or addresses that
// it would draw in), not too deep, not too many pieces.
func harmless(text []byte) error {
	if len(text) > maxFile {
		return fmt.Errorf("%w: longer than %d bytes", errHostile, maxFile)
	}
	d := decoder(text)
	depth := 0
	for n := 0; ; n++ {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the autoconfig file: %w", err)
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.Directive:
			return fmt.Errorf("%w: it has a document type", errHostile)
		}
		if depth > maxDepth || n > maxTokens {
			return fmt.Errorf("%w: too deep or too many parts", errHostile)
		}
	}
}

func decoder(text []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = charset
	return d
}

// charset reads the encodings that such files are met in. Latin-1's 256 characters are Unicode's first; windows-1252 differs
// in 27 that no host name has.
func charset(name string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "utf-8", "us-ascii", "ascii":
		return in, nil
	case "iso-8859-1", "iso-8859-15", "windows-1252", "latin1":
		text, err := io.ReadAll(in)
		if err != nil {
			return nil, err
		}
		runes := make([]rune, len(text))
		for i, b := range text {
			runes[i] = rune(b)
		}
		return strings.NewReader(string(runes)), nil
	}
	return nil, fmt.Errorf("%w: encoding %.40q", errHostile, name)
}

// take appends the server where it is one that the program can use.
func (h writtenHost) take(list []Server, domain string) []Server {
	host, ok := hostName(strings.ReplaceAll(strings.TrimSpace(h.Hostname), "%EMAILDOMAIN%", domain))
	port, err := strconv.Atoi(strings.TrimSpace(h.Port))
	security := map[string]string{"SSL": "tls", "TLS": "tls", "STARTTLS": "starttls"}[strings.ToUpper(strings.TrimSpace(h.Socket))]
	user := strings.TrimSpace(h.User)
	auth := h.auth()
	if !ok || err != nil || port < 1 || port > 65535 || security == "" || len(auth) == 0 || len(user) > maxUser || oneLine(user) != user && user != "" ||
		len(list) >= maxServers {
		return list
	}
	return append(list, Server{Host: host, Port: port, Security: security, Auth: auth, user: user})
}

// auth gives the ways to log in that the program has. Under TLS a password is sent as it is; a server that prefers to
// have it hashed (CRAM-MD5) takes it so nearly always, and the connection test says where it does not.
func (h writtenHost) auth() []string {
	var out []string
	for _, way := range h.Auth {
		name := ""
		switch strings.ToLower(strings.TrimSpace(way)) {
		case "password-cleartext", "plain", "password-encrypted", "secure":
			name = "password"
		case "oauth2":
			name = "oauth2"
		case "none", "client-ip-address":
			if h.Type == "smtp" {
				name = "none"
			}
		}
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// oneLine makes a text from outside fit to be shown: no control characters, no marks that turn the direction of writing, not
// too long.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxName {
		s = string(runes[:maxName])
	}
	return s
}
