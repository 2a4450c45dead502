package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/mailbox"
)

// errEnough ends a reading when all bounces were found.
var errEnough = errors.New("all bounces were found")

// readOnce reads the account as the program does and says how many bounces it found and how much memory it took. Its arguments are the
// port, the file with the authority, "bounces" or "all", and the file in which marks are kept, "" for none.
func readOnce(ctx context.Context, args []string, out io.Writer) error {
	if len(args) != 4 {
		return errors.New("read wants port, authority, what and marks")
	}
	pem, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	found := 0
	cfg := mailbox.IMAPConfig{
		URL: "imaps://" + account + "@localhost:" + args[0], Roots: roots,
		Password: func() (string, error) { return password, nil },
	}
	if text, err := os.ReadFile(args[3]); err == nil {
		if err := json.Unmarshal(text, &cfg.Marks); err != nil {
			return err
		}
	}
	var last uint32
	marks := map[string]mailbox.Mark{}
	cfg.Marked = func(m mailbox.Mark) error {
		marks[m.Folder] = m
		// The search's last mark stands beyond the last bounce, while nothing else was looked at.
		if args[2] == "bounces" && m.Hits > last+1 && m.Next == 1 {
			return errEnough
		}
		return nil
	}
	_, err = mailbox.IMAP(cfg).Read(ctx, func(m mailbox.Message) error {
		last = max(last, m.UID)
		ok, err := isBounce(m)
		if ok {
			found++
		}
		return err
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	if args[3] != "" {
		var list []mailbox.Mark
		for _, m := range marks {
			list = append(list, m)
		}
		if len(list) > 0 {
			text, err := json.Marshal(list)
			if err != nil {
				return err
			}
			if err := os.WriteFile(args[3], text, 0o600); err != nil {
				return err
			}
		}
	}
	return json.NewEncoder(out).Encode(map[string]int64{"Found": int64(found), "Peak": peak()})
}

// isBounce decodes a message as a review does.
func isBounce(m mailbox.Message) (bool, error) {
	text, err := io.ReadAll(m.Body)
	if err != nil {
		return false, err
	}
	head, _, _ := strings.Cut(string(text), "\r\n\r\n")
	rep := bounce.DecodeParts([]byte(head), m.Parts)
	if m.Parts == nil {
		if rep, err = bounce.Decode(strings.NewReader(string(text))); err != nil {
			return false, err
		}
	}
	return rep.Kind == bounce.KindFailed, nil
}

// peak is the most memory that this process took, in KB; 0 where the system does not tell (proc(5), VmHWM).
func peak() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kb int64
	_, _ = fmt.Sscan(after, &kb)
	return kb
}
