package mailbox

import (
	"compress/flate"
	"context"
	"errors"
	"net"
)

// verbCompress has what follows compressed in both directions (RFC 4978).
const verbCompress verb = "COMPRESS DEFLATE"

// deflating is a connection over which both sides speak in DEFLATE (RFC 1951). The guard stands above it and counts what a server's bytes
// unfold to.
type deflating struct {
	net.Conn
	in  interface{ Read([]byte) (int, error) }
	out *flate.Writer
}

func newDeflating(conn net.Conn) (*deflating, error) {
	// Commands are short; the fastest level is as good as any.
	out, err := flate.NewWriter(conn, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	return &deflating{Conn: conn, in: flate.NewReader(conn), out: out}, nil
}

// Read implements [net.Conn].
func (d *deflating) Read(p []byte) (int, error) { return d.in.Read(p) }

// Write implements [net.Conn]. What is written goes out at once: the server waits for it.
func (d *deflating) Write(p []byte) (int, error) {
	n, err := d.out.Write(p)
	if err == nil {
		err = d.out.Flush()
	}
	return n, err
}

// compress agrees on compression where the server offers it; it reports whether it did. A server that refuses is spoken to as it is.
// It comes after the login: what is secret is never compressed together with what an attacker may choose (RFC 4978 section 6).
func (t *talk) compress(ctx context.Context) (bool, error) {
	if !t.caps.has("COMPRESS=DEFLATE") {
		return false, nil
	}
	err := t.command(ctx, verbCompress, "", nil, nil)
	var e *Error
	if errors.As(err, &e) && e.Kind != KindBye {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	conn, err := newDeflating(t.guard.Conn)
	if err != nil {
		return false, err
	}
	t.guard.Conn = conn
	return true, nil
}
