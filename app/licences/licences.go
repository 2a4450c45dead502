// Package licences hands over the licences of everything that is linked into the program, as one text. The text is written by
// "go run ./packaging/dev licences"; a test of packaging/dev holds it to what is linked.
package licences

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
)

//go:embed licences.txt.gz
var packed []byte

// most bounds the text, in bytes.
const most = 4 << 20

// Text gives the whole text in UTF-8: one line for each part with its licences by their SPDX names, indented by two spaces, then
// the licences themselves. It is in English, as the licences are.
func Text() (string, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", fmt.Errorf("unpacking the licences: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(z, most))
	if err != nil {
		return "", fmt.Errorf("unpacking the licences: %w", err)
	}
	return string(text), nil
}
