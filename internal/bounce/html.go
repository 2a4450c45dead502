package bounce

import (
	"html"
	"strings"
)

// blockTags end a line of text when they begin or end.
var blockTags = map[string]bool{
	"p": true, "br": true, "div": true, "tr": true, "li": true, "ul": true, "ol": true, "table": true, "h1": true, "h2": true, "h3": true, "h4": true, "hr": true, "pre": true, "blockquote": true, "title": true, "td": true, "th": true, "dt": true, "dd": true, "body": true, "center": true,
}

// htmlText gives the text of an HTML page as lines, without its styles and scripts. Table cells stand on one line with their row.
func htmlText(page string) string {
	var b strings.Builder
	for page != "" {
		open := strings.IndexByte(page, '<')
		if open < 0 {
			b.WriteString(page)
			break
		}
		writeText(&b, page[:open])
		page = page[open+1:]
		if strings.HasPrefix(page, "!--") {
			_, page, _ = strings.Cut(page, "-->")
			continue
		}
		shut := strings.IndexByte(page, '>')
		if shut < 0 {
			break
		}
		inside := page[:shut]
		name := tagName(inside)
		if name == "" || strings.Contains(inside, "@") && !strings.Contains(inside, "=") {
			b.WriteString("<" + inside + ">") // an address in brackets that nobody escaped
			page = page[shut+1:]
			continue
		}
		page = page[shut+1:]
		switch {
		case name == "style" || name == "script" || name == "head":
			if inside[0] != '/' {
				page = afterClosing(page, name)
			}
		case name == "td" || name == "th":
			b.WriteByte(' ')
		case blockTags[name]:
			b.WriteByte('\n')
			if name == "p" || name == "table" || name == "div" {
				b.WriteByte('\n')
			}
		}
	}
	return html.UnescapeString(b.String())
}

// writeText adds text between tags, its line ends being blanks.
func writeText(b *strings.Builder, text string) {
	if strings.IndexByte(text, '\n') >= 0 {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	b.WriteString(text)
}

func tagName(inside string) string {
	inside = strings.TrimPrefix(inside, "/")
	n := 0
	for n < len(inside) && (isLetter(inside[n]|0x20) || isDigit(inside[n])) {
		n++
	}
	if n == 0 {
		if strings.HasPrefix(inside, "!") || strings.HasPrefix(inside, "?") {
			return "!"
		}
		return ""
	}
	return strings.ToLower(inside[:n])
}

// afterClosing skips to behind the closing tag of that name.
func afterClosing(page, name string) string {
	for rest := page; ; {
		i := strings.Index(rest, "</")
		if i < 0 {
			return ""
		}
		rest = rest[i+2:]
		if len(rest) >= len(name) && strings.EqualFold(rest[:len(name)], name) {
			_, rest, _ = strings.Cut(rest, ">")
			return rest
		}
	}
}
