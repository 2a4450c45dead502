// Package provider knows who runs which mail domains, their client endpoints, how folders are named, and how long each
// kind of sending server keeps trying. It is pure data with look-ups; the data is embedded TOML.
package provider

import "time"

// Operator is a company that runs a group of mail domains.
type Operator struct {
	ID      string   `toml:"id"` // such as "italiaonline"
	Name    string   `toml:"name"`
	Domains []string `toml:"domains"` // lower case
	// Hosts are host name suffixes that belong to its mail servers, such as "italiaonline.it" or "iol.local".
	Hosts   []string `toml:"hosts"`
	Sources []string `toml:"sources"`
}

// Endpoint is one host and port with a protocol.
type Endpoint struct {
	Host string `toml:"host"`
	Port int    `toml:"port"`
	TLS  string `toml:"tls"` // "implicit" or "starttls"
}

// Preset is what is known of a provider's client access.
type Preset struct {
	ID       string    `toml:"id"`
	Name     string    `toml:"name"`
	Operator string    `toml:"operator"`
	Domains  []string  `toml:"domains"`
	MX       []string  `toml:"mx"`   // receiving servers, as full names or as the domain they end in
	IMAP     *Endpoint `toml:"imap"` // nil where no source names one
	POP3     *Endpoint `toml:"pop3"`
	SMTP     *Endpoint `toml:"smtp"`
	Web      string    `toml:"web"`  // the webmail's page, "" where no source names it
	User     string    `toml:"user"` // "email", "localpart", or "" where it is a name of the provider's own
	Auth     []string  `toml:"auth"` // "password", "app-password", "oauth2", in order of preference
	NotesIt  []string  `toml:"notes_it"`
	NotesEn  []string  `toml:"notes_en"`
	Sources  []string  `toml:"sources"`
}

// Sender is the habit of one kind of sending server or service.
type Sender struct {
	ID   string `toml:"id"`
	Name string `toml:"name"`
	// GiveUp is how long it keeps trying; zero when no source says.
	GiveUp time.Duration `toml:"give_up"`
	// Earlier are the give-up times it had before, the oldest first.
	Earlier []Habit `toml:"earlier"`
	// Warnings are the ages at which it warns of a delay; empty when it does not by default.
	Warnings []time.Duration `toml:"warnings"`
	// DestinationClock is true where GiveUp counts the destination's failure and not the message's age (Exim).
	DestinationClock bool     `toml:"destination_clock"`
	Sources          []string `toml:"sources"`
}

// Habit is a give-up time that held for messages sent before an instant.
type Habit struct {
	Before time.Time     `toml:"before"`
	GiveUp time.Duration `toml:"give_up"`
}

// FallbackGiveUp is the give-up time where the sender is unknown: "at least 4-5 days" (RFC 5321 section 4.5.4.1).
const FallbackGiveUp = 5 * 24 * time.Hour

// Traits are what a sending server is recognised by; any may be empty.
type Traits struct {
	Received  []string // Received field values, the newest first
	MessageID string
	From      string
	Subject   string
	Headers   map[string]string // canonical field name to value
	Text      string            // the beginning of a bounce's text
}
