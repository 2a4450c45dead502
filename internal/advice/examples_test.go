package advice

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
)

// example is a mailbox and what a person is to be told of one message in it. What is empty in want is not asked for.
type example struct {
	name string
	box  *box
	id   string // "x" for empty
	to   string // carlo for empty
	want want
}

type want struct {
	verdict Verdict
	cause   Cause
	proof   Proof
	when    When
	conf    Confidence
	phase   string // "none" for no phase
	other   string
	wait    string // the moment to wait until
	after   string // the moment to send again at
	rules   string // the decisive reason first; others that must be among the reasons
	not     string // rules that must not be
	bounces int    // how many are shown, -1 for none
}

// examples are all of them, each kind in a file of its own.
func examples() []example {
	var all []example
	for _, list := range [][]example{
		bounceExamples(), expiryExamples(), edgeExamples(), juneExamples(), refusalExamples(), proofExamples(), replyExamples(), copyExamples(), silenceExamples(), termExamples(),
		whenExamples(), forwardExamples(), strangerExamples(), matchExamples(), saidExamples(),
	} {
		all = append(all, list...)
	}
	return all
}

func TestAdvice(t *testing.T) {
	names := map[string]bool{}
	for _, e := range examples() {
		if names[e.name] {
			t.Errorf("two examples are called %q", e.name)
		}
		names[e.name] = true
		t.Run(e.name, func(t *testing.T) { e.check(t) })
	}
}

func (e example) check(t *testing.T) {
	id, to := e.id, e.to
	if id == "" {
		id = "x"
	}
	if to == "" {
		to = carlo
	}
	it, ok := e.box.item(t, id, to)
	if e.want.verdict == "" {
		if ok {
			t.Fatalf("there should be no advice, there is %s because %v", it.Verdict, it.Reasons)
		}
		return
	}
	if !ok {
		t.Fatalf("there is no advice for %s to %s", id, to)
	}
	if problems := e.want.differ(it); len(problems) > 0 {
		t.Errorf("%s\nadvice: %s %s %s %s, %s, phase %s/%s\nreasons: %v", strings.Join(problems, "\n"), it.Verdict, it.Cause, it.Proof, it.ResendWhen, it.Confidence, it.Phase, it.PhaseOther, it.Reasons)
	}
}

func (w want) differ(it Item) []string {
	var problems []string
	same := func(what, got, want string) {
		if want != "" && got != want && !(want == "none" && got == "") {
			problems = append(problems, what+" is "+got+", want "+want)
		}
	}
	same("verdict", string(it.Verdict), string(w.verdict))
	same("cause", string(it.Cause), string(w.cause))
	same("proof", string(it.Proof), string(w.proof))
	same("resend_when", string(it.ResendWhen), string(w.when))
	same("confidence", string(it.Confidence), string(w.conf))
	same("phase", it.Phase, w.phase)
	same("other phase", it.PhaseOther, w.other)
	if w.wait != "" {
		same("wait_until", it.WaitUntil.In(rome).Format(time.RFC3339), on(w.wait).Format(time.RFC3339))
	}
	if w.after != "" {
		same("resend_after", it.ResendAfter.In(rome).Format(time.RFC3339), on(w.after).Format(time.RFC3339))
	}
	if w.bounces != 0 && max(w.bounces, 0) != len(it.Bounces) {
		problems = append(problems, "another number of bounces")
	}
	for i, rule := range strings.Fields(w.rules) {
		at := -1
		for j, r := range it.Reasons {
			if r.Rule == rule {
				at = j
			}
		}
		if at < 0 || (i == 0 && it.Reasons[0].Rule != rule) {
			problems = append(problems, "reason "+rule+" is missing or not where it belongs")
		}
	}
	for _, rule := range strings.Fields(w.not) {
		for _, r := range it.Reasons {
			if r.Rule == rule {
				problems = append(problems, "reason "+rule+" does not belong here")
			}
		}
	}
	return problems
}

var becauseCall = regexp.MustCompile(`because\("([a-z-]+)"(\s*\+)?`)

// sentences gives the rules that have a sentence in a language.
func sentences(t *testing.T, lang string) map[string]bool {
	t.Helper()
	var file map[string]any
	if _, err := toml.DecodeFile(filepath.Join("..", "words", "locale", lang, "advice.toml"), &file); err != nil {
		t.Fatal(err)
	}
	rules := map[string]bool{}
	for k := range file {
		if rule, ok := strings.CutPrefix(k, "rule."); ok {
			rules[rule] = true
		}
	}
	return rules
}

// Every rule that the sources can produce is asked for by an example, and every sentence is a rule that an example yields.
func TestEveryRuleHasAnExampleAndASentence(t *testing.T) {
	asked := map[string]bool{}
	for _, e := range examples() {
		for _, rule := range strings.Fields(e.want.rules) {
			asked[rule] = true
		}
	}
	it, en := sentences(t, "it"), sentences(t, "en")
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("the sources are not there: ", err)
	}
	var whole, begun []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range becauseCall.FindAllStringSubmatch(string(src), -1) {
			if m[2] != "" {
				begun = append(begun, m[1])
			} else {
				whole = append(whole, m[1])
			}
		}
	}
	if len(whole) < 30 || len(begun) < 3 {
		t.Fatalf("found only %d rules in the sources: are they said in another way now?", len(whole))
	}
	for _, rule := range whole {
		if !asked[rule] || !it[rule] || !en[rule] {
			t.Errorf("rule %s: example %v, Italian %v, English %v", rule, asked[rule], it[rule], en[rule])
		}
	}
	for rule := range it {
		if !en[rule] || !asked[rule] {
			t.Errorf("sentence %s: English %v, example %v", rule, en[rule], asked[rule])
		}
	}
	for _, begin := range begun {
		found := false
		for rule := range asked {
			found = found || strings.HasPrefix(rule, begin)
		}
		if !found {
			t.Errorf("no example asks for a rule that begins with %s", begin)
		}
	}
}
