// Package outage knows what happened: the outages of mail providers, their phases, how sure each boundary is, and
// which phase an instant falls in. It holds the embedded catalogue and reads a user's own. It is pure: no clock, no disk.
//
// # The catalogue file
//
// A catalogue is a TOML file (https://toml.io/en/v1.0.0) that can be written by hand and sent to a friend. The smallest:
//
//	[[outage]]
//	id = "example-2024-05"
//	name = "Example Mail, May 2024"
//	domains = ["example.org"]
//
//	[[outage.phase]]
//	id = "refuse"
//	title = "Connections refused"
//	behaviour = "refuse-connection"
//	from = 2024-05-02T10:00:00+02:00
//	to = 2024-05-03T18:00:00+02:00
//
// [sources] has a citation for each key that a "sources" list names.
//
// [[outage]]: id (small letters, digits, hyphens), name, domains; and operator (an id of the provider room), zone (an IANA
// name, Europe/Rome unless said), start and end (boundaries; unless said, those of the first and last phase), not_affected,
// cause, help_line, notice_page, warning, sources.
//
// [[outage.phase]], in order of time: id, title, behaviour (the constants of [Behaviour]), from; and to (unless said, the
// next phase's from; in the last phase, an end that nobody knows), bounce_by (sender, recipient, none, or either, which it
// is unless said), replies (each with code, and enhanced and texts; none where nothing was published), local_status, hold
// (until when what was accepted had been delivered or sent back; left out where nobody said), fate (unknown unless said),
// for_sender, for_owner, confidence (high, medium, low), basis (official, press, postmaster, derived), note, sources.
//
// [[outage.access]]: channel (webmail, app, app-android, app-ios, imap, pop, smtp), state (down, partial, restored), from,
// to, note, sources. [[outage.statement]]: at, text (a paraphrase), kept (yes, no), sources. [[outage.conflict]]: topic,
// values, chosen, sources.
//
// A sentence is { it = "…", en = "…" }, or one string for both. A boundary is a time with its offset, or
// { at, precision, earliest, latest, disputed, sources } with precision exact, about (an hour to either side unless said)
// or bound. Between two phases may be a pause, when mail flowed.
//
// # What it holds and what it does not
//
// The test of the shape are twelve other outages in testdata/comparables.toml: two separate windows of the same false
// refusal, an end that never came, mail that flowed while nobody could log in, customers' own domains. Told in words (note,
// cause, conflict) and not by fields of their own, as no rule reads them: that only some mailboxes or some senders were
// struck, what became of stored mail, a successor service, the vendor's number of the incident.
package outage
