package review

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/mailbox"
	"rimbalzo/internal/store"
	"rimbalzo/internal/store/history"
	"rimbalzo/internal/watch"
)

// The process that is killed is this test's own program, told by these variables where to work and how the folders are numbered.
const (
	killedDir      = "RIMBALZO_KILLED_DIR"
	killedRun      = "RIMBALZO_KILLED_RUN"
	killedValidity = "RIMBALZO_KILLED_VALIDITY"
	killedMail     = 700 // sent messages, and as many bounces
	killsPerNumber = 25  // then the folders get a new UIDVALIDITY, so that reading begins anew
)

// TestKilled is the process that is killed: it reads a mailbox into the store, ticks, and claims notices, and says on standard
// output what was committed.
func TestKilled(t *testing.T) {
	dir := os.Getenv(killedDir)
	if dir == "" {
		t.Skip("this is the process that TestKills kills")
	}
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	say := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Printf(format+"\n", args...)
	}
	say("ready")
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { tickAway(ctx, t, s, say) })
	wg.Go(func() { notify(ctx, t, s, dir) })
	req := remembered(t, s)
	if err := req.follow(t.Context(), killedAccount(t, say), time.UTC); err != nil {
		t.Fatal(err)
	}
	stop()
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	say("done")
}

// killedAccount is the mailbox, which says after each mark that it is kept.
func killedAccount(t *testing.T, say func(string, ...any)) Account {
	var validity uint32
	if _, err := fmt.Sscan(os.Getenv(killedValidity), &validity); err != nil {
		t.Fatal(err)
	}
	return killedShelf(validity, say)
}

func killedShelf(validity uint32, say func(string, ...any)) Account {
	mail := newShelf(killedMail)
	mail.perMark = 10
	for _, f := range mail.folders {
		f.validity = validity
	}
	a := mail.account("elena")
	plain := a.open
	a.open = func(r *resumption) mailbox.Source {
		return telling{plain(r).(shelfReading), say}
	}
	return a
}

// telling says of each mark that it is kept, once it is.
type telling struct {
	shelfReading
	say func(string, ...any)
}

func (s telling) Read(ctx context.Context, visit func(mailbox.Message) error) (mailbox.Coverage, error) {
	s.shelfReading.kept = func(place string, validity uint32, next int) {
		s.say("mark %s %d %d", place, validity, next)
		time.Sleep(time.Millisecond) // as a network does
	}
	return s.shelfReading.Read(ctx, visit)
}

func killedItem(name string) *advice.Item {
	return &advice.Item{MessageID: name, Recipient: "nonna@libero.it"}
}

// tickAway ticks one item after the other, and says so when it is kept.
func tickAway(ctx context.Context, t *testing.T, s *store.Store, say func(string, ...any)) {
	for i := 0; ctx.Err() == nil && i < 20; i++ {
		name := fmt.Sprintf("run%s-%d", os.Getenv(killedRun), i)
		ticks := new(checklist.Ticks)
		ticks.Set(killedItem(name), time.Unix(1_700_000_000, 0))
		if err := s.SaveTicks(context.WithoutCancel(ctx), ticks); err != nil {
			t.Error(err)
			return
		}
		say("tick %s", name)
		time.Sleep(2 * time.Millisecond)
	}
}

const noticeLog = "notices.log"

// notify tells what was not told before, by a line in a file.
func notify(ctx context.Context, t *testing.T, s *store.Store, dir string) {
	f, err := os.OpenFile(filepath.Join(dir, noticeLog), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	told, err := os.ReadFile(filepath.Join(dir, noticeLog))
	if err != nil {
		t.Error(err)
		return
	}
	// The last ones are asked for again: it was after a claim that the process before was killed, or in the middle of it.
	for i := max(0, bytes.Count(told, []byte("\n"))-3); ctx.Err() == nil && i < 100_000; i++ {
		mine, err := history.In(s).Claim(context.WithoutCancel(ctx), watch.Told{ID: fmt.Sprint("notice ", i), Kind: watch.KindDown, At: time.Unix(1_700_000_000, 0)})
		if err != nil {
			t.Error(err)
			return
		}
		if mine {
			if _, err := fmt.Fprintln(f, i); err != nil {
				t.Error(err)
				return
			}
		}
		time.Sleep(time.Millisecond)
	}
}

// committed is what the killed processes said to be kept.
type committed struct {
	ticks []string
	marks map[string]int // by folder and UIDVALIDITY
}

// run starts the process and kills it at a random moment, or lets it end when lethal is false.
func (c *committed) run(t *testing.T, dir string, number int, validity uint32, rng *rand.Rand, lethal bool) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$", "-test.v")
	cmd.Env = append(os.Environ(), killedDir+"="+dir, fmt.Sprintf("%s=%d", killedRun, number), fmt.Sprintf("%s=%d", killedValidity, validity))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if lethal && rng.IntN(5) == 0 { // while it starts
		defer time.AfterFunc(time.Duration(rng.IntN(60))*time.Millisecond, func() { _ = cmd.Process.Kill() }).Stop()
	}
	done := false
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // a line that is cut off was not said
		}
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "ready":
			if lethal {
				// Most die early, some get far.
				defer time.AfterFunc(time.Duration(rng.IntN(60_000)*(1+rng.IntN(2)*rng.IntN(8)))*time.Microsecond, func() { _ = cmd.Process.Kill() }).Stop()
			}
		case "tick":
			c.ticks = append(c.ticks, rest)
		case "mark":
			f := strings.Fields(rest)
			n := 0
			if _, err := fmt.Sscan(f[2], &n); err != nil {
				t.Fatal(err)
			}
			c.marks[f[0]+";"+f[1]] = max(c.marks[f[0]+";"+f[1]], n)
		case "done":
			done = true
		case "---":
			if strings.HasPrefix(rest, "FAIL") {
				rest, _ := io.ReadAll(lines)
				t.Fatalf("run %d failed: %s%s", number, rest, complaints.String())
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if !lethal && !done {
		t.Fatalf("the last run did not end: %s", complaints.String())
	}
}

