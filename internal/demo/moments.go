package demo

import "time"

// rome is Central European Time, which Italy kept all through the demo's mail (January and February 2023).
var rome = time.FixedZone("CET", 3600)

// Moment is an instant at which the demo can stand. Mail later than At has not arrived yet.
type Moment struct {
	// ID names it for words: "demo.moment."+ID is its title, "demo.moment."+ID+".why" why it is worth a look.
	ID      string
	At      time.Time
	Default bool
}

// Moments are the instants at which the demo can stand, in their order. The same mail means something else at each:
//
//   - warnings: the provider refuses connections, senders' servers keep trying. Nothing has failed for good but a few
//     wrong addresses: nearly everything is "wait", and resending would only make doubles.
//   - false-550: the morning of the false "no such user". What waited the day before has come back in one night, and
//     the advice turns from "wait" to "send again, once the service is back".
//   - reopening: the moment at which the demo starts. Mailboxes come back one by one, some messages are put off with
//     452, the provider itself returns what it had taken on the first day, replies prove what arrived: every verdict
//     occurs.
//   - after: queues have run out, so most of what waited is decided: it arrived, or it came back.
func Moments() []Moment {
	return []Moment{
		{ID: "warnings", At: time.Date(2023, time.January, 24, 12, 0, 0, 0, rome)},
		{ID: "false-550", At: time.Date(2023, time.January, 26, 9, 0, 0, 0, rome)},
		{ID: "reopening", At: time.Date(2023, time.January, 27, 18, 0, 0, 0, rome), Default: true},
		{ID: "after", At: time.Date(2023, time.February, 4, 12, 0, 0, 0, rome)},
	}
}
