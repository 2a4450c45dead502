//go:build !windows && !darwin

package account

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

// privateBus starts a D-Bus of the test's own, on which nothing is started by itself, and gives its address and what
// ends it.
func privateBus(t *testing.T) (address string, end func()) {
	t.Helper()
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("dbus-daemon is not installed here: apt-get install dbus-daemon")
	}
	dir, err := os.MkdirTemp("", "bus") // short: a socket's name has a limit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket, conf := filepath.Join(dir, "bus"), filepath.Join(dir, "conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, busConfig, socket), 0o600); err != nil {
		t.Fatal(err)
	}
	bus := exec.Command(daemon, "--config-file="+conf, "--nofork", "--nopidfile")
	if err := bus.Start(); err != nil {
		t.Fatal(err)
	}
	end = sync.OnceFunc(func() {
		_ = bus.Process.Signal(syscall.SIGTERM)
		_ = bus.Wait()
	})
	t.Cleanup(end)
	for range 200 {
		if conn, err := dbus.Connect("unix:path=" + socket); err == nil {
			conn.Close()
			return "unix:path=" + socket, end
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the private bus does not start")
	return "", nil
}

// fakeService is a Secret Service with one keyring, and with faults.
type fakeService struct {
	sync.Mutex
	conn    *dbus.Conn
	items   map[string]string // by user name
	login   bool              // its keyring is the one that login unlocks, and not only the default
	none    bool              // it has no keyring
	locked  bool
	guarded bool              // its items are locked each
	answer  string            // of a prompt: "unlock", "dismiss", "never", "die", "garbage"
	mute    string            // the method that is never answered
	dieAt   string            // the method in which it leaves the bus
	refuse  map[string]string // method to the name of its error
	calls   []string
	next    *fakeService // waits for the name
	quiet   chan struct{}
}

const fakeCollection = dbus.ObjectPath("/org/freedesktop/secrets/collection/fake")

// serve puts it on the bus; it queues for the name where another has it.
func (f *fakeService) serve(t *testing.T, address string) *fakeService {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	f.conn, f.quiet = conn, make(chan struct{})
	if f.items == nil {
		f.items = map[string]string{}
	}
	t.Cleanup(func() { close(f.quiet); conn.Close() })
	for face, methods := range map[string]map[string]any{
		serviceFace:                       {"OpenSession": f.openSession, "ReadAlias": f.readAlias, "Unlock": f.unlock, "CreateCollection": f.createCollection},
		collectionFace:                    {"SearchItems": f.searchItems, "CreateItem": f.createItem},
		itemFace:                          {"GetSecret": f.getSecret, "Delete": f.delete},
		promptFace:                        {"Prompt": f.prompt, "Dismiss": f.dismiss},
		"org.freedesktop.DBus.Properties": {"Get": f.property},
	} {
		if err := conn.ExportSubtreeMethodTable(methods, servicePath, face); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.RequestName(serviceName, 0); err != nil {
		t.Fatal(err)
	}
	if f.next != nil {
		f.next.serve(t, address)
	}
	return f
}

// enter notes a call and has its fault happen.
func (f *fakeService) enter(method string) *dbus.Error {
	f.Lock()
	defer f.Unlock()
	f.calls = append(f.calls, method)
	switch {
	case f.dieAt == method:
		f.conn.Close()
		return &dbus.Error{Name: "org.example.Dead"}
	case f.mute == method:
		f.Unlock()
		<-f.quiet
		f.Lock()
	}
	if name := f.refuse[method]; name != "" {
		return &dbus.Error{Name: name, Body: []any{"no"}}
	}
	return nil
}

func (f *fakeService) asked(methods ...string) bool {
	f.Lock()
	defer f.Unlock()
	return slices.ContainsFunc(f.calls, func(c string) bool { return slices.Contains(methods, c) })
}

func (f *fakeService) collection() dbus.ObjectPath {
	switch {
	case f.none:
		return noPath
	case f.login:
		return loginPath
	}
	return fakeCollection
}

func (f *fakeService) property(m dbus.Message, face, name string) (dbus.Variant, *dbus.Error) {
	if err := f.enter("Get " + name); err != nil {
		return dbus.Variant{}, err
	}
	if name == "Collections" {
		return dbus.MakeVariant([]dbus.ObjectPath{f.collection()}), nil
	}
	if face == itemFace {
		return dbus.MakeVariant(f.guarded), nil
	}
	return dbus.MakeVariant(f.locked), nil
}

func (f *fakeService) readAlias(string) (dbus.ObjectPath, *dbus.Error) {
	return f.collection(), f.enter("ReadAlias")
}

func (f *fakeService) openSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), servicePath + "/session/1", f.enter("OpenSession")
}

