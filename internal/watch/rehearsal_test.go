package watch

import (
	"flag"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
)

// rehearsal is an outage as a script, with the states that reading mail passes through for anna and the notices that
// the person gets. more are states of something else.
type rehearsal struct {
	name    string
	who     []string
	script  string
	receive string
	notices string
	more    map[string]string
}

var (
	alone  = []string{"anna"}
	three  = []string{"anna", "bruno", "carla"}
	mixed  = []string{"anna", "dora"}
	family = []string{"anna", "bruno", "dora"}
)

var rehearsals = []rehearsal{
	{
		name: "all is well", who: alone,
		script:  `24:00 end`,
		receive: "unknown up", notices: "",
		more: map[string]string{"anna": "unknown up"},
	},
	{
		name: "everything is refused for six hours", who: alone,
		script: `1:00 libero refused
		         7:00 libero ok
		         12:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
		more: map[string]string{"anna send": "unknown up down recovering up", "anna accept": "unknown up down recovering up"},
	},
	{
		name: "it accepts connections and is silent", who: alone,
		script: `1:00 libero silent 12s
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
		more: map[string]string{"anna send": "unknown up down recovering up"},
	},
	{
		name: "the login says NO to everybody, one account here", who: alone,
		script: `1:00 imap refused-login
		         1:00 smtp refused-login
		         1:01 drop anna
		         9:00 libero ok
		         24:00 end`,
		receive: "unknown up suspect recovering up", notices: "",
	},
	{
		name: "the login says NO to everybody, three accounts here", who: three,
		script: `1:00 imap refused-login
		         1:00 smtp refused-login
		         1:01 drop libero
		         9:00 libero ok
		         30:00 end`,
		receive: "unknown up (suspect )?down( suspect)? recovering up", notices: "down back",
	},
	{
		name: "the login says that the password is wrong, to everybody", who: three,
		script: `1:00 imap auth-failed
		         1:00 smtp auth
		         1:01 drop libero
		         9:00 libero ok
		         30:00 end`,
		receive: "unknown up (suspect )?down( suspect)? recovering up", notices: "down back",
	},
	{
		name: "421 storm", who: alone,
		script: `1:00 imap bye
		         1:00 smtp greeting-421
		         1:00 mx greeting-421
		         6:00 libero ok
		         10:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
		more: map[string]string{"anna send": "unknown up down recovering up"},
	},
	{
		name: "half the mailboxes up", who: three,
		script: `1:00 anna.imap unavailable
		         1:00 bruno.imap unavailable
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
		more: map[string]string{"carla receive": "unknown up", "anna accept": "unknown up"},
	},
	{
		name: "the certificate expires in the middle", who: alone,
		script: `1:00 imap tls-expired
		         1:00 smtp tls-expired
		         1:10 drop anna
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
		more: map[string]string{"anna accept": "unknown up"},
	},
	{
		name: "it comes and goes every 5 minutes", who: alone,
		script:  flaps(1, 7, 5) + "13:00 end",
		receive: "unknown up.* flapping.* up", notices: "down back",
	},
	{
		name: "slow as tar", who: alone,
		script: `1:00 libero ok 14s
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up degraded up", notices: "",
	},
	{
		name: "the provider's names are gone, another provider is fine", who: mixed,
		script: `1:00 libero dns
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
		more: map[string]string{"dora receive": "unknown up"},
	},
	{
		name: "the provider's names are gone, nobody to compare with", who: alone,
		script: `1:00 libero dns-timeout 5s
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up offline( unknown)? up", notices: "",
	},
	{
		name: "the own router is gone", who: mixed,
		script: `1:00 network none
		         3:00 network home
		         5:00 end`,
		receive: "unknown up offline up", notices: "",
		more: map[string]string{"dora receive": "unknown up offline up"},
	},
	{
		name: "the line behind the router is gone, two providers", who: mixed,
		script: `1:00 all timeout 6s
		         3:00 all ok
		         9:00 end`,
		receive: "unknown up offline( unknown)? up", notices: "",
		more: map[string]string{"dora receive": "unknown up offline( unknown)? up"},
	},
	{
		name: "the line is gone during an outage", who: mixed,
		script: `1:00 libero refused
		         3:00 network none
		         5:00 network home
		         7:00 libero ok
		         12:00 end`,
		receive: "unknown up down offline down recovering up", notices: "down back",
		more: map[string]string{"dora receive": "unknown up offline up"},
	},
	{
		name: "two hiccups", who: alone,
		script: `1:00 drop anna
		         3:00 drop anna
		         8:00 end`,
		receive: "unknown up", notices: "",
	},
	{
		name: "a night of dropped connections", who: alone,
		script: `1:00 drop anna
		         2:00 drop anna
		         3:00 drop anna
		         4:00 drop anna
		         5:00 drop anna
		         6:00 drop anna
		         9:00 end`,
		receive: "unknown up", notices: "",
	},
	{
		name: "only reading fails", who: alone,
		script: `1:00 imap unavailable
		         4:00 libero ok
		         8:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
		more: map[string]string{"anna send": "unknown up", "anna accept": "unknown up"},
	},
	{
		name: "only sending fails", who: alone,
		script: `1:00 smtp temp-auth
		         5:00 libero ok
		         12:00 end`,
		receive: "unknown up", notices: "down back",
		more: map[string]string{"anna send": "unknown up down recovering up"},
	},
	{
		name: "only new mail is not taken in", who: alone,
		script: `1:00 mx greeting-554
		         12:00 libero ok
		         24:00 end`,
		receive: "unknown up", notices: "down back",
		more: map[string]string{"anna accept": "unknown up down recovering up"},
	},
	{
		name: "only the webmail fails", who: alone,
		script: `1:00 web maintenance
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up", notices: "down back",
		more: map[string]string{"anna web": "unknown up down recovering up"},
	},
	{
		name: "port 25 cannot be seen from here", who: alone,
		script: `0:00 mx unseen
		         24:00 end`,
		receive: "unknown up", notices: "",
		more: map[string]string{"anna accept": "unknown"},
	},
	{
		name: "too many connections", who: alone,
		script: `1:00 imap limit
		         1:01 drop anna
		         4:00 libero ok
		         8:00 end`,
		receive: "unknown up degraded up", notices: "",
	},
	{
		name: "the server has a bug", who: alone,
		script: `1:00 imap serverbug
		         1:00 smtp temp-auth
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
	},
	{
		name: "garbage instead of IMAP", who: alone,
		script: `1:00 imap garbage
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
	},
	{
		name: "cut in the middle", who: alone,
		script: `1:00 imap cut
		         1:00 smtp cut
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
	},
	{
		name: "a captive portal in the train", who: mixed,
		script: `1:00 network train
		         1:00 all tls-unknown-ca
		         1:00 drop all
		         3:00 network home
		         3:00 all ok
		         6:00 end`,
		receive: "unknown up offline up", notices: "",
	},
	{
		name: "a captive portal, one provider", who: alone,
		script: `1:00 network train
		         1:00 all tls-host
		         1:00 drop all
		         3:00 network home
		         3:00 all ok
		         6:00 end`,
		receive: "unknown up offline up", notices: "",
	},
	{
		name: "a stranger's certificate for a day, another provider is fine", who: mixed,
		script: `1:00 imap ok
		         1:00 anna.imap tls-host
		         1:10 drop anna
		         6:00 libero ok
		         10:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
		more: map[string]string{"dora receive": "unknown up"},
	},
	{
		name: "the machine sleeps for eight hours", who: mixed,
		script: `1:00 clock 8h
		         1:00 drop all
		         4:00 end`,
		receive: "unknown up unknown up", notices: "",
	},
	{
		name: "the clock is set a day forward", who: alone,
		script: `1:00 clock 24h
		         4:00 end`,
		receive: "unknown up( unknown up)?", notices: "",
	},
	{
		name: "the clock is set an hour back", who: alone,
		script: `1:00 clock -1h
		         4:00 end`,
		receive: "unknown up", notices: "",
	},
	{
		name: "the clock is set back during an outage", who: alone,
		script: `1:00 libero refused
		         3:00 clock -2h
		         6:00 libero ok
		         10:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
	},
	{
		name: "it is down when the program starts", who: alone,
		script: `0:00 libero refused
		         6:00 libero ok
		         10:00 end`,
		receive: "unknown down recovering up", notices: "down back",
	},
	{
		name: "it is down for two days", who: alone,
		script: `1:00 libero refused
		         49:00 libero ok
		         56:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
	},
	{
		name: "it comes back for some minutes only", who: alone,
		script: `1:00 libero refused
		         5:00 libero ok
		         5:10 libero refused
		         9:00 libero ok
		         14:00 end`,
		receive: "unknown up down (recovering (up )?down )?recovering up", notices: "down back",
	},
	{
		name: "it comes back for two hours only", who: alone,
		script: `1:00 libero refused
		         5:00 libero ok
		         7:00 libero refused
		         10:00 libero ok
		         15:00 end`,
		receive: "unknown up down recovering up down recovering up", notices: "down back down back",
	},
	{
		name: "it comes and goes every 20 minutes", who: alone,
		script:  flaps(1, 7, 20) + "14:00 end",
		receive: "unknown up.* up", notices: "(down back)?",
	},
	{
		name: "the login says NO for three days, everything else works", who: alone,
		script: `1:00 imap refused-login
		         1:00 smtp refused-login
		         1:01 drop anna
		         73:00 libero ok
		         90:00 end`,
		receive: "unknown up suspect recovering up", notices: "refused",
	},
	{
		name: "a password that is wrong for days is told once", who: []string{"anna", "bruno"},
		script: `1:00 anna.imap auth-failed
		         1:00 anna.smtp auth
		         1:01 drop anna
		         70:00 end`,
		receive: "unknown up suspect", notices: "password",
	},
	{
		name: "first refused, then NO, then slow, then well", who: alone,
		script: `1:00 libero refused
		         4:00 imap refused-login
		         4:00 smtp refused-login
		         4:00 mx ok
		         4:00 web ok
		         8:00 libero ok 14s
		         16:00 libero ok
		         40:00 end`,
		receive: "unknown up down suspect recovering degraded up", notices: "down back",
	},
	{
		name: "one account's password is really wrong, others get in", who: three,
		script: `1:00 anna.imap auth-failed
		         1:00 anna.smtp auth
		         1:01 drop anna
		         12:00 end`,
		receive: "unknown up suspect", notices: "password",
		more: map[string]string{"bruno receive": "unknown up"},
	},
	{
		name: "two providers down at once, a third is fine", who: family,
		script: `1:00 libero refused
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
		more: map[string]string{"dora receive": "unknown up"},
	},
	{
		name: "the keyring is locked", who: alone,
		script: `0:00 imap no-secret
		         0:00 smtp no-secret
		         5:00 libero ok
		         9:00 end`,
		receive: "unknown up", notices: "",
	},
	{
		name: "it refuses this line's address for sending", who: alone,
		script: `1:00 smtp policy
		         5:00 libero ok
		         12:00 end`,
		receive: "unknown up", notices: "",
	},
	{
		name: "as in January 2023: silence, refusals, NO, half, well", who: three,
		script: `1:00 libero silent 12s
		         20:00 libero refused
		         60:00 mx greeting-421
		         60:00 imap unavailable
		         60:00 smtp temp-auth
		         80:00 carla ok
		         80:00 mx ok
		         90:00 libero ok
		         100:00 end`,
		receive: "unknown up down recovering up", notices: "down back",
	},
}

// flaps is a provider that is refused and well by turns, of so many minutes each, from one hour to another.
func flaps(from, to, each int) string {
	var b strings.Builder
	for m := from * 60; m < to*60; m += 2 * each {
		fmt.Fprintf(&b, "%d:%02d libero refused\n%d:%02d libero ok\n", m/60, m%60, (m+each)/60, (m+each)%60)
	}
	return b.String()
}

var seeds = flag.Uint64("seeds", 1, "play every rehearsal with so many dice")

func TestRehearsals(t *testing.T) {
	if testing.Short() {
		t.Skip("virtual days take some seconds")
	}
	for _, r := range rehearsals {
		for seed := range *seeds {
			t.Run(r.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { r.play(t, seed) })
			})
		}
	}
}

func (r *rehearsal) play(t *testing.T, seed uint64) {
	w := newWorld(t, seed)
	w.run(w.params(r.who...), r.script)
	w.manners()
	if got := w.passed("anna receive"); !regexp.MustCompile("^(" + r.receive + ")$").MatchString(got) {
		t.Errorf("reading mail: %s\nwant: %s", got, r.receive)
	}
	for what, want := range r.more {
		if got := w.passed(what); !regexp.MustCompile("^(" + want + ")$").MatchString(got) {
			t.Errorf("%s: %s\nwant: %s", what, got, want)
		}
	}
	if got := w.told(); !regexp.MustCompile("^(" + r.notices + ")$").MatchString(got) {
		t.Errorf("told: %q, want %q", got, r.notices)
	}
}
