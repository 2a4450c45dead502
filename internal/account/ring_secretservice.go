//go:build !windows && !darwin

package account

import (
	"context"
	"fmt"
	"slices"

	"github.com/godbus/dbus/v5"
)

// The Secret Service is spoken to here and not through go-keyring, whose calls unlock before every look, wait for an
// answer without end, and take any signal for the answer of a prompt. Items have the attributes that go-keyring gives
// them, so that each finds what the other kept.
//
// Any program of the person can read an unlocked keyring; that is how the Secret Service is made. The secret crosses the
// person's own bus, unencrypted ("plain"), where the same programs could watch it.

// systemRing is the Secret Service on the session's bus.
func systemRing() ring { return secretService{} }

// secretService finds the service anew for every call: a kept connection would be one more thing that can be stale.
type secretService struct {
	bus string // address of the bus; "" for the session's
}

// Names of the Secret Service API, version 0.2.
const (
	serviceName    = "org.freedesktop.secrets"
	servicePath    = dbus.ObjectPath("/org/freedesktop/secrets")
	loginPath      = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	noPath         = dbus.ObjectPath("/") // stands for "none", and for "no prompt needed"
	serviceFace    = "org.freedesktop.Secret.Service"
	collectionFace = "org.freedesktop.Secret.Collection"
	itemFace       = "org.freedesktop.Secret.Item"
	sessionFace    = "org.freedesktop.Secret.Session"
	promptFace     = "org.freedesktop.Secret.Prompt"
)

// limit is far above any password or token: gnome-keyring takes megabytes, and slows down.
func (secretService) limit() int { return 64 << 10 }

// attributes are what an item is found by.
func attributes(name string) map[string]string {
	return map[string]string{"service": Service, "username": name}
}

// wireSecret is the API's structure (oayays).
type wireSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

func (s secretService) get(ctx context.Context, asking func(), name string) (string, error) {
	var secret string
	err := s.with(ctx, asking, func(t *talk) error {
		collection, err := t.collection()
		if err != nil || collection == noPath {
			return orNoSecret(err)
		}
		item, err := t.find(collection, name)
		if err != nil {
			return err
		}
		secret, err = t.secret(item)
		return err
	})
	return secret, err
}

func (s secretService) set(ctx context.Context, asking func(), name, secret string) error {
	return s.with(ctx, asking, func(t *talk) error {
		collection, err := t.collection()
		if err != nil {
			return err
		}
		if collection == noPath {
			if collection, err = t.makeCollection(); err != nil {
				return err
			}
		}
		if err := t.unlock(collection); err != nil {
			return err
		}
		return t.put(collection, name, secret)
	})
}

func (s secretService) delete(ctx context.Context, asking func(), name string) error {
	return s.with(ctx, asking, func(t *talk) error {
		collection, err := t.collection()
		if err != nil || collection == noPath {
			return orNoSecret(err)
		}
		item, err := t.find(collection, name)
		if err != nil {
			return err
		}
		var prompt dbus.ObjectPath
		if err := t.call(item, itemFace+".Delete").Store(&prompt); err != nil {
			return goneItem(err)
		}
		_, err = t.prompt(prompt)
		return err
	})
}

func (s secretService) look(ctx context.Context) error {
	return s.with(ctx, nil, func(t *talk) error {
		collection, err := t.collection()
		switch {
		case err != nil:
			return err
		case collection == noPath:
			return ErrNoKeyring
		}
		locked, err := t.locked(collection, collectionFace)
		if err == nil && locked {
			return ErrLocked
		}
		return err
	})
}

func orNoSecret(err error) error {
	if err == nil {
		return ErrNoSecret
	}
	return err
}

// collection is the keyring that is used: the one that login unlocks where there is one, else the default; "/" where the
// service has none.
func (t *talk) collection() (dbus.ObjectPath, error) {
	v, err := t.property(servicePath, serviceFace, "Collections")
	if err != nil {
		return "", err
	}
	if all, ok := v.Value().([]dbus.ObjectPath); ok && slices.Contains(all, loginPath) {
		return loginPath, nil
	}
	path := noPath
	err = t.call(servicePath, serviceFace+".ReadAlias", "default").Store(&path)
	return path, err
}

// makeCollection makes the default keyring, for which the service asks the person for a password.
func (t *talk) makeCollection() (dbus.ObjectPath, error) {
	if t.asking == nil {
		return "", ErrNoKeyring
	}
	label := map[string]dbus.Variant{collectionFace + ".Label": dbus.MakeVariant("Default keyring")}
	var path, prompt dbus.ObjectPath
	if err := t.call(servicePath, serviceFace+".CreateCollection", label, "default").Store(&path, &prompt); err != nil {
		return "", err
	}
	result, err := t.prompt(prompt)
	if made, ok := result.Value().(dbus.ObjectPath); ok && err == nil && made != "" {
		path = made
	}
	if err == nil && path == noPath {
		err = ErrNoKeyring
	}
	return path, err
}

// find gives the item of a name in an unlocked keyring; it asks for the keyring to be unlocked where it may.
func (t *talk) find(collection dbus.ObjectPath, name string) (dbus.ObjectPath, error) {
	if err := t.unlock(collection); err != nil {
		return "", err
	}
	var items []dbus.ObjectPath
	if err := t.call(collection, collectionFace+".SearchItems", attributes(name)).Store(&items); err != nil {
		return "", err
	}
	if len(items) == 0 {
		return "", ErrNoSecret
	}
	return items[0], nil
}

// secret reads an item. Some services lock single items, and ask before they hand one out.
func (t *talk) secret(item dbus.ObjectPath) (string, error) {
	locked, err := t.locked(item, itemFace)
	if err != nil {
		return "", goneItem(err)
	}
	if locked {
		if err := t.askUnlock(item); err != nil {
			return "", err
		}
	}
	session, end, err := t.session()
	if err != nil {
		return "", err
	}
	defer end()
	var s wireSecret
	if err := t.call(item, itemFace+".GetSecret", session).Store(&s); err != nil {
		return "", goneItem(err)
	}
	return string(s.Value), nil
}

// put keeps a secret in place of the one of the same attributes.
func (t *talk) put(collection dbus.ObjectPath, name, secret string) error {
	session, end, err := t.session()
	if err != nil {
		return err
	}
	defer end()
	properties := map[string]dbus.Variant{
		itemFace + ".Label":      dbus.MakeVariant("Rimbalzo: " + name),
		itemFace + ".Attributes": dbus.MakeVariant(attributes(name)),
	}
	value := wireSecret{session, []byte{}, []byte(secret), "text/plain; charset=utf8"}
	var item, prompt dbus.ObjectPath
	if err := t.call(collection, collectionFace+".CreateItem", properties, value, true).Store(&item, &prompt); err != nil {
		return err
	}
	_, err = t.prompt(prompt)
	return err
}

// session opens what secrets are handed over in, and gives what closes it.
func (t *talk) session() (dbus.ObjectPath, func(), error) {
	var nothing dbus.Variant
	var path dbus.ObjectPath
	err := t.call(servicePath, serviceFace+".OpenSession", "plain", dbus.MakeVariant("")).Store(&nothing, &path)
	if err != nil {
		return "", nil, fmt.Errorf("open a session with the keyring: %w", err)
	}
	// The service also closes it when this connection ends.
	return path, func() { t.object(path).Go(sessionFace+".Close", dbus.FlagNoReplyExpected, nil) }, nil
}
