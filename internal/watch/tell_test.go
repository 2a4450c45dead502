package watch

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/words"
)

// mailing gives an item that came back at an instant.
func mailing(key string, v advice.Verdict, when advice.When, at time.Time) Item {
	return Item{Key: key, Recipient: key + "@libero.it", Subject: "Preventivo " + key, Verdict: v, When: when, Bounces: []ItemBounce{{Key: key + "/failed", At: at}}}
}

// bring puts a checklist into the mailbox and has the watcher notice new mail.
func (w *world) bring(who string, items ...Item) {
	synctest.Wait()
	w.mu.Lock()
	w.items[who] = items
	for l := range w.links {
		if l.key == who+" imap" {
			select {
			case l.mail <- struct{}{}:
			default:
			}
		}
	}
	w.mu.Unlock()
}

// texts gives the notices in words.
func (w *world) texts(lang string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []string
	for _, n := range w.notices {
		title, body := n.Text(words.New(lang), time.UTC)
		list = append(list, title+" | "+body)
	}
	return list
}

func (w *world) wantTold(want string) {
	w.t.Helper()
	synctest.Wait()
	if got := w.told(); !regexp.MustCompile("^(" + want + ")$").MatchString(got) {
		w.t.Errorf("%v: told %q, want %q", w.clock(), got, want)
	}
}

// TestBouncesAreToldTogether: 7 messages that come back within some minutes are one notice, with what to do about them.
func TestBouncesAreToldTogether(t *testing.T) {
	during(t, 1, alone, func(w *world, _ *Watcher) {
		time.Sleep(time.Hour)
		now := time.Now()
		var items []Item
		for i, key := range []string{"a", "b", "c", "d", "e", "f", "g"} {
			item := mailing(key, advice.Resend, advice.WhenBack, now)
			if i >= 5 {
				item.Verdict, item.When, item.WaitUntil = advice.Wait, "", now.Add(48*time.Hour)
			}
			items = append(items, item)
			w.bring("anna", items...)
			time.Sleep(time.Minute)
		}
		time.Sleep(3 * time.Minute)
		w.wantTold("bounces")
		time.Sleep(12 * time.Hour)
		w.wantTold("bounces")
		for lang, want := range map[string]string{
			"en": "7 messages to libero.it were not delivered | 5 to resend once the service is back, 2 may still arrive.",
			"it": "7 messaggi a libero.it non sono stati consegnati | 5 da rispedire quando il servizio torna, 2 possono ancora arrivare.",
		} {
			if got := w.texts(lang)[0]; got != want {
				t.Errorf("%s: %s\nwant %s", lang, got, want)
			}
		}
	})
}

// TestTheWholeStory: down, bounces, back, now is the time to resend, and the wait that ran out; each once.
func TestTheWholeStory(t *testing.T) {
	during(t, 2, alone, func(w *world, watcher *Watcher) {
		w.play("1:00 libero refused\n2:00 end")
		w.wantTold("down")
		at := time.Now()
		resend, wait := mailing("a", advice.Resend, advice.WhenBack, at), mailing("b", advice.Wait, "", at)
		wait.WaitUntil = at.Add(20 * time.Hour)
		w.mu.Lock()
		w.items["anna"] = []Item{resend, wait}
		w.mu.Unlock()
		// Mail is read again some time in the quarter of an hour after; the end is told when it is known what came back.
		w.play("7:00 libero ok\n12:30 end")
		w.wantTold("down (back bounces|bounces back)( resend)?")
		if all := strings.Join(w.texts("en"), "\n"); !strings.Contains(all, "libero.it is back | It was down for 6 hours. Meanwhile 2 messages came back: have a look at the list.") {
			t.Errorf("told:\n%s", all)
		}
		wait.Verdict, wait.WaitUntil = advice.Delivered, time.Time{}
		w.mu.Lock()
		w.items["anna"] = []Item{resend, wait}
		w.mu.Unlock()
		w.play("30:00 end")
		w.wantTold("down (back bounces|bounces back)( resend)? waited")
		if got := watcher.Status().Accounts[0].Items; got != 2 {
			t.Errorf("the status speaks of %d items", got)
		}
	})
}

// TestNowIsTheTime: what a notice put off is told again when its time has come, and not before.
func TestNowIsTheTime(t *testing.T) {
	during(t, 3, alone, func(w *world, _ *Watcher) {
		time.Sleep(time.Hour)
		item := mailing("a", advice.Resend, advice.At, time.Now())
		item.ResendAfter = time.Now().Add(5 * time.Hour)
		w.bring("anna", item)
		time.Sleep(4 * time.Hour)
		w.wantTold("bounces")
		time.Sleep(2 * time.Hour)
		w.wantTold("bounces resend")
		if got := w.texts("en")[1]; got != "Now is the time to resend | 1 message to libero.it can be sent again now." {
			t.Error(got)
		}
	})
}

