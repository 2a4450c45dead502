package mailbox

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
)

// bufferSize is what a file is read through; also how far into a file one looks to tell what it is.
const bufferSize = 64 << 10

// reading is one pass over sources in files: where messages go and what was covered.
type reading struct {
	ctx   context.Context
	visit func(Message) error
	cov   Coverage
	// br is reused for every file: 20,000 files must not cost 20,000 buffers.
	br *bufio.Reader
}

func newReading(ctx context.Context, visit func(Message) error) *reading {
	return &reading{
		ctx:   ctx,
		visit: visit,
		cov:   Coverage{Roles: map[Role]bool{}},
		br:    bufio.NewReaderSize(nil, bufferSize),
	}
}

// note lists what could not be read; the rest goes on.
func (r *reading) note(source, why string, err error) {
	r.cov.Unreadable = append(r.cov.Unreadable, Unreadable{Source: source, Why: why, Err: err})
}

// hand gives one message to the visitor.
func (r *reading) hand(m Message) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	r.cov.Messages++
	return r.visit(m)
}

// body is a message on its way to a visitor. A failure of the disk ends it early and is listed instead of returned:
// one bad sector must not end a review. Only the end of the context is an error.
type body struct {
	src    io.Reader
	r      *reading
	source string
	ended  bool
}

// Read gives the next bytes of the message.
func (b *body) Read(p []byte) (int, error) {
	if err := b.r.ctx.Err(); err != nil {
		return 0, err
	}
	if b.ended {
		return 0, io.EOF
	}
	n, err := b.src.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.ended = true
		b.r.note(b.source, whyUnread(err), err)
		err = io.EOF
	}
	return n, err
}

// openRegular opens a file for reading when it is a regular one. It is looked at before it is opened, because opening a
// device may do something, and again after, because it may have been exchanged.
func openRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "open", Path: path, Err: errSpecial}
	}
	f, err := os.OpenFile(path, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil && !info.Mode().IsRegular() {
		err = &os.PathError{Op: "open", Path: path, Err: errSpecial}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
