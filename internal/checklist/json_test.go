package checklist

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"rimbalzo/internal/bounce"
	"rimbalzo/internal/words"
)

// schema is the contract's object: its keys in their order, each with what it may hold.
type schema []property

type property struct {
	key  string
	kind string // "string", "time" (RFC 3339), "int", "bool", "list", "object"; with "?" also null
	of   schema
}

var contract = schema{
	{"at", "time", nil},
	{"outages", "list", schema{{"id", "string", nil}, {"name", "string", nil}, {"phases", "list", schema{
		{"id", "string", nil},
		{"title", "string", nil},
		{"from", "time", nil},
		{"to", "time", nil},
		{"bounces", "int", nil},
		{"messages", "int", nil},
	}}}},
	{"items", "list", schema{
		{"message_id", "string?", nil},
		{"recipient", "string", nil},
		{"subject", "string?", nil},
		{"sent_at", "time?", nil},
		{"outage", "string?", nil},
		{"phase", "string?", nil},
		{"phase_other", "string?", nil},
		{"sent_phase", "string?", nil},
		{"verdict", "string", nil},
		{"cause", "string?", nil},
		{"proof", "string?", nil},
		{"resend_when", "string?", nil},
		{"resend_after", "time?", nil},
		{"wait_until", "time?", nil},
		{"confidence", "string", nil},
		{"reasons", "list", schema{{"rule", "string", nil}, {"text", "string", nil}}},
		{"bounces", "list", schema{
			{"source", "string", nil},
			{"address", "string?", nil},
			{"action", "string", nil},
			{"failure", "string?", nil},
			{"reply_code", "int?", nil},
			{"status", "string?", nil},
			{"reply", "string?", nil},
			{"attempt_at", "time?", nil},
			{"bounced_at", "time?", nil},
			{"reported_by", "object", schema{{"host", "string?", nil}, {"side", "string?", nil}}},
			{"deciding", "bool", nil},
		}},
	}},
	{"not_yours", "list", schema{{"source", "string", nil}, {"why", "string", nil}}},
	{"unreadable", "list", schema{{"source", "string", nil}, {"why", "string", nil}}},
	{"rimbalzo", "any", nil}, // beyond the contract: for reading the list back
}

// check reads one object and compares keys, their order and kinds with the schema.
func (s schema) check(d *json.Decoder, path string) error {
	if err := expect(d, json.Delim('{'), path); err != nil {
		return err
	}
	for _, p := range s {
		if err := expect(d, p.key, path); err != nil {
			return err
		}
		if err := p.check(d, path+"."+p.key); err != nil {
			return err
		}
	}
	return expect(d, json.Delim('}'), path)
}

func (p property) check(d *json.Decoder, path string) error {
	kind, nullable := strings.CutSuffix(p.kind, "?")
	switch kind {
	case "any":
		var any json.RawMessage
		return d.Decode(&any)
	case "object":
		return p.of.check(d, path)
	case "list":
		if err := expect(d, json.Delim('['), path); err != nil {
			return err
		}
		for i := 0; d.More(); i++ {
			if err := p.of.check(d, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		return expect(d, json.Delim(']'), path)
	}
	v, err := d.Token()
	if err != nil || (v == nil && nullable) {
		return err
	}
	ok := false
	switch v := v.(type) {
	case string:
		ok = v != "" && kind == "string" || kind == "time" && isTime(v)
	case float64:
		ok = kind == "int"
	case bool:
		ok = kind == "bool"
	}
	if !ok {
		return fmt.Errorf("%s is %v, want %s", path, v, p.kind)
	}
	return nil
}

// isTime takes RFC 3339, without offset where a message stated none.
func isTime(s string) bool {
	_, zoned := time.Parse(time.RFC3339, s)
	_, bare := time.Parse("2006-01-02T15:04:05", s)
	return zoned == nil || bare == nil
}

func expect(d *json.Decoder, want json.Token, path string) error {
	got, err := d.Token()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if got != want {
		return fmt.Errorf("%s: %v where %v belongs", path, got, want)
	}
	return nil
}

func TestContract(t *testing.T) {
	bare := sample(t)
	bare.Outages[0].Outage.Phases = nil
	for name, r := range map[string]Report{
		"all verdicts": sample(t), "empty": {At: sample(t).At}, "many": many(t, 300), "an outage without phases": bare,
	} {
		for _, lang := range words.Languages {
			data := written(t, JSON, r, Options{Words: words.New(lang)})
			d := json.NewDecoder(bytes.NewReader(data))
			if err := contract.check(d, ""); err != nil {
				t.Errorf("%s, %s: %v in\n%.2000s", name, lang, err, data)
			}
			if d.More() {
				t.Errorf("%s, %s: something follows the object", name, lang)
			}
		}
	}
}

// TestJSONValues: what other programs rely on, field by field.
func TestJSONValues(t *testing.T) {
	var got struct {
		Items []map[string]any
	}
	r := sample(t)
	paris := time.FixedZone("", -5*3600)
	r.Items[0].SentAt = bounce.Stamp{At: r.Items[0].SentAt.At.In(paris), Zoned: true}
	r.Items[0].Subject = "a\u202eb\x00c <é>"
	if err := json.Unmarshal(written(t, JSON, r, Options{Zone: rome(t)}), &got); err != nil {
		t.Fatal(err)
	}
	item := got.Items[0]
	bounces := item["bounces"].([]any)
	second := bounces[1].(map[string]any)
	for name, tc := range map[string]struct{ got, want any }{
		"the time keeps its own offset":          {item["sent_at"], "2023-01-25T11:12:00-05:00"},
		"the subject is whole":                   {item["subject"], "a\u202eb\x00c <é>"},
		"no second phase":                        {item["phase_other"], nil},
		"a time without a zone has none":         {second["bounced_at"], "2023-01-25T20:15:00"},
		"the reply code is a number":             {second["reply_code"], 550.0},
		"no reply code":                          {bounces[0].(map[string]any)["reply_code"], nil},
		"the deciding bounce":                    {second["deciding"], true},
		"the other bounce":                       {bounces[0].(map[string]any)["deciding"], false},
		"the message without an id":              {got.Items[4]["message_id"], nil},
		"the message without a subject":          {got.Items[4]["subject"], nil},
		"the moment to send again":               {got.Items[1]["resend_after"], "2023-01-28T09:00:00+01:00"},
		"the moment until which to wait":         {got.Items[6]["wait_until"], "2023-02-01T09:00:00+01:00"},
		"nothing is known of the end of waiting": {got.Items[5]["wait_until"], nil},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %v, want %v", name, tc.got, tc.want)
		}
	}
}
