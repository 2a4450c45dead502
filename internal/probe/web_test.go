package probe

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

func mustPage(t *testing.T, s string) *url.URL {
	t.Helper()
	page, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// TestWeb: what a webmail's page says is taken by its status; redirects are followed within https.
func TestWeb(t *testing.T) {
	a := newAuthority(t)
	now := time.Now().Truncate(time.Second)
	for name, tc := range map[string]struct {
		pages map[string][]string // by path
		want  Ending
		code  int
		retry time.Time
		asked []string
	}{
		"there":                              {map[string][]string{"/": {"HTTP/1.1 200 OK"}}, EndingOK, 200, time.Time{}, []string{"HEAD /"}},
		"after a redirect":                   {map[string][]string{"/": {"HTTP/1.1 302 Found", "Location: /login"}, "/login": {"HTTP/1.1 200 OK"}}, EndingOK, 200, time.Time{}, []string{"HEAD /", "HEAD /login"}},
		"no HEAD":                            {map[string][]string{"/": {"HTTP/1.1 405 Method Not Allowed"}}, EndingWeb4xx, 405, time.Time{}, []string{"HEAD /", "GET /"}},
		"after a hint":                       {map[string][]string{"/": {"HTTP/1.1 103 Early Hints", "", "HTTP/1.1 200 OK"}}, EndingOK, 200, time.Time{}, []string{"HEAD /"}},
		"not changed":                        {map[string][]string{"/": {"HTTP/1.1 304 Not Modified"}}, EndingOK, 304, time.Time{}, []string{"HEAD /"}},
		"maintenance":                        {map[string][]string{"/": {"HTTP/1.1 503 x", "Retry-After: 3600"}}, EndingMaintenance, 503, now.Add(time.Hour), []string{"HEAD /"}},
		"maintenance later":                  {map[string][]string{"/": {"HTTP/1.1 302 Found", "Location: /sorry"}, "/sorry": {"HTTP/1.1 503 x"}}, EndingMaintenance, 503, time.Time{}, []string{"HEAD /", "HEAD /sorry"}},
		"for years":                          {map[string][]string{"/": {"HTTP/1.1 503 x", "Retry-After: 99999999"}}, EndingMaintenance, 503, time.Time{}, []string{"HEAD /"}},
		"a sorry page that says 200 is none": {map[string][]string{"/": {"HTTP/1.1 200 OK", "X-Text: under maintenance"}}, EndingOK, 200, time.Time{}, []string{"HEAD /"}},
		"forbidden":                          {map[string][]string{"/": {"HTTP/1.1 403 Forbidden"}}, EndingWeb4xx, 403, time.Time{}, []string{"HEAD /"}},
		"broken":                             {map[string][]string{"/": {"HTTP/1.1 504 Gateway Timeout"}}, EndingWeb5xx, 504, time.Time{}, []string{"HEAD /"}},
		"led to clear text":                  {map[string][]string{"/": {"HTTP/1.1 301 x", "Location: http://mail.example/"}}, EndingWebInsecure, 301, time.Time{}, []string{"HEAD /"}},
		"led nowhere":                        {map[string][]string{"/": {"HTTP/1.1 301 x", "Location: https:///"}}, EndingGarbage, 301, time.Time{}, []string{"HEAD /"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			port, heard := serve(t, a.issue(t, nil), func(s *stage) {
				if !s.secure() {
					return
				}
				request := s.hear()
				for line := request; line != ""; line = s.hear() {
				}
				path := strings.Fields(request + " x x")[1]
				s.say(append(tc.pages[path], "", "")...)
			})
			got := Check(t.Context(), Target{Kind: KindWeb, Host: fmt.Sprintf("https://127.0.0.1:%d/", port), Roots: a.pool}, Deps{})
			if got.Ending != tc.want || got.Code != tc.code {
				t.Errorf("%s %d, want %s %d: %+v", got.Ending, got.Code, tc.want, tc.code, got.Stages)
			}
			if d := got.RetryAfter.Sub(tc.retry); got.RetryAfter.IsZero() != tc.retry.IsZero() || d.Abs() > 10*time.Second {
				t.Errorf("it asks to come back at %v, want %v", got.RetryAfter, tc.retry)
			}
			var asked []string
			heard.mu.Lock()
			defer heard.mu.Unlock()
			for _, line := range heard.lines {
				if request, ok := strings.CutSuffix(line, " HTTP/1.1"); ok {
					asked = append(asked, request)
				}
				if strings.HasPrefix(line, "Cookie") || strings.HasPrefix(line, "Referer") || strings.HasPrefix(line, "Authorization") {
					t.Errorf("it said %q", line)
				}
			}
			if strings.Join(asked, ", ") != strings.Join(tc.asked, ", ") {
				t.Errorf("asked was %v, want %v", asked, tc.asked)
			}
		})
	}
}
