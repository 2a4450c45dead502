package provider

import (
	"strings"
	"testing"
)

// A review recognises the writer of each bounce; the worst is one that nothing tells.
func BenchmarkRecognise(b *testing.B) {
	text := strings.Repeat("I'm sorry to have to inform you that your message could not be delivered. ", 27)
	for name, traits := range map[string]Traits{
		"postfix": {From: "MAILER-DAEMON@mail.studio.example (Mail Delivery System)", Subject: "Undelivered Mail Returned to Sender", Text: "This is the mail system at host mail.studio.example.\n" + text, Received: []string{"by mail.studio.example (Postfix) id 0CD38FB2779; Wed, 25 Jan 2023 20:00:00 +0100 (CET)"}},
		"unknown": {From: "daemon@mail.studio.example", Subject: "Your message", Text: text, Received: []string{"from a.example by b.example with ESMTP id 1; Wed, 25 Jan 2023 20:00:00 +0100", "from c.example by a.example with ESMTP id 2; Wed, 25 Jan 2023 20:00:00 +0100"}, MessageID: "<1@studio.example>"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Builtin().Recognise(traits)
			}
		})
	}
}
