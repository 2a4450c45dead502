// Package account keeps what a person has set up: which mailboxes are read and which providers are watched, in one file
// of the data folder, and their secrets in the keyring of the operating system and nowhere else.
//
// The file holds no secret, and the keyring holds nothing but secrets. It is the only room that speaks to a keyring.
package account

import "errors"

// Kind says what an account is.
type Kind string

// The kinds of account.
const (
	// IMAP is a mailbox that is read over IMAP; it has a secret in the keyring.
	IMAP Kind = "imap"
	// Local is mail kept on this computer, in files; it has no secret.
	Local Kind = "local"
	// Watched is a provider whose servers are looked at, without logging in; it has no secret.
	Watched Kind = "watched"
)

// How a connection is secured. There is no third way: nothing is ever sent in clear text.
const (
	TLS      = "tls"      // from the first byte (RFC 8314 section 3)
	StartTLS = "starttls" // asked for on a plain connection, and required (RFC 3207, RFC 9051 section 6.2.1)
)

// How an account logs in.
const (
	Password  = "password"  // one that the person types, an app password included
	Google    = "google"    // OAuth 2.0 with Google
	Microsoft = "microsoft" // OAuth 2.0 with Microsoft
)

// Endpoint is one server, by name and port, and how the connection to it is secured. The zero Endpoint is none.
type Endpoint struct {
	Host     string `toml:"host"` // a name or an IP address, as it stands in the certificate
	Port     int    `toml:"port"` // 1 to 65535
	Security string `toml:"security"`
}

// Path is one file or folder with mail on this computer.
type Path struct {
	Path string `toml:"path"` // absolute
	// Role is what the mail in it is, "" where the folder's own name tells: "inbox", "junk", "trash", "sent", "all" or
	// "other", as in internal/mailbox.
	Role string `toml:"role,omitempty"`
}

// Account is one mailbox or provider that the person has set up.
type Account struct {
	// ID is its name: the address, or a made one. It is unique whatever the case of its letters, shown to the person, used on
	// the command line, and the user name under which the keyring has the secret.
	ID string `toml:"id"`
	// Address is the person's address, with the domain in lower case; "" for a watched provider, and where mail files do not
	// tell.
	Address string `toml:"address,omitempty"`
	// User is the name to log in with, most often the address; "" where nobody logs in.
	User string `toml:"user,omitempty"`
	Kind Kind   `toml:"kind"`
	// IMAP is where mail is read. SMTP is the provider's submission server, which is only watched. A watched provider may
	// have neither: then the endpoints of its Operator's presets are meant.
	IMAP Endpoint `toml:"imap,omitempty"`
	SMTP Endpoint `toml:"smtp,omitempty"`
	// Auth is how to log in: [Password], [Google] or [Microsoft]; "" where nobody logs in.
	Auth string `toml:"auth,omitempty"`
	// CA is the PEM of the private authorities that sign the servers' certificates, trusted instead of the system's for this
	// account alone; "" for the system's.
	CA    string `toml:"ca,omitempty"`
	Paths []Path `toml:"paths,omitempty"` // of a local account
	// Folders are folders to read beside those that are found by what they are for (RFC 6154).
	Folders []string `toml:"folders,omitempty"`
	// Sent is the folder of sent mail, where neither the server nor its name tells which one it is; "" where they do.
	Sent string `toml:"sent,omitempty"`
	// Operator is the provider's id, as in internal/provider, "" when unknown.
	Operator string `toml:"operator,omitempty"`
}

// What a caller decides upon.
var (
	// ErrNoAccount: there is no account of that name.
	ErrNoAccount = errors.New("there is no such account")
	// ErrExists: there is an account of that name already.
	ErrExists = errors.New("there is such an account already")
)

// NeedsSecret reports whether somebody has to log in.
func (a Account) NeedsSecret() bool { return a.Kind == IMAP }
