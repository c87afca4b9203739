package query_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	h.happens(touch(day, events.ChannelStore, "customer.identified", `{"traits":{"name":"오민재"}}`, "loyalty_id:LM-1", "phone:+821055557730"))
	h.happens(touch(day, events.ChannelStore, "customer.identified", `{"traits":{"name":"Haneul Lee"}}`, "loyalty_id:LM-2"))
	cases := []struct {
		q, kind, value string
		names          string
	}{
		{"010-4821", "phone", "+821048217730", "김서연"},
		{"010 4821 7730", "phone", "+821048217730", "김서연"},
		{"01048217730", "phone", "+821048217730", "김서연"},
		{"+821048217730", "phone", "+821048217730", "김서연"},
		{"+82 10-4821", "phone", "+821048217730", "김서연"},
		{"+82 010 4821 7730", "phone", "+821048217730", "김서연"},
		{"4821-7730", "phone", "+821048217730", "김서연"},
		{"０１０４８２１", "phone", "+821048217730", "김서연"},
		{"7730", "phone", "", "김서연,오민재"},
		{"seoyeon.k@example.com", "email", "seoyeon.k@example.com", "김서연"},
		{"SEOYEON.K@EXAMPLE.COM", "email", "seoyeon.k@example.com", "김서연"},
		{"LM-2207-41893", "loyalty_id", "LM-2207-41893", "김서연"},
		{"lm-2207-41893", "loyalty_id", "LM-2207-41893", "김서연"},
		{" 82 10 4821", "phone", "+821048217730", "김서연"},
		{"phone:010-4821-7730", "phone", "+821048217730", "김서연"},
		{"ORD-87950", "order", "ORD-87950", "김서연"},
		{"ord87950", "order", "ORD-87950", "김서연"},
		{"7950", "order", "ORD-87950", "김서연"},
		{"INQ-3391", "inquiry", "INQ-3391", "김서연"},
		{"CASE-3391", "case", "CASE-3391", "김서연"},
		{"김서연", "name", "김서연", "김서연"},
		{norm.NFD.String("김서연"), "name", "김서연", "김서연"},
		{"서연", "name", "김서연", "김서연"},
		{"김서여", "name", "김서연", "김서연"},
		{"김서ㅇ", "name", "김서연", "김서연"},
		{"김성", "name", "김서연", "김서연"},
		{"김", "name", "김서연", "김서연"},
		{"ㄱㅅㅇ", "initials", "김서연", "김서연"},
		{"ㄳㅇ", "initials", "김서연", "김서연"},
		{"ㅅㅇ", "initials", "김서연", "김서연"},
		{"haneul", "name", "Haneul Lee", "Haneul Lee"},
		{"lee hane", "name", "Haneul Lee", "Haneul Lee"},
		{"박", "", "", ""},
		{"99999999", "", "", ""},
	}
	for _, c := range cases {
		t.Run(c.q, func(t *testing.T) {
			t.Parallel()
			a := h.search(c.q)
			var names []string
			for _, hit := range a.Customers {
				names = append(names, hit.Name)
				if m := hit.Matched; m.Kind != c.kind || c.value != "" && m.Value != c.value || !m.Proven {
					t.Errorf("matched because of %+v, want a proven %s %s", m, c.kind, c.value)
				}
			}
			if got := strings.Join(names, ","); got != c.names {
				t.Errorf("found %q, want %q", got, c.names)
			}
		})
	}
}

func TestLookUp(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	for _, identifier := range []string{
		"phone:%2B821048217730", "phone:+821048217730", "phone:010-4821-7730", "email:Seoyeon.K@Example.com",
		"loyalty_id:LM-2207-41893", "user_id:u-seoyeon", "anonymous_id:b-1",
	} {
		t.Run(identifier, func(t *testing.T) {
			t.Parallel()
			var a query.SearchAnswer
			h.get("searchCustomers", "/v1/customers?identifier="+identifier, http.StatusOK, &a)
			if len(a.Customers) != 1 || a.Customers[0].Name != "김서연" || !a.Customers[0].Matched.Proven {
				t.Errorf("found %+v", a.Customers)
			}
		})
	}
}

// Anybody can type somebody else's address into a browser: it finds the one who typed it, after the owner, marked as
// not proven, and shows nothing of the owner's.
func TestClaimedComesLast(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.happens(touch(day, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:stranger", "claimed email:seoyeon.k@example.com"))
	alone := h.search("seoyeon.k@example.com")
	if len(alone.Customers) != 1 || alone.Customers[0].Matched.Proven || alone.Customers[0].Email != "" {
		t.Fatalf("found %+v, want one who only claims the address", alone.Customers)
	}
	tellSeoyeon(h)
	both := h.search("seoyeon.k@example.com")
	if len(both.Customers) != 2 {
		t.Fatalf("found %d, want the owner and the stranger", len(both.Customers))
	}
	owner, stranger := both.Customers[0], both.Customers[1]
	if !owner.Matched.Proven || owner.Name != "김서연" || stranger.Matched.Proven || stranger.Name != "" || stranger.Phone != "" {
		t.Errorf("got %+v before %+v", owner, stranger)
	}
	var why query.IdentityAnswer
	h.get("identity", "/v1/customers/"+stranger.ID.String()+"/identity", http.StatusOK, &why)
	if len(why.Suggestions) != 1 || why.Suggestions[0].Customer != owner.ID || why.Suggestions[0].Because != "claimed email:seoyeon.k@example.com" {
		t.Errorf("suggestions are %+v", why.Suggestions)
	}
}

func TestSearchPages(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	const people = 45
	for i := range people {
		h.appends(touch(day, events.ChannelStore, "customer.identified", `{"traits":{"name":"이하늘"}}`, "loyalty_id:M-"+string(rune('A'+i/10))+string(rune('0'+i%10))))
	}
	seen, path := map[string]int{}, "/v1/customers?limit=20&wait=45&q="+url.QueryEscape("ㅇㅎㄴ")
	for next, pages := "", 0; ; pages++ {
		var a query.SearchAnswer
		h.get("searchCustomers", path+"&cursor="+next, http.StatusOK, &a)
		for _, c := range a.Customers {
			seen[c.ID.String()]++
		}
		if next = a.Next; next == "" {
			if pages != 2 {
				t.Errorf("took %d pages, want 3", pages+1)
			}
			break
		}
	}
	if len(seen) != people {
		t.Errorf("saw %d customers, want %d", len(seen), people)
	}
}

func FuzzSearch(f *testing.F) {
	for _, q := range []string{"010-4821", "ㄱㅅㅇ", "김서ㅇ", "phone: 82", "a@b", "ORD-1", "\x00", "%", "'; drop table", "\u1100\u1161", strings.Repeat("김", 60)} {
		f.Add(q)
	}
	h := openHouse(f)
	tellSeoyeon(h)
	f.Fuzz(func(t *testing.T, q string) {
		resp, err := h.server.Client().Get(h.server.URL + "/v1/customers?q=" + url.QueryEscape(q))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusBadRequest {
			t.Errorf("q=%q answered %d", q, resp.StatusCode)
		}
	})
}
