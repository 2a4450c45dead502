package account

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/words"
)

func TestAddressIsEnoughForKnownProviders(t *testing.T) {
	d := provider.Builtin()
	for address, want := range map[string]struct {
		id, user, operator, hint string
		imap                     Endpoint
		signIn                   bool
	}{
		"Maria.Rossi@LIBERO.it": {"Maria.Rossi@libero.it", "Maria.Rossi@libero.it", "italiaonline", "Spam", Endpoint{"imapmail.libero.it", 993, TLS}, false},
		"marco@tim.it":          {"marco@tim.it", "marco@tim.it", "tim", "", Endpoint{"imap.tim.it", 143, StartTLS}, false},
		"marco@gmail.com":       {"marco@gmail.com", "marco@gmail.com", "google", "apppasswords", Endpoint{"imap.gmail.com", 993, TLS}, false},
		"marco@hotmail.it":      {"marco@hotmail.it", "marco@hotmail.it", "microsoft", "IMAP", Endpoint{"outlook.office365.com", 993, TLS}, true},
	} {
		s, known := ForAddress(d, address)
		a := s.Account
		if !known || a.ID != want.id || a.User != want.user || a.Operator != want.operator || a.IMAP != want.imap || s.SignIn != want.signIn {
			t.Errorf("%s: known %v, %+v, sign in %v", address, known, a, s.SignIn)
		}
		for _, lang := range []string{"it", "en"} {
			if notes := strings.Join(s.In(lang), " "); !strings.Contains(notes, want.hint) {
				t.Errorf("%s, %s: no %q in the notes %q", address, lang, want.hint, notes)
			}
		}
		if key, rule, _ := fault(a, nil); rule != "" {
			t.Errorf("%s: %s %s", address, key, rule)
		}
	}
	if s, known := ForAddress(d, "maria@studio.example"); known || s.Account.User != "maria@studio.example" || s.Account.IMAP != (Endpoint{}) {
		t.Errorf("an unknown provider: %v, %+v", known, s)
	}
}

func TestAccountIsReadAsItWasSetUp(t *testing.T) {
	a := maria
	a.User, a.IMAP.Security = "maria/rossi@libero.it", StartTLS
	vault := newKeyring(newStub(nil), false)
	cfg, err := a.IMAPConfig(t.Context(), Access{Vault: vault})
	if err != nil || cfg.URL != "imap://maria%2Frossi%40libero.it@imapmail.libero.it:993" || cfg.Roots != nil || !slices.Equal(cfg.Folders, a.Folders) {
		t.Errorf("%+v, %v", cfg, err)
	}
	if role := cfg.RoleOf("Posta inviata"); role != mailbox.RoleSent {
		t.Errorf("the sent folder is %q", role)
	}
	if _, err := cfg.Password(); !errors.Is(err, ErrNoSecret) {
		t.Errorf("without a secret, and nobody to ask: %v", err)
	}
	cfg, _ = a.IMAPConfig(t.Context(), Access{Vault: vault, Ask: func(_ context.Context, why error) (string, error) {
		return fmt.Sprint(errors.Is(why, ErrNoSecret)), nil
	}})
	if got, err := cfg.Password(); got != "true" || err != nil {
		t.Errorf("asked, with the reason: %q, %v", got, err)
	}
	_ = vault.Set(t.Context(), a.ID, "kept")
	if got, err := cfg.Password(); got != "kept" || err != nil {
		t.Errorf("out of the keyring: %q, %v", got, err)
	}
	a.CA = "no certificate"
	if cfg, _ := a.IMAPConfig(t.Context(), Access{Vault: vault}); cfg.Roots == nil {
		t.Error("a private authority that is none opens the door to the system's")
	}
	if _, err := files.IMAPConfig(t.Context(), Access{}); !errors.Is(err, ErrNotIMAP) {
		t.Errorf("mail on this computer: %v", err)
	}
}

func TestSentFolderIsWhereThePersonSays(t *testing.T) {
	for _, sent := range []string{"Mie lettere", "INBOX.Mie lettere", "inbox/mie LETTERE"} {
		a := maria
		a.Sent = sent
		b, _ := book(t)
		if err := b.Add(a); err != nil {
			t.Fatal(err)
		}
		kept, err := b.Get(a.ID)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := kept.IMAPConfig(t.Context(), Access{Vault: newKeyring(newStub(nil), false)})
		if err != nil || cfg.RoleOf("Mie lettere") != mailbox.RoleSent || cfg.RoleOf("Sent") != mailbox.RoleSent || cfg.RoleOf("Lettere") == mailbox.RoleSent {
			t.Errorf("%q: %q, %q, %q, %v", sent, cfg.RoleOf("Mie lettere"), cfg.RoleOf("Sent"), cfg.RoleOf("Lettere"), err)
		}
	}
}

