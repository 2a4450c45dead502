package demo

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

//go:embed data/*.toml
var dataFiles embed.FS

// clock is how data files write an instant: month, day and time of 2023, in Italy.
const clock = "2006-01-02 15:04"

// instant is a time in the data files, such as "01-23 17:42".
type instant struct{ time.Time }

// UnmarshalText reads an instant as [clock] says.
func (i *instant) UnmarshalText(text []byte) error {
	t, err := time.ParseInLocation(clock, "2023-"+string(text), rome)
	i.Time = t
	return err
}

// script is the whole story, as the data files tell it.
type script struct {
	Owner  person
	Route  map[string]route  // sending services by id
	Person map[string]person // people by id
	Reply  map[string]reply  // how attempts end, by id
	Sent   []sent
	Mail   []letter
	Series []series
}

// person is somebody with an address.
type person struct {
	Name    string
	Address string
}

func (p person) domain() string { return p.Address[strings.LastIndexByte(p.Address, '@')+1:] }

// route is one of the ways in which Elena's mail leaves the house, or a foreign server that reports on it.
type route struct {
	From      person
	Layout    string // a template of layouts/
	Host      string // how it names itself in a report
	Relay     string // the host that mail passes through, "" for the same
	MessageID string // a pattern; see pattern in chance.go
	QueueID   string // likewise
	Agent     string // header field naming the mail program
	Lifetime  int    // hours after which it gives up (facts: the habits of internal/provider)
	Bare      bool   // its bounces are handed over without a Return-Path
}

func (r route) relay() string {
	if r.Relay != "" {
		return r.Relay
	}
	return r.Host
}

// reply is how an attempt ended.
type reply struct {
	Failure string // "reply", "refused", "timeout", "dns", "expired"
	Code    int
	Status  string // enhanced status the server said, "" when it said none
	Text    string // ADDR and DOMAIN stand for the recipient
	Stage   string // SMTP command that was answered
}

// sent is a message that Elena sent; it lies in the Sent folder.
type sent struct {
	ID          string
	Via         string
	At          instant
	To, Cc, Bcc []string // ids of people
	Subject     string
	Body        string
	Follows     string // id of the sent message or letter that it answers or sends again
	Receipt     bool   // asks for a read receipt
	Bounce      []bounceOf
	Answer      []letter
}

// bounceOf is a server's report about a sent message.
type bounceOf struct {
	At      instant
	Is      string // "delayed", "failed", "delivered" or "relayed"
	To      []string
	Why     string // id of the reply
	By      string // id of the route that reports, "" for the one it was sent through
	Tried   instant
	Names   string // address that the report names instead of the recipient's (forwarding)
	Expired bool   // it was the queue's time that ran out; Why is how the last attempt had ended
	Folder  string
}

// letter is a message that somebody wrote to Elena.
type letter struct {
	ID      string
	At      instant
	From    string // id of a person
	Kind    string // "" for an ordinary one, "vacation", "receipt", "raw", or a template of layouts/
	Subject string
	Body    string
	Follows string
	Folder  string
	List    bool // a newsletter
}

// series is mail that comes again and again: newsletters, orders, bills.
type series struct {
	From    person
	Start   instant
	Every   string // duration between two
	Count   int
	List    bool
	Number  int // {n} in the first subject; it grows by one
	Subject []string
	Body    []string
	Folder  string
}

var errUnknownKey = errors.New("unknown keys")

// readScript reads the embedded data files. They are part of the program and a test reads them all.
func readScript() (*script, error) {
	var all script
	err := fs.WalkDir(dataFiles, "data", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		var one script
		meta, err := toml.DecodeFS(dataFiles, path, &one)
		if err != nil {
			return fmt.Errorf("demo: reading %s: %w", path, err)
		}
		if extra := meta.Undecoded(); len(extra) > 0 {
			return fmt.Errorf("demo: reading %s: %w: %v", path, errUnknownKey, extra)
		}
		all.add(one)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &all, nil
}

func (st *script) add(one script) {
	if one.Owner.Address != "" {
		st.Owner = one.Owner
	}
	if one.Route != nil {
		st.Route = one.Route
	}
	if one.Person != nil {
		st.Person = one.Person
	}
	if one.Reply != nil {
		st.Reply = one.Reply
	}
	st.Sent = append(st.Sent, one.Sent...)
	st.Mail = append(st.Mail, one.Mail...)
	st.Series = append(st.Series, one.Series...)
}
