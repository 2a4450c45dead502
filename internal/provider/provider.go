// Package provider knows who runs which mail domains, their client endpoints, how folders are named, and how long each
// kind of sending server keeps trying. It is pure data with look-ups; the data is embedded TOML.
package provider

import "time"

// Operator is a company that runs a group of mail domains.
type Operator struct {
	ID      string // such as "italiaonline"
	Name    string
	Domains []string // lower case
	// Hosts are host name suffixes that belong to its mail servers, such as "italiaonline.it" or "iol.local".
	Hosts   []string
	Sources []string
}

// Endpoint is one host and port with a protocol.
type Endpoint struct {
	Host string
	Port int
	TLS  string // "implicit" or "starttls"
}

// Preset is what is known of a provider's client access.
type Preset struct {
	ID       string
	Name     string
	Operator string
	Domains  []string
	MX       []string
	IMAP     *Endpoint // nil where no source names one
	POP3     *Endpoint
	SMTP     *Endpoint
	User     string   // "email" or "localpart"
	Auth     []string // in order of preference
	NotesIt  []string
	NotesEn  []string
	Sources  []string
}

// Sender is the habit of one kind of sending server or service.
type Sender struct {
	ID   string
	Name string
	// GiveUp is how long it keeps trying; zero when no source says.
	GiveUp time.Duration
	// Warnings are the ages at which it warns of a delay; empty when it does not by default.
	Warnings []time.Duration
	// DestinationClock is true where GiveUp counts the destination's failure and not the message's age (Exim).
	DestinationClock bool
	Sources          []string
}

// FallbackGiveUp is the give-up time where the sender is unknown: "at least 4-5 days" (RFC 5321 section 4.5.4.1).
const FallbackGiveUp = 5 * 24 * time.Hour

// Traits are what a sending server is recognised by; any may be empty.
type Traits struct {
	Received  []string // Received field values
	MessageID string
	From      string
	Subject   string
	Headers   map[string]string // canonical field name to value
	Text      string            // the beginning of a bounce's text
}
