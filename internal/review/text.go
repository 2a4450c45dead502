package review

import (
	"bufio"
	"hash/fnv"
	"io"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
	// Charsets of old mail programs, for messages and encoded words.
	_ "github.com/emersion/go-message/charset"

	"rimbalzo/internal/advice"
)

// Bounds of what is read of a text, and of the parts looked at.
const (
	maxTextBytes   = 64 << 10
	maxLines       = 200
	maxParts       = 50
	maxDepth       = 8
	attachmentHead = 64 << 10 // an attachment is recognised by its beginning
)

// digestText reads what a message's text and attachments are recognised by. What cannot be read is left out: it only
// makes a copy or a quotation harder to recognise.
func digestText(r io.Reader) advice.Text {
	var t advice.Text
	e, err := message.Read(r)
	if e == nil || (err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)) {
		return t
	}
	d := digester{text: &t}
	d.entity(e, 0)
	return t
}

type digester struct {
	text  *advice.Text
	parts int
	plain bool // a text/plain part was seen: the HTML beside it says the same
}

func (d *digester) entity(e *message.Entity, depth int) {
	d.parts++
	if d.parts > maxParts || depth > maxDepth {
		return
	}
	if mr := e.MultipartReader(); mr != nil {
		for {
			p, err := mr.NextPart()
			if p == nil || (err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)) {
				return
			}
			d.entity(p, depth+1)
		}
	}
	kind, params, _ := e.Header.ContentType()
	disposition, dispositionParams, _ := e.Header.ContentDisposition()
	attached := disposition == "attachment" || dispositionParams["filename"] != "" || params["name"] != ""
	switch {
	case !attached && (kind == "text/plain" || kind == ""):
		d.plain = true
		d.lines(e.Body, false)
	case !attached && kind == "text/html":
		if !d.plain {
			d.lines(e.Body, true)
		}
	default:
		h := fnv.New64a()
		if n, _ := io.Copy(h, io.LimitReader(e.Body, attachmentHead)); n > 0 && len(d.text.Attachments) < maxLines {
			d.text.Attachments = append(d.text.Attachments, h.Sum64())
		}
	}
}

var (
	tags = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]*>`)
	// forwardLine begins what mail programs put below a reply or a forward without ">".
	forwardLine = regexp.MustCompile(`(?i)^(-{2,}\s*(messaggio originale|messaggio inoltrato|original message|forwarded message|ursprüngliche nachricht|message d'origine|mensaje original).*|_{10,})$`)
	// asking is how people ask whether a message came.
	asking     = regexp.MustCompile(`(?i)((hai|ha|avete|hanno) (ricevut|avut)|(ti|le|vi|gli) (è|e'|sono) arrivat|(è|e'|sono) arrivat|did you (get|receive)|have you (got|received)|did (it|this|my) .{0,40}(arrive|reach)).{0,80}\?`)
	quoteIntro = regexp.MustCompile(`(?i)^(il |on |am |le |el |em ).{4,120}(ha scritto|wrote|schrieb|a écrit|escribió|escreveu)\s*:?$`)
)

// lines digests a text line by line, the author's own apart from what he quotes.
func (d *digester) lines(r io.Reader, html bool) {
	data, _ := io.ReadAll(io.LimitReader(r, maxTextBytes))
	text := string(data)
	if html {
		text = tags.ReplaceAllString(strings.NewReplacer("<br", "\n<br", "</p>", "</p>\n", "</div>", "</div>\n", "&nbsp;", " ").Replace(text), "")
	}
	below := false
	s := bufio.NewScanner(strings.NewReader(text))
	s.Buffer(make([]byte, 0, 4096), maxTextBytes)
	for s.Scan() {
		line := strings.Join(strings.Fields(s.Text()), " ")
		if line == "--" {
			// A signature is on everything that the person writes.
			if !below {
				return
			}
			continue
		}
		if introduces(line) {
			below = true
			continue
		}
		quoted := below
		for strings.HasPrefix(line, ">") {
			line, quoted = strings.TrimSpace(line[1:]), true
		}
		if line == "" {
			continue
		}
		if !quoted && !d.text.Asks && strings.IndexByte(line, '?') >= 0 && asking.MatchString(line) {
			d.text.Asks = true
		}
		d.line(line, quoted)
	}
}

// introduces reports whether a line begins what is quoted. The looks before the expressions are for speed: a mailbox has
// millions of lines.
func introduces(line string) bool {
	switch {
	case line == "":
		return false
	case line[0] == '-' || line[0] == '_':
		return forwardLine.MatchString(line)
	case line[len(line)-1] == ':' || strings.HasSuffix(line, "scritto") || strings.HasSuffix(line, "wrote"):
		return quoteIntro.MatchString(line)
	}
	return false
}

func (d *digester) line(line string, quoted bool) {
	list := &d.text.Own
	if quoted {
		list = &d.text.Quoted
	}
	if len(*list) < maxLines {
		h := fnv.New64a()
		_, _ = io.WriteString(h, strings.ToLower(line))
		*list = append(*list, h.Sum64())
	}
}