// TestTicked: nothing is told of what is ticked off; a bounce later than the tick opens it again and says so once.
func TestTicked(t *testing.T) {
	during(t, 4, alone, func(w *world, _ *Watcher) {
		time.Sleep(time.Hour)
		item := mailing("a", advice.Resend, advice.Now, time.Now())
		item.Done = time.Now()
		w.bring("anna", item)
		time.Sleep(3 * time.Hour)
		w.wantTold("")
		item.Subject = "Auguri\u202e$(reboot) <b>`x`</b>\n" + strings.Repeat("x", 10_000)
		item.Bounces = append(item.Bounces, ItemBounce{Key: "a/later", At: time.Now()})
		w.bring("anna", item)
		time.Sleep(3 * time.Hour)
		w.bring("anna", item)
		time.Sleep(3 * time.Hour)
		w.wantTold("reopened")
		text := w.texts("it")[0]
		if len(text) > 400 || strings.ContainsAny(text, "\n\u202e") {
			t.Errorf("text of mail is not harmless: %d bytes, %q", len(text), text)
		}
	})
}

// TestNotNow: quiet hours, a snooze, the window, the first review, old news: each keeps a notice back in its own way.
func TestNotNow(t *testing.T) {
	t.Run("quiet hours", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 5) // the bubble's clock begins at midnight
			w.quiet = Quiet{From: 22 * time.Hour, To: 8 * time.Hour}
			w.run(w.params("anna"), "1:00 libero refused\n7:50 end")
			w.wantTold("")
			w.run(w.params("anna"), "12:00 end")
			w.wantTold("down")
		})
	})
	t.Run("over before the quiet hours are", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 5)
			w.quiet = Quiet{From: 22 * time.Hour, To: 8 * time.Hour}
			w.run(w.params("anna"), "1:00 libero refused\n4:00 libero ok\n7:50 end")
			w.wantTold("")
			w.run(w.params("anna"), "12:00 end")
			w.wantTold("back")
			if got := w.texts("it")[0]; !regexp.MustCompile(`^libero\.it è tornato \| Dal 1º gennaio 2000, 01:0\d è stato fermo 3 ore\. Intanto nessun messaggio è tornato indietro\.$`).MatchString(got) {
				t.Error(got)
			}
		})
	})
	t.Run("several at the end of the quiet hours", func(t *testing.T) {
		during(t, 5, mixed, func(w *world, _ *Watcher) {
			w.quiet = Quiet{From: 22 * time.Hour, To: 8 * time.Hour}
			w.play("1:00 libero refused")
			item := mailing("a", advice.Resend, advice.WhenBack, time.Now())
			w.bring("dora", item)
			w.play("7:59 end")
			w.wantTold("")
			w.play("24:00 end")
			w.wantTold("together")
			if got := w.texts("en")[0]; got != "2 pieces of news from the quiet hours | libero.it does not work, 1 message to libero.it was not delivered." {
				t.Error(got)
			}
			w.play("25:00 libero ok\n37:00 end") // night again
			w.wantTold("together together")
		})
	})
	t.Run("muted", func(t *testing.T) {
		during(t, 5, alone, func(w *world, _ *Watcher) {
			w.quiet = Quiet{Mute: []Kind{KindDown, KindBounces}}
			w.play("1:00 libero refused\n2:00 end")
			w.bring("anna", mailing("a", advice.Resend, advice.WhenBack, time.Now()))
			w.play("5:00 libero ok\n9:00 end")
			w.wantTold("back resend")
			w.mu.Lock()
			w.quiet = Quiet{}
			w.mu.Unlock()
			w.play("24:00 end") // what was muted is not told when it no longer is
			w.wantTold("back resend")
		})
	})
	t.Run("snooze", func(t *testing.T) {
		during(t, 6, alone, func(w *world, watcher *Watcher) {
			if err := watcher.Snooze(w.t.Context(), time.Now().Add(6*time.Hour)); err != nil {
				t.Fatal(err)
			}
			w.play("1:00 libero refused\n5:50 end")
			w.wantTold("")
			w.play("6:10 end")
			w.wantTold("down")
		})
	})
	t.Run("seen in the window", func(t *testing.T) {
		during(t, 7, alone, func(w *world, watcher *Watcher) {
			time.Sleep(time.Hour)
			w.bring("anna", mailing("a", advice.Resend, advice.Now, time.Now()))
			time.Sleep(time.Minute + 2*tickEvery)
			if err := watcher.Saw(w.t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(6 * time.Hour)
			w.wantTold("")
		})
	})
	t.Run("the first review", func(t *testing.T) {
		during(t, 8, alone, func(w *world, _ *Watcher) {
			w.bring("anna", mailing("a", advice.Resend, advice.Now, time.Now()))
			time.Sleep(6 * time.Hour)
			w.wantTold("")
		})
	})
	t.Run("old news", func(t *testing.T) {
		during(t, 9, alone, func(w *world, _ *Watcher) {
			time.Sleep(time.Hour)
			w.bring("anna", mailing("a", advice.Resend, advice.Now, time.Now().Add(-8*24*time.Hour)))
			time.Sleep(6 * time.Hour)
			w.wantTold("")
		})
	})
}

