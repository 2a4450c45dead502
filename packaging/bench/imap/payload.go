package main

import (
	"bufio"
	"compress/flate"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// payload fetches what has to be known of the bounces and nothing else, by somebody who knows beforehand which they are and how they
// are made: of reports the part for machines and the returned header, of the others 4 KB of text. All commands are said at once.
func payload(ctx context.Context, b *bench, s *server) (r result, err error) {
	before, start := s.down.Load(), time.Now()
	var commands []string
	for _, want := range []struct {
		items string
		is    func(kind) bool
	}{
		{"BODY.PEEK[2] BODY.PEEK[3.HEADER]", func(k kind) bool { return k != ordinary && k != postfixHeaders && !k.isText() }},
		{"BODY.PEEK[2] BODY.PEEK[3]", func(k kind) bool { return k == postfixHeaders }},
		{"BODY.PEEK[TEXT]<0.4096>", kind.isText},
	} {
		var set []string
		for i, l := range b.list {
			if want.is(l.kind) {
				set = append(set, strconv.Itoa(i+1))
			}
			if len(set) == 1000 || i == len(b.list)-1 && len(set) > 0 {
				commands = append(commands, "UID FETCH "+strings.Join(set, ",")+" ("+want.items+")")
				set = nil
			}
		}
	}
	c, err := s.talk(ctx)
	if err != nil {
		return r, err
	}
	defer c.Close()
	fetched, err := c.ask(commands...)
	return result{down: s.down.Load() - before, took: time.Since(start), found: fetched}, err
}

// talk is a conversation held by hand.
type talk struct {
	net.Conn
	in  *bufio.Reader
	out io.Writer
}

// talk logs in, agrees on compression where that is offered, and opens the inbox.
func (s *server) talk(ctx context.Context) (*talk, error) {
	pem, err := os.ReadFile(s.ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	d := tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: tls.VersionTLS12}}
	conn, err := d.DialContext(ctx, "tcp", s.Addr().String())
	if err != nil {
		return nil, err
	}
	c := &talk{Conn: conn, in: bufio.NewReader(conn), out: conn}
	if err := conn.SetDeadline(time.Now().Add(5 * time.Minute)); err != nil {
		return nil, err
	}
	if _, err := c.in.ReadString('\n'); err != nil {
		return nil, err
	}
	if _, err := c.ask("LOGIN " + account + " " + password); err != nil {
		return nil, err
	}
	if _, err := c.ask("COMPRESS DEFLATE"); err == nil {
		out, err := flate.NewWriter(conn, flate.BestSpeed)
		if err != nil {
			return nil, err
		}
		c.in, c.out = bufio.NewReader(flate.NewReader(c.in)), out
	}
	_, err = c.ask("EXAMINE INBOX")
	return c, err
}

// errRefused is an answer that is not OK.
var errRefused = errors.New("the server refused")

// ask says commands and counts the FETCH responses.
func (c *talk) ask(commands ...string) (fetched int, err error) {
	for i, command := range commands {
		if _, err := fmt.Fprintf(c.out, "A%d %s\r\n", i, command); err != nil {
			return 0, err
		}
	}
	if f, ok := c.out.(*flate.Writer); ok {
		if err := f.Flush(); err != nil {
			return 0, err
		}
	}
	for answered := 0; answered < len(commands); {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return fetched, err
		}
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "A"):
			if answered++; !strings.Contains(line, " OK") {
				return fetched, fmt.Errorf("%w: %s", errRefused, line)
			}
		case strings.HasPrefix(line, "* ") && strings.Contains(line, " FETCH "):
			fetched++
		}
		for open := strings.LastIndexByte(line, '{'); open >= 0 && strings.HasSuffix(line, "}"); open = strings.LastIndexByte(line, '{') {
			size, err := strconv.Atoi(line[open+1 : len(line)-1])
			if err != nil {
				return fetched, err
			}
			if _, err := c.in.Discard(size); err != nil {
				return fetched, err
			}
			if line, err = c.in.ReadString('\n'); err != nil {
				return fetched, err
			}
			line = strings.TrimRight(line, "\r\n")
		}
	}
	return fetched, nil
}