// check looks whether all that was committed is there, and the files are sound.
func (c *committed) check(t *testing.T, dir string, validity uint32) {
	t.Helper()
	for _, name := range []string{"mail.db", "person.db"} {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			continue // it was killed before it made one
		}
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		var said string
		if err := db.QueryRow("PRAGMA integrity_check").Scan(&said); err != nil || said != "ok" {
			t.Errorf("%s: %s %v", name, said, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s := openStore(t, dir)
	defer s.Close()
	if aside := s.SetAside(); len(aside) > 0 {
		t.Errorf("set aside: %+v", aside)
	}
	ticks, err := s.Ticks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range c.ticks {
		if !ticks.Has(killedItem(name)) {
			t.Errorf("the tick on %s is lost", name)
		}
	}
	sources := map[string]bool{}
	for _, line := range kept(t, s) {
		sources[line.source] = true
	}
	for folder, next := range c.marks {
		for uid := 1; uid < next && strings.HasSuffix(folder, fmt.Sprint(";", validity)); uid++ {
			if source := fmt.Sprintf("%s/%d", folder, uid); !sources[source] {
				t.Fatalf("%s is lost, though it is marked as read up to %d", source, next)
			}
		}
	}
}

type keptLine struct{ source, text string }

// kept is all that the store has of the mailbox, in order.
func kept(t *testing.T, s *store.Store) (list []keptLine) {
	k, err := s.Evidence(t.Context(), []string{"elena"})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range k.Sent {
		list = append(list, keptLine{m.Source, fmt.Sprintf("%+v", m)})
	}
	for _, m := range k.Incoming {
		list = append(list, keptLine{m.Source, fmt.Sprintf("%+v", m)})
	}
	for _, m := range k.Reports {
		list = append(list, keptLine{m.Source, fmt.Sprintf("%+v", m)})
	}
	slices.SortFunc(list, func(a, b keptLine) int { return strings.Compare(a.text, b.text) })
	return list
}

// TestKills kills a process that reads, ticks and notifies, at random moments: nothing committed is lost, nothing is told twice,
// the files are sound, and in the end all is as if nobody had been killed.
func TestKills(t *testing.T) {
	kills := 100
	if os.Getenv("RIMBALZO_SLOW") != "" {
		kills = 1000
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("%d kills with seed %d", kills, seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := &committed{marks: map[string]int{}}
	validity := uint32(7)
	for i := range kills {
		validity = uint32(7 + i/killsPerNumber)
		c.run(t, dir, i, validity, rng, true)
		if c.check(t, dir, validity); t.Failed() {
			t.Fatalf("after kill %d", i+1)
		}
	}
	c.run(t, dir, kills, validity, rng, false)
	c.check(t, dir, validity)
	notices, err := os.ReadFile(filepath.Join(dir, noticeLog))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, n := range strings.Fields(string(notices)) {
		if seen[n] {
			t.Errorf("notice %s was told twice", n)
		}
		seen[n] = true
	}
	t.Logf("%d ticks and %d notices were kept meanwhile", len(c.ticks), len(seen))
	if len(c.ticks) < kills/10 || len(seen) < kills/10 {
		t.Error("too little was going on to prove anything")
	}
	spared := openStore(t, t.TempDir())
	req := remembered(t, spared)
	if err := req.follow(t.Context(), killedShelf(validity, func(string, ...any) {}), time.UTC); err != nil {
		t.Fatal(err)
	}
	if got, want := kept(t, openStore(t, dir)), kept(t, spared); !slices.Equal(got, want) {
		t.Errorf("in the end %d records are kept, without kills %d, and they are not the same", len(got), len(want))
	}
}
