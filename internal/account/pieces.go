package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Windows keeps at most 2,560 bytes in one credential (CRED_MAX_CREDENTIAL_BLOB_SIZE of wincred.h), and OAuth's answers
// can be longer. A secret that does not fit is kept in numbered pieces; in its own place there is then a note of how many
// there are, and their checksum.

// pieceMark begins such a note, and nothing else that is kept in a secret's own place.
const pieceMark = "rimbalzo-pieces:"

// maxPieces bounds how many there are: 16 pieces of 2,000 bytes are twice what any service hands out.
const maxPieces = 16

// places are the places of a ring during one call.
type places struct {
	ctx    context.Context // of the one call that this value lives for
	asking func()
	ring   ring
}

// pieceName is the name of a piece, from 1. An account's name holds no space, so it is never one.
func pieceName(id string, n int) string { return id + " piece " + strconv.Itoa(n) }

// note is what stands in the place of a secret that is kept in n pieces.
func note(n int, secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return pieceMark + strconv.Itoa(n) + ":" + hex.EncodeToString(sum[:])
}

// count reads a note; 0 where it is none.
func count(note string) int {
	rest, ok := strings.CutPrefix(note, pieceMark)
	number, _, _ := strings.Cut(rest, ":")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || n > maxPieces {
		return 0
	}
	return n
}

func (p places) get(id string) (string, error) {
	first, err := p.ring.get(p.ctx, p.asking, id)
	if err != nil || !strings.HasPrefix(first, pieceMark) {
		return first, err
	}
	n := count(first)
	var whole strings.Builder
	for i := range n {
		piece, err := p.ring.get(p.ctx, p.asking, pieceName(id, i+1))
		if errors.Is(err, ErrNoSecret) {
			return "", fmt.Errorf("piece %d of %d is gone: %w", i+1, n, ErrDamaged)
		}
		if err != nil {
			return "", err
		}
		whole.WriteString(piece)
	}
	if note(n, whole.String()) != first {
		return "", fmt.Errorf("the checksum of %d pieces is wrong: %w", n, ErrDamaged)
	}
	return whole.String(), nil
}

// set keeps a secret. Pieces come first and the note last: until then the place holds what it held, or is found damaged.
func (p places) set(id, secret string) error {
	limit := p.ring.limit()
	if len(secret) <= limit && !strings.HasPrefix(secret, pieceMark) {
		if err := p.ring.set(p.ctx, p.asking, id, secret); err != nil {
			return err
		}
		return p.dropPieces(id, 1)
	}
	n := (len(secret) + limit - 1) / limit
	if n > maxPieces {
		return fmt.Errorf("%d bytes: %w", len(secret), ErrTooLong)
	}
	for i := range n {
		piece := secret[i*limit : min((i+1)*limit, len(secret))]
		if err := p.ring.set(p.ctx, p.asking, pieceName(id, i+1), piece); err != nil {
			return err
		}
	}
	if err := p.ring.set(p.ctx, p.asking, id, note(n, secret)); err != nil {
		return err
	}
	return p.dropPieces(id, n+1)
}

// delete takes everything away. The note goes last, so that a deletion cut short can be taken up again.
func (p places) delete(id string) error {
	first, err := p.ring.get(p.ctx, p.asking, id)
	if err != nil && !errors.Is(err, ErrNoSecret) {
		return err
	}
	for i := count(first); i > 0; i-- {
		if err := p.drop(pieceName(id, i)); err != nil {
			return err
		}
	}
	if err := p.dropPieces(id, 1); err != nil {
		return err
	}
	return p.drop(id)
}

// dropPieces takes away the pieces that an earlier, longer secret left, from number n up to the first that is not there.
func (p places) dropPieces(id string, n int) error {
	for ; n <= maxPieces; n++ {
		switch err := p.ring.delete(p.ctx, p.asking, pieceName(id, n)); {
		case errors.Is(err, ErrNoSecret):
			return nil
		case err != nil:
			return err
		}
	}
	return nil
}

func (p places) drop(name string) error {
	if err := p.ring.delete(p.ctx, p.asking, name); err != nil && !errors.Is(err, ErrNoSecret) {
		return err
	}
	return nil
}
