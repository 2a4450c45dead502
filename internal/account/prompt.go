//go:build !windows && !darwin

package account

import (
	"fmt"
	"slices"

	"github.com/godbus/dbus/v5"
)

// unlock unlocks a keyring that is locked, for which the service asks the person.
func (t *talk) unlock(collection dbus.ObjectPath) error {
	locked, err := t.locked(collection, collectionFace)
	if err != nil || !locked {
		return err
	}
	return t.askUnlock(collection)
}

// askUnlock has the service unlock a keyring or an item; never where nobody may be asked.
func (t *talk) askUnlock(path dbus.ObjectPath) error {
	if t.asking == nil {
		return ErrLocked
	}
	var unlocked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if err := t.call(servicePath, serviceFace+".Unlock", []dbus.ObjectPath{path}).Store(&unlocked, &prompt); err != nil {
		return err
	}
	result, err := t.prompt(prompt)
	if err != nil {
		return err
	}
	if more, ok := result.Value().([]dbus.ObjectPath); ok {
		unlocked = append(unlocked, more...)
	}
	if !slices.Contains(unlocked, path) {
		return ErrLocked
	}
	return nil
}

// prompt shows the service's prompt and waits until the person has answered; "/" is none. It is taken away when the call
// is given up. A service that asks where nobody may be asked is left unanswered.
func (t *talk) prompt(path dbus.ObjectPath) (dbus.Variant, error) {
	nothing := dbus.MakeVariant("")
	if path == noPath || path == "" {
		return nothing, nil
	}
	if t.asking == nil {
		t.object(path).Go(promptFace+".Dismiss", dbus.FlagNoReplyExpected, nil)
		return nothing, ErrLocked
	}
	signals := make(chan *dbus.Signal, 16)
	t.conn.Signal(signals)
	defer t.conn.RemoveSignal(signals)
	answered := []dbus.MatchOption{dbus.WithMatchSender(t.owner), dbus.WithMatchObjectPath(path), dbus.WithMatchInterface(promptFace)}
	left := []dbus.MatchOption{dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, t.owner)}
	for _, match := range [][]dbus.MatchOption{answered, left} {
		if err := t.conn.AddMatchSignalContext(t.ctx, match...); err != nil {
			return nothing, fmt.Errorf("listen for the prompt's answer: %w", err)
		}
	} // the matches end with the connection
	t.asking()
	if err := t.call(path, promptFace+".Prompt", "").Err; err != nil {
		return nothing, err
	}
	return t.answer(path, signals)
}

// answer waits for the prompt's answer, the end of the service, or the end of the call.
func (t *talk) answer(path dbus.ObjectPath, signals <-chan *dbus.Signal) (dbus.Variant, error) {
	nothing := dbus.MakeVariant("")
	for {
		select {
		case <-t.ctx.Done():
			t.object(path).Go(promptFace+".Dismiss", dbus.FlagNoReplyExpected, nil)
			return nothing, t.ctx.Err()
		case s, open := <-signals:
			switch {
			case !open || s == nil:
				return nothing, errGone
			case s.Name == "org.freedesktop.DBus.NameOwnerChanged":
				return nothing, errGone
			case s.Name != promptFace+".Completed" || s.Path != path || s.Sender != t.owner:
				continue
			}
			var dismissed bool
			result := nothing
			if err := dbus.Store(s.Body, &dismissed, &result); err != nil {
				return nothing, fmt.Errorf("%w: the prompt's answer: %w", ErrRefused, err)
			}
			if dismissed {
				return nothing, ErrDismissed
			}
			return result, nil
		}
	}
}
