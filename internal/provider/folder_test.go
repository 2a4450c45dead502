package provider

import (
	"strings"
	"testing"
)

func TestRoleOf(t *testing.T) {
	for name, want := range map[string]string{
		"INBOX": "inbox", "Inbox": "inbox", "Posta in arrivo": "inbox",
		"Sent": "sent", ".Sent": "sent", "INBOX.Sent": "sent", "INBOX/Sent": "sent", "INBOX.Sent Items": "sent", "Sent Messages": "sent",
		"Posta inviata": "sent", "Inviata": "sent", "inviati": "sent", "Elementi inviati": "sent", "[Gmail]/Posta inviata": "sent",
		"[Google Mail]/Sent Mail": "sent", "Gesendete Objekte": "sent", "&AMk-l&AOk-ments envoy&AOk-s": "sent", "Éléments envoyés": "sent",
		"E\u0301le\u0301ments envoye\u0301s": "sent", "Elementos enviados": "sent", "Verzonden items": "sent",
		"Junk": "junk", "INBOX.spam": "junk", "Junk E-mail": "junk", "Posta indesiderata": "junk", "Spamverdacht": "junk",
		"Courrier ind&AOk-sirable": "junk", "Correo no deseado": "junk", "Bulk Mail": "junk",
		"Trash": "trash", "Cestino": "trash", "INBOX.Cestino": "trash", "[Gmail]/Cestino": "trash", "Posta eliminata": "trash",
		"Deleted Items": "trash", "Papierkorb": "trash", "Corbeille": "trash", "Papelera": "trash", "Gel&APY-schte Elemente": "trash",
		"Drafts": "drafts", "Bozze": "drafts", "Entw&APw-rfe": "drafts", "Brouillons": "drafts", "Borradores": "drafts",
		"[Gmail]/Tutti i messaggi": "all", "[Gmail]/All Mail": "all", "[Gmail]/Alle Nachrichten": "all", "[Gmail]/Todos": "all",
		"Archive": "archive", "Archivio": "archive", "Archives": "archive", "Archiv": "archive",

		// What only resembles one.
		"Outbox": "", "Posta in uscita": "", "Projects/Sent": "", "Sentinel": "", "Archive/2022": "", "Lavoro": "", "[Gmail]": "",
		"R&D": "", "A&-B": "", "&broken": "", "&AAA-": "", "": "", ".": "", strings.Repeat("Sent", 1<<18): "",
	} {
		if got := Builtin().RoleOf(name); got != want {
			t.Errorf("%.40q is %q, want %q", name, got, want)
		}
	}
}

func FuzzRoleOf(f *testing.F) {
	for _, name := range []string{"Sent", "INBOX.&AMk-l&AOk-ments", "&&--", "[Gmail]/&", "&2D3eAA-"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		switch role := Builtin().RoleOf(name); role {
		case "", "inbox", "sent", "junk", "trash", "drafts", "all", "archive":
		default:
			t.Errorf("%q is %q", name, role)
		}
	})
}