// TestSixADay: however much happens, a day has six notices at most, and mail leaves room for what happens to the service.
func TestSixADay(t *testing.T) {
	during(t, 10, alone, func(w *world, _ *Watcher) {
		time.Sleep(time.Hour)
		var items []Item
		for i := range 12 {
			items = append(items, mailing(string(rune('a'+i)), advice.Resend, advice.Now, time.Now()))
			w.bring("anna", items...)
			time.Sleep(time.Hour)
		}
		w.wantTold("bounces bounces bounces bounces")
		w.play("13:30 libero refused\n14:30 end")
		w.wantTold("bounces bounces bounces bounces down")
	})
}

func TestQuietHours(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Skip("no zone data here")
	}
	night := Quiet{From: 22*time.Hour + 30*time.Minute, To: 7 * time.Hour}
	for at, want := range map[string]bool{
		"2023-01-26T22:29:00+01:00": false, "2023-01-26T22:30:00+01:00": true, "2023-01-26T03:00:00+01:00": true, "2023-01-26T07:00:00+01:00": false,
		// The night in which clocks go back has 25 hours, the one in which they go forward 23.
		"2023-10-29T02:30:00+02:00": true, "2023-10-29T06:59:00+01:00": true, "2023-03-26T07:00:00+02:00": false,
	} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := night.holds(instant.In(rome)); got != want {
			t.Errorf("%s: %v", at, got)
		}
	}
	if (Quiet{}).holds(noon) {
		t.Error("no quiet hours, and it is quiet")
	}
}

// TestMeanwhile: the end of an outage is told with what came back in it, where the mail was read since.
func TestMeanwhile(t *testing.T) {
	i := Incident{ID: "x", Operator: "italiaonline", Name: "libero.it", Begin: at(0), End: at(600)}
	items := []Item{mailing("a", advice.Resend, advice.Now, at(10)), mailing("b", advice.Wait, "", at(590)), mailing("c", advice.Wait, "", at(700))}
	for name, c := range map[string]struct {
		v    view
		want string
	}{
		"two of three":           {view{items: items, reviewed: at(610)}, "It was down for 10 hours. Meanwhile 2 messages came back: have a look at the list."},
		"none":                   {view{reviewed: at(610)}, "It was down for 10 hours. Meanwhile no message came back."},
		"not read yet":           {view{reviewed: at(300), courses: map[string]course{"x": {works: true, unread: at(599)}}}, ""},
		"not read for long":      {view{reviewed: at(300), now: at(645), courses: map[string]course{"x": {works: true, unread: at(599)}}}, "It was down for 10 hours. Your mail could not be read again yet: if anything came back, we tell you as soon as we can."},
		"nobody was told":        {view{reviewed: at(610), claimed: map[string]bool{"back/x": true}}, ""},
		"a day and a half":       {view{reviewed: at(610), now: at(600 + 36*60)}, ""},
		"it failed a moment ago": {view{reviewed: at(610), courses: map[string]course{"x": {works: true, failed: at(615)}}}, ""},
		"it fails":               {view{reviewed: at(610), courses: map[string]course{"x": {failed: at(595)}}}, ""},
		"it came and went":       {view{reviewed: at(610), courses: map[string]course{"x": {works: true, swings: true}}}, ""},
		"and is calm since": {
			view{reviewed: at(610), now: at(646), courses: map[string]course{"x": {works: true, swings: true}}},
			"It was down for 10 hours. Meanwhile no message came back.",
		},
		"in quiet hours, and nobody was told": {
			view{reviewed: at(610), claimed: map[string]bool{"other": true}, quiet: func(time.Time) bool { return true }},
			"From 23 January 2023, 12:00 on it was down for 10 hours. Meanwhile no message came back.",
		},
		"nobody was told that it went": {view{reviewed: at(610), claimed: map[string]bool{"other": true}}, ""},
	} {
		v := c.v
		v.reads = true
		if v.courses == nil {
			v.courses = map[string]course{"x": {works: true}}
		}
		if v.now.IsZero() {
			v.now = at(620)
		}
		if v.claimed == nil {
			v.claimed = map[string]bool{"down/x": true}
		}
		got := ""
		for _, n := range v.ofIncident(i) {
			_, got = n.Text(words.New("en"), time.UTC)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