func TestOutageAndWrongPasswordAreToldApart(t *testing.T) {
	for _, tc := range []struct {
		kind         string
		sure, outage bool
		want         Blame
	}{
		{mailbox.KindRefused, false, false, TheProvider},
		{mailbox.KindTimeout, true, false, TheProvider},
		{mailbox.KindUnavailable, false, false, TheProvider},
		{mailbox.KindBye, false, false, TheProvider},
		{mailbox.KindDNS, true, false, TheProvider},
		{mailbox.KindDNS, false, true, TheSettings},
		{mailbox.KindPassword, true, false, TheLogin},
		{mailbox.KindPassword, true, true, TheProvider},
		{mailbox.KindLoginRefused, true, false, TheUnsaid},
		{mailbox.KindLoginRefused, false, true, TheProvider},
		{mailbox.KindSignInRefused, true, false, TheLogin},
		{mailbox.KindCertUnknown, true, true, TheSettings},
		{mailbox.KindNoStartTLS, true, true, TheSettings},
		{mailbox.KindNotIMAP, true, true, TheSettings},
	} {
		if got := BlameFor(fmt.Errorf("x: %w", &mailbox.Error{Kind: tc.kind}), tc.sure, tc.outage); got != tc.want {
			t.Errorf("%+v: %s", tc, got)
		}
	}
	if got := BlameFor(context.Canceled, true, true); got != TheSettings {
		t.Errorf("given up: %s", got)
	}
}

// TestEveryTroubleHasASentence in both languages, another one for each, and none with English inside Italian.
func TestEveryTroubleHasASentence(t *testing.T) {
	_, wrong := parse([]byte("version = 1\ncolour = 1\n[[account]]\nid=\"\"\nkind=\"x\"\n"))
	troubles := []error{&FileError{"/home/maria/accounts.toml", wrong}, &InvalidError{Problem{Rule: "space", Args: map[string]any{}}}}
	for _, d := range described {
		troubles = append(troubles, fmt.Errorf("doing: %w", d.err))
	}
	seen := map[string]bool{}
	for _, err := range troubles {
		for _, lang := range []string{"it", "en"} {
			text, ok := Describe(err, words.New(lang))
			if !ok || strings.Contains(text, "account.error") || strings.Contains(text, "account.problem") || strings.Contains(text, "<no value>") || seen[text] {
				t.Errorf("%v in %s: %q", err, lang, text)
			}
			seen[text] = true
		}
	}
	if text, _ := Describe(fmt.Errorf("read: %w", &fs.PathError{Path: "/x/accounts.toml", Err: ErrNotRegular}), words.New("en")); !strings.Contains(text, "/x/accounts.toml") {
		t.Errorf("no path in %q", text)
	}
	if _, ok := Describe(errors.New("something else"), words.New("en")); ok {
		t.Error("an error of another room is described")
	}
}

// TestSessionKeepsWhatTheKeyringDoesNot for as long as the program runs, and says so.
func TestSessionKeepsWhatTheKeyringDoesNot(t *testing.T) {
	broken := ErrNoService
	ring := newStub(func(context.Context, func(), string, string) error { return broken })
	s := Remember(newKeyring(ring, true))
	err := s.Set(t.Context(), "elena", "secret")
	if text, _ := Describe(err, words.New("en")); !errors.Is(err, ErrOnlyMemory) || !errors.Is(err, ErrNoService) || !strings.Contains(text, "install") || !strings.Contains(text, "memory") {
		t.Errorf("%v: %q", err, text)
	}
	if got, err := s.Get(t.Context(), "elena"); got != "secret" || err != nil {
		t.Errorf("in memory: %q, %v", got, err)
	}
	broken = nil // the keyring is back
	if err := s.Set(t.Context(), "elena", "new"); err != nil || ring.kept["elena"] != "new" {
		t.Errorf("back in the keyring: %v, %v", err, ring.kept)
	}
	ring.kept["elena"] = "changed by another process"
	if got, _ := s.Get(t.Context(), "elena"); got != "changed by another process" {
		t.Errorf("memory hides the keyring: %q", got)
	}
	broken = ErrNoService
	_ = s.Set(t.Context(), "elena", "memory")
	_ = s.Delete(t.Context(), "elena")
	if got, err := s.Get(t.Context(), "elena"); err == nil {
		t.Errorf("deleted, and still in memory: %q", got)
	}
}
