package mailbox

import (
	"errors"
	"strings"
	"testing"
)

func TestIMAPBadURL(t *testing.T) {
	for raw, kind := range map[string]string{
		"":                                        "url",
		"imap.sender.example":                     "url",
		"imaps://imap.sender.example":             "url",
		"https://ada@imap.sender.example":         "url",
		"imaps://ada@imap.sender.example:99999":   "url",
		"imaps://ada@imap.sender.example/INBOX":   "url",
		"imaps://ada@":                            "url",
		"imaps://ada@exa mple":                    "url",
		"imaps://ada@[::1":                        "url",
		"imaps://ada@[::g]":                       "url",
		"imaps://ada@..":                          "url",
		"imaps://ada@xn--a.example":               "url",
		"imaps://ada@imap.example:0":              "url",
		"imaps://ada:s3cret@imap.sender.example":  "url-password",
		"imaps://a@b.example:s3cret@imap.example": "url-password",
	} {
		_, _, err := readAll(IMAP(IMAPConfig{URL: raw}))
		var e *Error
		if !errors.As(err, &e) || e.Kind != kind || e.Stage != StageURL || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v, want %s", raw, err, kind)
		}
		checkWords(t, err)
	}
	for raw, want := range map[string]account{
		"imaps://ada@sender.example@imap.sender.example":       {"imap.sender.example", "993", "ada@sender.example", true},
		"imaps://ada%40sender.example@imap.sender.example:994": {"imap.sender.example", "994", "ada@sender.example", true},
		"imap://ada@città.example/":                            {"xn--citt-3na.example", "143", "ada", false},
		"imaps://ada@[::1]:993":                                {"::1", "993", "ada", true},
		"imaps://ada@[2001:db8::1]":                            {"2001:db8::1", "993", "ada", true},
		"imaps://ada@[fe80::1%25eth0]":                         {"fe80::1%eth0", "993", "ada", true},
		"imaps://ada@192.0.2.1":                                {"192.0.2.1", "993", "ada", true},
		"IMAPS://ada@POSTA.Città.Example":                      {"posta.xn--citt-3na.example", "993", "ada", true},
		"imaps://ada@correo。例え.テスト":                            {"correo.xn--r8jz45g.xn--zckzah", "993", "ada", true},
	} {
		if got, err := parseURL(raw); err != nil || got != want {
			t.Errorf("%q: %+v, %v", raw, got, err)
		}
	}
}
