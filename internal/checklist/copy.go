package checklist

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"strings"
	"time"

	"rimbalzo/internal/advice"
)

// Copy is a message ready to be sent again by the person's own mail program: it opens as a draft. Copies of one original share
// its body: however many there are, it is in memory once.
type Copy struct {
	Recipients []string // whom it is for, as items name them
	head       []byte   // with the empty line
	to, cc     []*mail.Address
	subject    string
	letter     *Letter
}

// WriteTo writes the copy as a file (RFC 5322). Its errors are those of out.
func (c Copy) WriteTo(out io.Writer) (n int64, err error) {
	buf := bufio.NewWriterSize(out, 64<<10)
	put := func(p []byte) {
		if err == nil {
			var written int
			written, err = buf.Write(p)
			n += int64(written)
		}
	}
	put(c.head)
	if c.letter.body != nil {
		c.letter.body.writeTo(put)
	}
	if err == nil {
		err = buf.Flush()
	}
	return n, err
}

// copiedFields are taken over from the original, in this order, where a copy has them at all. What is not here stays behind: the
// traces of the way (Received, Return-Path, DKIM-Signature, Authentication-Results, every X- field), and who else it was for.
var copiedFields = []string{"In-Reply-To", "References", "Importance", "Content-Language"}

// contentFields say how the body is to be read.
var contentFields = []string{"Content-Type", "Content-Transfer-Encoding", "Content-Disposition"}

// Copies makes copies of an original for those it did not reach, dated at: one for the recipients whom everybody could see, and
// one for each whom nobody could (Bcc), so that no copy names anybody whom the original did not. The same input gives the
// same copies, ids included. It fails with [ErrLetter] where the body could not be read without a field that is not sound.
func Copies(l Letter, items []*advice.Item, at time.Time) ([]Copy, error) {
	failed := map[string]*advice.Item{}
	for _, item := range items {
		if isAddress(item.Recipient) {
			failed[addressKey(item.Recipient)] = item
		}
	}
	seen := map[string]bool{}
	var open Copy
	visible := func(field string) (list []*mail.Address) {
		for _, a := range l.addresses(field) {
			k := addressKey(a.Address)
			if item := failed[k]; item != nil && !seen[k] {
				seen[k] = true
				list = append(list, a)
				open.Recipients = append(open.Recipients, item.Recipient)
			}
		}
		return list
	}
	to, cc := visible("To"), visible("Cc")
	var copies []Copy
	put := func(c Copy, to, cc []*mail.Address) (err error) {
		c.to, c.cc, c.letter = to, cc, &l
		c.subject = l.subject(items[0].Subject)
		c.head, err = l.head(to, cc, at, c.subject)
		copies = append(copies, c)
		return err
	}
	if len(open.Recipients) > 0 {
		if err := put(open, to, cc); err != nil {
			return nil, err
		}
	}
	for _, item := range items {
		k := addressKey(item.Recipient)
		if failed[k] == nil || seen[k] {
			continue
		}
		seen[k] = true
		if err := put(Copy{Recipients: []string{item.Recipient}}, []*mail.Address{{Address: item.Recipient}}, nil); err != nil {
			return nil, err
		}
	}
	return copies, nil
}

// Others are those whom everybody could see the original was for and whom no copy is for.
func (l *Letter) Others(copies []Copy) (list []string) {
	taken := map[string]bool{}
	for _, c := range copies {
		for _, r := range c.Recipients {
			taken[addressKey(r)] = true
		}
	}
	for _, field := range []string{"To", "Cc"} {
		for _, a := range l.addresses(field) {
			if k := addressKey(a.Address); !taken[k] {
				taken[k] = true
				list = append(list, a.Address)
			}
		}
	}
	return list
}

func addressKey(s string) string { return strings.ToLower(advice.Address(s)) }

// head writes the header of one copy. With X-Unsent mail programs open the file as a draft instead of as a message that was
// received (https://learn.microsoft.com/en-us/archive/blogs/stephen_griffin/did-i-send-that).
func (l *Letter) head(to, cc []*mail.Address, at time.Time, subject string) ([]byte, error) {
	var b bytes.Buffer
	put := func(name, value string) bool { return value == "" || foldField(&b, name, value) }
	put("X-Unsent", "1")
	put("Date", at.Format(time.RFC1123Z))
	from := l.addresses("From")
	if len(from) > 0 {
		put("From", from[0].String())
	}
	put("Reply-To", addressField(l.addresses("Reply-To")))
	put("To", addressField(to))
	put("Cc", addressField(cc))
	put("Message-ID", l.newID(from, to, cc, at))
	put("Subject", mime.BEncoding.Encode("utf-8", subject))
	for _, name := range copiedFields {
		put(name, l.get(name)) // without one of these the message is still the same
	}
	put("MIME-Version", "1.0")
	if l.body == nil {
		put("Content-Type", "text/plain; charset=utf-8")
		b.WriteString("\r\n")
		return b.Bytes(), nil
	}
	for _, name := range contentFields {
		if !put(name, l.get(name)) || l.get(name) == "" && l.has(name) {
			return nil, fmt.Errorf("copying %s: %w", name, ErrLetter)
		}
	}
	b.WriteString("\r\n")
	return b.Bytes(), nil
}

// has reports whether a field stands in the header with a value, of whatever length.
func (l *Letter) has(name string) bool {
	for _, f := range l.fields {
		if strings.EqualFold(f.name, name) {
			return f.value != ""
		}
	}
	return false
}

func addressField(list []*mail.Address) string {
	parts := make([]string, len(list))
	for i, a := range list {
		parts[i] = a.String()
	}
	return strings.Join(parts, ", ")
}

// subject gives the original's subject as it stood there, else the item's. The header encodes letters beyond ASCII that stood bare.
func (l *Letter) subject(known string) string {
	original := l.get("Subject")
	if original == "" {
		original = plain(known, maxName)
	}
	if len(original) > maxLetterWord {
		original = shorten(original, maxLetterWord/4)
	}
	return original
}

// newID makes a Message-ID of what the copy is of, for whom and when, at the sender's own domain.
func (l *Letter) newID(from, to, cc []*mail.Address, at time.Time) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %s %s %s", l.get("Message-ID"), addressField(to), addressField(cc), at.UTC().Format(time.RFC3339Nano)))
	domain := "rimbalzo.invalid"
	if len(from) > 0 {
		own := from[0].Address[strings.LastIndexByte(from[0].Address, '@')+1:]
		if own != "" && strings.Trim(strings.ToLower(own), "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" {
			domain = own
		}
	}
	return "<" + hex.EncodeToString(sum[:16]) + "@" + domain + ">"
}

// foldWidth is how long a line of a header should be (RFC 5322 section 2.1.1).
const foldWidth = 78

// foldField writes a field, broken between words. It reports false, and writes nothing, where a word of it is too long for any
// line.
func foldField(b *bytes.Buffer, name, value string) bool {
	// Several blanks in a row are parted into empty words: they may stand inside a quoted boundary and are kept.
	words := strings.Split(value, " ")
	for _, word := range words {
		if len(word) > maxLetterWord {
			return false
		}
	}
	b.WriteString(name + ":")
	width := len(name) + 1
	for i, word := range words {
		// No line ends or begins with a blank beside the one that folds it (RFC 5322 section 3.2.2).
		if i > 0 && word != "" && words[i-1] != "" && width+1+len(word) > foldWidth {
			b.WriteString("\r\n")
			width = 0
		}
		b.WriteString(" " + word)
		width += 1 + len(word)
	}
	b.WriteString("\r\n")
	return true
}
