package checklist

import "bufio"

// Lists beside this one show words from mail too. They are made harmless in one way.

// Plain gives s as harmless text on one line of at most limit characters: see plain.
func Plain(s string, limit int) string { return plain(s, limit) }

// Wrap breaks s at spaces into lines of at most n columns.
func Wrap(s string, n int) []string { return wrap(s, n) }

// MarkdownText gives a sentence as CommonMark in which nothing is markup, a link, HTML or the start of a block.
func MarkdownText(s string) string { return escapeMarkdown(s) }

// Sentence words id with arguments that may come from mail: they are made harmless, times are shown in o's zone.
func (o Options) Sentence(id string, args map[string]any) string {
	return o.worded().sentence(id, args)
}

// WriteVisible writes JSON with every invisible character in its strings spelled out as an escape.
func WriteVisible(out *bufio.Writer, data []byte) error { return writeVisible(out, data) }