func (f *fakeService) promptPath(needed bool) dbus.ObjectPath {
	if needed {
		return servicePath + "/prompt/1"
	}
	return noPath
}

func (f *fakeService) unlock([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return nil, f.promptPath(true), f.enter("Unlock")
}

func (f *fakeService) createCollection(map[string]dbus.Variant, string) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return noPath, f.promptPath(true), f.enter("CreateCollection")
}

func (f *fakeService) searchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	if err := f.enter("SearchItems"); err != nil {
		return nil, err
	}
	f.Lock()
	defer f.Unlock()
	if _, ok := f.items[attributes["username"]]; !ok || attributes["service"] != Service {
		return nil, nil
	}
	return []dbus.ObjectPath{itemPath(attributes["username"])}, nil
}

// itemPath writes a user name as a part of a path can hold it.
func itemPath(user string) dbus.ObjectPath {
	return dbus.ObjectPath(fmt.Sprintf("%s/i%x", fakeCollection, user))
}

func userOf(path dbus.ObjectPath) string {
	var user []byte
	_, _ = fmt.Sscanf(strings.TrimPrefix(string(path), string(fakeCollection)+"/i"), "%x", &user)
	return string(user)
}

func (f *fakeService) createItem(properties map[string]dbus.Variant, s wireSecret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if err := f.enter("CreateItem"); err != nil {
		return noPath, noPath, err
	}
	f.Lock()
	defer f.Unlock()
	attributes, _ := properties[itemFace+".Attributes"].Value().(map[string]string)
	f.items[attributes["username"]] = string(s.Value)
	return itemPath(attributes["username"]), noPath, nil
}

func (f *fakeService) getSecret(m dbus.Message, session dbus.ObjectPath) (wireSecret, *dbus.Error) {
	if err := f.enter("GetSecret"); err != nil {
		return wireSecret{}, err
	}
	f.Lock()
	defer f.Unlock()
	path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	return wireSecret{session, nil, []byte(f.items[userOf(path)]), "text/plain"}, nil
}

func (f *fakeService) delete(m dbus.Message) (dbus.ObjectPath, *dbus.Error) {
	if err := f.enter("Delete"); err != nil {
		return noPath, err
	}
	f.Lock()
	defer f.Unlock()
	path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	delete(f.items, userOf(path))
	return noPath, nil
}

// prompt answers as it was told to, with the keyring that was asked for as result.
func (f *fakeService) prompt(m dbus.Message, _ string) *dbus.Error {
	err := f.enter("Prompt")
	f.Lock()
	defer f.Unlock()
	path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	done := func(values ...any) { _ = f.conn.Emit(path, promptFace+".Completed", values...) }
	switch f.answer {
	case "unlock":
		f.locked, f.guarded = false, false
		result := dbus.MakeVariant([]dbus.ObjectPath{f.collection()})
		if len(f.items) == 1 {
			for user := range f.items {
				result = dbus.MakeVariant([]dbus.ObjectPath{f.collection(), itemPath(user)})
			}
		}
		if f.none {
			f.none, result = false, dbus.MakeVariant(fakeCollection)
		}
		done(false, result)
	case "dismiss":
		done(true, dbus.MakeVariant(""))
	case "garbage":
		done("yes")
	case "die":
		time.AfterFunc(50*time.Millisecond, func() { f.conn.Close() })
	}
	return err
}

func (f *fakeService) dismiss() *dbus.Error { return f.enter("Dismiss") }
