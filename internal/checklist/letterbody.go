package checklist

import (
	"bytes"
	"errors"
	"io"
)

// bodyPiece is how much of a body is held in one piece, in bytes. A header has to fit into it.
const bodyPiece = 1 << 20

// body is what follows a header, as it came, in pieces: of a message of 50 MB nothing larger than a piece is ever copied.
type body struct {
	pieces [][]byte
	size   int
}

// readOn reads what comes after the first piece, unless more is false. It fails as in does, or with [ErrLetter].
func (b *body) readOn(in io.Reader, more bool) error {
	for more {
		piece := make([]byte, bodyPiece)
		n, err := io.ReadFull(in, piece)
		switch more = err == nil; {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		case err != nil:
			return err
		}
		if b.size += n; b.size > MaxLetter {
			return ErrLetter
		}
		if n > 0 {
			b.pieces = append(b.pieces, piece[:n])
		}
	}
	return nil
}

// reader gives the body from its beginning.
func (b *body) reader() io.Reader {
	list := make([]io.Reader, len(b.pieces))
	for i, piece := range b.pieces {
		list[i] = bytes.NewReader(piece)
	}
	return io.MultiReader(list...)
}

// contains reports whether a short text, of at most a piece, stands in the body.
func (b *body) contains(text []byte) bool {
	var before []byte // the end of what was looked at
	for _, piece := range b.pieces {
		start := piece[:min(len(piece), len(text))]
		if bytes.Contains(piece, text) || bytes.Contains(append(before, start...), text) {
			return true
		}
		before = append(before[:0:0], before...)
		before = append(before, piece[max(0, len(piece)-len(text)):]...)
		before = before[max(0, len(before)-len(text)):]
	}
	return false
}

// writeTo writes the body with the line ends of mail. One that has them anywhere is as it went over the wire and stays as it is, byte
// by byte: what is signed must not change (RFC 8551 section 3.1.1, RFC 3156 section 5). In files of a Unix system bare line
// feeds stand for them.
func (b *body) writeTo(put func([]byte)) {
	wire := b.contains(crlf)
	for _, piece := range b.pieces {
		if wire {
			put(piece)
			continue
		}
		for len(piece) > 0 {
			line, rest, ended := bytes.Cut(piece, crlf[1:])
			if put(line); ended {
				put(crlf)
			}
			piece = rest
		}
	}
}

var crlf = []byte("\r\n")
