package main

import (
	"encoding/base64"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// kind is which server wrote a bounce.
type kind int

const (
	ordinary kind = iota
	postfix
	exchange
	gmail
	postfixHeaders
	exim
	qmail
	text
)

// shares are how many of a hundred bounces are of each kind: 22 have no report for machines.
var shares = []struct {
	kind
	percent int
}{{postfix, 34}, {exchange, 15}, {gmail, 20}, {postfixHeaders, 9}, {exim, 10}, {qmail, 6}, {text, 6}}

// isText reports whether a bounce has no report for machines.
func (k kind) isText() bool { return k >= exim }

// letter is one message of the inbox; its UID is its place, from 1.
type letter struct {
	kind
	seed uint64
}

// letters lays out an inbox, the same at every run.
func letters(messages, bounces int) []letter {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]letter, messages)
	for i := range list {
		list[i].seed = r.Uint64()
	}
	for _, at := range r.Perm(messages)[:min(bounces, messages)] {
		n := r.IntN(100)
		for _, s := range shares {
			if n -= s.percent; n < 0 {
				list[at].kind = s.kind
				break
			}
		}
	}
	return list
}

var words = strings.Fields("il la di che per una fattura ordine riunione progetto allegato domani grazie saluti cliente spedizione " +
	"the of and please find invoice meeting order thanks regards team account delivery schedule report")

type writer struct{ *rand.Rand }

func (w writer) prose(size int) string {
	var b strings.Builder
	for col := 0; b.Len() < size; {
		word := words[w.IntN(len(words))]
		if col += len(word) + 1; col > 72 {
			b.WriteString("\r\n")
			col = len(word) + 1
		}
		b.WriteString(word + " ")
	}
	return b.String() + "\r\n"
}

func (w writer) code(n int) string {
	raw := make([]byte, n)
	for i := range raw {
		raw[i] = byte(w.Uint32())
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// size is between the two, small ones being more frequent: its logarithm is evenly spread.
func (w writer) size(least, most float64) int {
	return int(math.Exp(math.Log(least) + w.Float64()*(math.Log(most)-math.Log(least))))
}

// way is the fields that servers add.
func (w writer) way(from string, at time.Time, hops int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Return-Path: <%s>\r\nDelivered-To: ada@sender.example\r\n", from)
	for i := range hops {
		fmt.Fprintf(&b, "Received: from mx%d.relay.example (mx%d.relay.example [192.0.2.%d])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n\tby mail%d.sender.example (Postfix) with ESMTPS id %s\r\n\tfor <ada@sender.example>; %s\r\n",
			i, i, w.IntN(255), i, strings.ToUpper(fmt.Sprintf("%010x", w.Uint32())), at.Format(time.RFC1123Z))
	}
	return b.String()
}

func (w writer) signature() string {
	return "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.example; s=s1;\r\n\th=From:To:Subject:Date:Message-ID; bh=" + w.code(32) +
		";\r\n\tb=" + w.code(48) + "\r\n\t " + w.code(48) + "\r\n\t " + w.code(48) + "\r\n\t " + w.code(48) + "\r\n"
}

// original is the message that a bounce returns: its header, then its text.
func (w writer) original(id, to string, at time.Time) (head, body string) {
	head = fmt.Sprintf("Received: from [192.0.2.7] (unknown [192.0.2.7])\r\n\tby mail.sender.example (Postfix) with ESMTPSA id %s\r\n\tfor <%s>; %s\r\n", strings.ToUpper(fmt.Sprintf("%010x", w.Uint32())), to, at.Format(time.RFC1123Z)) + w.signature() +
		fmt.Sprintf("From: Ada <ada@sender.example>\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s@sender.example>\r\nMIME-Version: 1.0\r\nUser-Agent: Mozilla Thunderbird\r\nContent-Type: text/plain; charset=utf-8\r\n",
			to, strings.TrimSpace(w.prose(20)), at.Format(time.RFC1123Z), id)
	return head, w.prose(w.size(3_000, 190_000))
}

// write writes the message.
func (l letter) write(n int) string {
	w := writer{rand.New(rand.NewPCG(l.seed, uint64(n)))}
	at := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 26 * time.Minute)
	if l.kind == ordinary {
		from := fmt.Sprintf("person%d@other.example", w.IntN(900))
		head := w.way(from, at, 2+w.IntN(3)) + w.signature()
		if w.IntN(20) == 0 {
			head += "Auto-Submitted: auto-generated\r\n"
		}
		return head + fmt.Sprintf("From: Person <%s>\r\nTo: ada@sender.example\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <o%d@other.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
			from, strings.TrimSpace(w.prose(25)), at.Format(time.RFC1123Z), n) + w.prose(w.size(1_000, 12_000))
	}
	to := fmt.Sprintf("friend%d@libero.it", w.IntN(900))
	head, body := w.original(fmt.Sprintf("sent%d", n), to, at.Add(-time.Minute))
	b := notice{writer: w, n: n, to: to, at: at, head: head, body: body}
	if l.isText() {
		return b.text(l.kind)
	}
	return b.report(l.kind)
}

// fill writes the inbox as a Maildir, unless a run before did.
func (b *bench) fill(dir string) error {
	done := filepath.Join(b.dir, fmt.Sprintf("made-%d", len(b.list)))
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	for _, sub := range []string{"cur", "new", "tmp", ".Sample/cur", ".Sample/new", ".Sample/tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return err
		}
	}
	for i, l := range b.list {
		message := l.write(i + 1)
		folders := []string{"cur"}
		if i < sample {
			folders = append(folders, ".Sample/cur")
		}
		for _, folder := range folders {
			name := fmt.Sprintf("%d.M%06dP1.bench,S=%d,W=%d:2,S", 1_600_000_000+i, i, len(message), len(message))
			if err := os.WriteFile(filepath.Join(dir, folder, name), []byte(message), 0o644); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(done, nil, 0o644)
}
