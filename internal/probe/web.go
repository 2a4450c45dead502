package probe

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds of one check of a webmail.
const (
	maxRedirects = 5
	maxHeader    = 64 << 10
	maxInterim   = 5                  // 1xx responses before the real one
	maxWait      = 7 * 24 * time.Hour // longer than this no maintenance is believed to take
)

// checkWeb looks whether a webmail's page is there. Only its status and its redirects are looked at, never its content.
func (r *run) checkWeb(ctx context.Context) error {
	page, err := url.Parse(r.target.Host)
	if err != nil || page.Scheme != "https" || page.User != nil || !validHost(page.Hostname()) {
		return fail(EndingTarget, errors.New("the address of a page begins with https:// and holds no password"))
	}
	for range maxRedirects + 1 {
		head, err := r.fetch(ctx, page)
		if err != nil {
			return err
		}
		next, err := r.judgePage(head, page)
		if err != nil || next == nil {
			return err
		}
		page = next
	}
	return &failure{ending: EndingWebLoop, code: r.result.Code, err: fmt.Errorf("more than %d redirects", maxRedirects)}
}

// judgePage tells what a page's status means, and where it leads on.
func (r *run) judgePage(head *http.Response, page *url.URL) (next *url.URL, err error) {
	r.result.Code = head.StatusCode
	wait, asked := retryAfter(head.Header.Get("Retry-After"), r.deps.Now())
	f := &failure{code: head.StatusCode, err: fmt.Errorf("%d at %s", head.StatusCode, page.Host)}
	switch class := head.StatusCode / 100; {
	case class == 2:
		return nil, nil
	case class == 3:
		return follow(head, page)
	case head.StatusCode == http.StatusTooManyRequests:
		f.ending = EndingLimit
	case head.StatusCode == http.StatusServiceUnavailable || asked:
		f.ending = EndingMaintenance
	case class == 4:
		f.ending = EndingWeb4xx
	case class == 5:
		f.ending = EndingWeb5xx
	default:
		f.ending = EndingGarbage
	}
	r.result.RetryAfter = wait
	return nil, f
}

// follow gives where a redirect leads; nil where it leads nowhere, which is an answer too (304, or a 300 with a list).
func follow(head *http.Response, page *url.URL) (*url.URL, error) {
	location := head.Header.Get("Location")
	if location == "" {
		return nil, nil
	}
	next, err := page.Parse(location)
	switch {
	case err != nil || !validHost(next.Hostname()):
		return nil, &failure{ending: EndingGarbage, code: head.StatusCode, err: errors.New("it leads to no address")}
	case next.Scheme != "https":
		return nil, &failure{ending: EndingWebInsecure, code: head.StatusCode, err: fmt.Errorf("it leads to %s://%s", next.Scheme, next.Host)}
	}
	next.User = nil
	return next, nil
}

// fetch asks for a page's header: with HEAD, and where a server does not know that, with GET, whose body is not read.
func (r *run) fetch(ctx context.Context, page *url.URL) (*http.Response, error) {
	head, err := r.fetchBy(ctx, http.MethodHead, page)
	if err == nil && (head.StatusCode == http.StatusMethodNotAllowed || head.StatusCode == http.StatusNotImplemented) {
		return r.fetchBy(ctx, http.MethodGet, page)
	}
	return head, err
}

func (r *run) fetchBy(ctx context.Context, method string, page *url.URL) (*http.Response, error) {
	port := 443
	if s := page.Port(); s != "" {
		n, err := strconv.ParseUint(s, 10, 16)
		if err != nil || n == 0 {
			return nil, fail(EndingTarget, fmt.Errorf("%q is no port", s))
		}
		port = int(n)
	}
	d, end, err := r.open(ctx, page.Hostname(), port, SecurityTLS)
	if err != nil {
		return nil, err
	}
	defer end()
	var head *http.Response
	err = r.stage(StageHTTP, func() (string, error) {
		d.within(ctx, r.limits.Greeting) // pages are made when they are asked for: that may take as long as a greeting
		if head, err = d.exchange(ctx, method, page); err != nil {
			return "", err
		}
		return fmt.Sprintf("%s %s%s: %d", method, page.Host, clean(page.EscapedPath()), head.StatusCode), nil
	})
	return head, err
}

// exchange sends one request and reads the header of the response. It is done by hand, without net/http's client, so that
// nothing keeps running behind it.
func (d *dialogue) exchange(ctx context.Context, method string, page *url.URL) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, page.String(), nil)
	if err != nil {
		return nil, fail(EndingTarget, err)
	}
	req.Header.Set("User-Agent", "Rimbalzo")
	req.Header.Set("Accept", "text/html, */*;q=0.1")
	req.Close = true
	if err := req.Write(d.conn); err != nil {
		return nil, lost(err, true)
	}
	bounded := &io.LimitedReader{R: d.lines, N: maxHeader}
	from := bufio.NewReader(bounded)
	for range maxInterim {
		head, err := http.ReadResponse(from, req)
		if err != nil {
			return nil, headFailure(err, bounded.N)
		}
		// The body is not closed: that would read it, and the connection is closed right after.
		if head.StatusCode/100 != 1 {
			return head, nil
		}
	}
	return nil, fail(EndingGarbage, errGarbage)
}

// headFailure tells why no header came; left is how much more of one would have been read.
func headFailure(err error, left int64) error {
	switch {
	case left <= 0, errors.Is(err, errFlood):
		return fail(EndingFlood, errFlood)
	case isTimeout(err) && left == maxHeader:
		return fail(EndingSilent, err)
	case isTimeout(err):
		return fail(EndingStalled, err)
	case isCut(err):
		return fail(EndingCut, err)
	}
	return &failure{ending: EndingGarbage, err: fmt.Errorf("%w: %w", errGarbage, err)}
}

// retryAfter reads when to come back: seconds from now, or an instant (RFC 9110 section 10.2.3). A wait of more than a week
// is not believed, but it was asked for.
func retryAfter(field string, now time.Time) (at time.Time, asked bool) {
	field = strings.TrimSpace(field)
	if field == "" {
		return time.Time{}, false
	}
	if seconds, err := strconv.ParseUint(field, 10, 31); err == nil {
		at = now.Add(time.Duration(seconds) * time.Second)
	} else if at, err = http.ParseTime(field); err != nil {
		return time.Time{}, false
	}
	if at.Before(now) || at.Sub(now) > maxWait {
		return time.Time{}, true
	}
	return at, true
}
