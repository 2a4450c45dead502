// Package watch decides when to check servers and to review mail, what the checks add up to, and what to tell the person.
// A [Watcher] lives for months in the background; everything around it is handed in by [Params]: the checks, the reviews,
// the [History] that outlives it, the desktop, the clock on the wall, the dice.
//
// # States
//
// What one look at one endpoint said is a [Seen]. [Decide] adds the recent ones up to a [Standing]: a pure, total function,
// so that a restart, or looks in another order, change nothing. [Combine] adds states up to that of a direction, an account,
// or everything. Down takes three failures over at least two minutes; up takes two passes, the first a login, the second a
// NOOP on the same connection (where no connection is kept: a look without a login).
//
// A refused login is no wrong password. It becomes one when the server said so in so many words, three times over two hours
// with another account of the same provider getting in meanwhile, or five times over a day with another door of the provider
// open; never in a trouble of the provider, and never by a bare NO. Of a bare NO for a day and a half, with everything else of
// the provider well, the person is told, and pointed to the provider. Refused logins of several accounts at once are the
// provider's trouble.
//
// Whether it is this machine's line is told by its interfaces and routes, and by the other providers that are watched: no
// stranger is asked. Of a single provider whose name is not even found nobody can tell; that counts as the line.
//
// # Courtesy
//
// A million copies of this program lose their connections in the same second, and meet again at a server that gets up.
// Played in virtual time by the program's own [Pace] and [Bucket]: all sessions dropped, six hours down, then servers that
// take 2,000 logins a second, one for reading and one for sending; 5 % of the people press "check now" every minute, from the
// drop on, and what they press knocks at both. Logins per second, the most in any one second:
//
//	pauses                        at the drop   after reopening   half back   99 % back
//	this program, IMAP                  3,472               876     10m 40s     27m 20s
//	this program, SMTP                  3,450               884     10m 39s     27m 21s
//	every 60 s                         17,865            17,865      4m 10s      8m 46s
//	every 300 s                         4,263             4,169      4m 10s      9m 52s
//	every 600 s ± 30 s                  3,292             2,546      4m 45s     10m 03s
//
// This program's figures are the median of 5 seeds each; those of others, one seed, are of reading alone. Others are quicker
// because the server of this story never breaks under them; ±30 s is what Thunderbird does every ten minutes. Each copy reads
// its new mail over the connection that it has by then, at a random moment of the quarter of an hour after: no login more.
// The figures are made by
//
//	go run ./packaging/dev test --slow million
//
// which takes some minutes; without --slow a twentieth of the copies is played, in seconds. What they come from: the
// first knock after a drop at a random moment of 15 minutes; then pauses from 2 minutes, doubling to 30, half of each at
// random; an hour after a day; [LIMIT], 421, BYE and the like double once more. "Check now" is honoured once a minute, in a
// trouble once in 10 minutes, and from a drop on not before a random moment of 10 minutes. One connection to each server;
// at most 3 refused logins in an hour and 6 in a day, over restarts; a provider's MX at most twice an hour. All that is
// taken up again from the history when the program starts.
//
// # Telling
//
// A [Notice] is claimed in the history before it is shown: it is told at most once, also when the process is killed in
// between, at the price that it is then not told at all. That is the better mistake: whoever is told the same thing twice
// stops listening, and what was missed stands in the window and in the tray, and in [Status.Unshown]. Never more than six a
// day, at most four of them about mail; nothing while snoozed, of a muted kind, nor what the person saw in the window.
// What is due is found anew from what is so, not from a queue of events. What comes in quiet hours is told at their end, all
// in one notice, also that a provider went and came back meanwhile.
//
// Bounces are told together once none came for a minute and a half, at the latest after ten minutes; in a storm the next
// notices of them come a quarter of an hour, an hour and four hours after one another. That a provider is back is told when
// it has worked for ten minutes, for three quarters of an hour where it came and went; and when it goes again within two
// hours of that, it is told only once it has been gone for an hour.
package watch
