package demo

import (
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"
)

// chance is a source of chance that gives the same for the same name at every start.
func chance(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(h.Sum64(), 2023)) // decoration, and must repeat
}

const (
	hexDigits = "0123456789abcdef"
	letters   = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"
	capitals  = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	decimals  = "0123456789"
)

// pattern fills in an identifier such as servers make: "#" becomes a hexadecimal digit, "*" a letter or digit, "^" a
// capital or digit, "~" a decimal digit, "{time}" the instant.
func pattern(form, name string, at time.Time) string {
	r := chance(form + name)
	pick := func(set string) byte { return set[r.IntN(len(set))] }
	var b strings.Builder
	for _, c := range strings.ReplaceAll(form, "{time}", at.UTC().Format("20060102150405")) {
		switch c {
		case '#':
			b.WriteByte(pick(hexDigits))
		case '*':
			b.WriteByte(pick(letters))
		case '^':
			b.WriteByte(pick(capitals))
		case '~':
			b.WriteByte(pick(decimals))
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
