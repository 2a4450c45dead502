package probe

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/mailbox"
)

// TestEveryKindOfErrorHasAnEnding: what internal/mailbox tells apart is not told as garbage here.
func TestEveryKindOfErrorHasAnEnding(t *testing.T) {
	files, err := filepath.Glob("../mailbox/imap*.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Kind") {
				return true
			}
			lit, ok := spec.Values[0].(*ast.BasicLit)
			if !ok {
				return true
			}
			kind, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			kinds++
			if _, known := mailboxEndings[kind]; !known {
				t.Errorf("%s has no ending: %q", spec.Names[0].Name, kind)
			}
			return true
		})
	}
	if kinds < 40 {
		t.Errorf("only %d kinds were found", kinds)
	}
}

// TestStagesOfAMailbox: the stages of a conversation are taken over with their times, endings and what was learned on the way.
func TestStagesOfAMailbox(t *testing.T) {
	until, newest := time.Date(2023, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2023, 1, 23, 10, 0, 0, 0, time.UTC)
	refused := &mailbox.Error{Stage: mailbox.StageOpen, Kind: mailbox.KindServerRefused, Server: "not now"}
	for name, tc := range map[string]struct {
		stages []mailbox.StageResult
		err    error
		want   Ending
		last   Stage
	}{
		"all well": {
			[]mailbox.StageResult{{Stage: mailbox.StageConnect, Detail: "192.0.2.1:993"}, {Stage: mailbox.StageTLS, Until: until}, {Stage: mailbox.StageNewest, Took: time.Second, Newest: newest}},
			nil, EndingOK,
			Stage{Name: StageNewest, Took: time.Second, Ending: EndingOK},
		},
		"inbox refused": {
			[]mailbox.StageResult{{Stage: mailbox.StageConnect}, {Stage: mailbox.StageOpen, Err: refused}},
			refused, EndingRefusedOpen,
			Stage{Name: StageExamine, Ending: EndingRefusedOpen, Detail: "not now"},
		},
		"no such name": {
			[]mailbox.StageResult{{Stage: mailbox.StageAAAA}, {Stage: mailbox.StageA}},
			&mailbox.Error{Stage: mailbox.StageA, Kind: mailbox.KindDNS, Err: errors.New("no address")},
			EndingDNSUnknown,
			Stage{Name: StageA, Ending: EndingOK, Detail: "none"},
		},
		"time is over": {nil, context.DeadlineExceeded, EndingStalled, Stage{}},
	} {
		deps := Deps{IMAP: func(_ context.Context, cfg mailbox.IMAPConfig, report func(mailbox.StageResult)) error {
			if cfg.URL != "imaps://ada%40mail.example@imap.mail.example:993" {
				t.Errorf("%s: asked was %s", name, cfg.URL)
			}
			for _, s := range tc.stages {
				report(s)
			}
			return tc.err
		}}
		got := Check(t.Context(), Target{Kind: KindIMAP, Host: "imap.mail.example", Login: with("ada@mail.example", "secret")}, deps)
		if got.Ending != tc.want || len(got.Stages) != len(tc.stages) {
			t.Errorf("%s: %s, want %s: %+v", name, got.Ending, tc.want, got.Stages)
			continue
		}
		if n := len(got.Stages); n > 0 && got.Stages[n-1] != tc.last {
			t.Errorf("%s: the last stage is %+v, want %+v", name, got.Stages[n-1], tc.last)
		}
		if name == "all well" && (!got.CertificateUntil.Equal(until) || !got.Newest.Equal(newest) || got.Peer.String() != "192.0.2.1:993") {
			t.Errorf("%s: until %v, newest %v, at %v", name, got.CertificateUntil, got.Newest, got.Peer)
		}
	}
}
