package mask_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/replay/mask"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newMask(t testing.TB, key byte) *mask.Mask {
	t.Helper()
	all, err := events.NewCatalogue()
	must(t, err)
	m, err := mask.New(bytes.Repeat([]byte{key}, 32), all, events.Normaliser{Region: "KR"})
	must(t, err)
	return m
}

var noon = time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)

// touch is an event of somebody.
func touch(id, kind, data string, who ...string) *events.Recorded {
	e := events.Event{ID: id, Source: "shop", Type: kind, Time: noon, Channel: events.ChannelWeb, Data: []byte(data), Subject: "receipt of 김서연"}
	for _, w := range who {
		i, err := events.ParseIdentifier(w)
		if err != nil {
			panic(err)
		}
		i.Grade = events.Asserted
		e.Identifiers = append(e.Identifiers, i)
	}
	return &events.Recorded{Event: e, Stream: e.Stream(), Position: 7, RecordedAt: noon}
}

// text is all of an event, as whoever gets it may read it.
func text(t testing.TB, r *events.Recorded) string {
	t.Helper()
	whole, err := json.Marshal(r)
	must(t, err)
	return string(whole) + " " + string(r.Data)
}

// TestNothingIsLeft masks events full of what must not get out, also where nobody expects it.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	const who, mail, call, order = "user_id:u-9001", "email:seo@example.com", "phone:+821048217730", "ORD-77-123"
	m := newMask(t, 1)
	for _, r := range []*events.Recorded{
		touch("seo@example.com-1", "customer.identified", `{"traits":{"name":"김서연","given_name":"서연","email":"SEO@example.com","phone":"010-4821-7730","birth_date":"1988-02-29","address":{"line1":"세종대로 110"},"tier":"gold","gender":"female","shoe_size":245,"nickname":"서연이"}}`, who, mail, call),
		touch("2", "order.completed", `{"order_id":"ORD-77-123","total":240000.5,"currency":"KRW","items":[{"sku":"8801234567890","name":"선물 for seo@example.com","quantity":1,"price":240000.5}],"gift_message":"서연아 생일 축하해"}`, who),
		touch("3", "inquiry.opened", `{"inquiry_id":"ORD-77-123","subject":"배송 문의 u-9001","body":"010-4821-7730으로 전화 주세요"}`, call),
		touch("4", "page.viewed", `{"path":"/me/u-9001?mail=seo@example.com","title":"u-9001의 주문","url":"https://shop.example/?q=seo@example.com"}`, who),
		touch("5", "call.ended", `{"call_id":"01048217730","agent":"최유나","summary":"김서연 고객, 생일 축하해","number_dialled":"01048217730","duration_s":61}`, call),
		touch("6", "company.own_thing", `{"who":"김서연","u-9001":true}`, who),
		touch("7", "segment.defined", `{"title":{"en":"one"},"rule":{"trait":"name","is":"김서연"},"version":1}`),
		touch("8", "segment.defined", `{"title":{"en":"two"},"rule":{"event":"order.completed","where":{"order_id":"01048217730"}},"version":1}`),
		touch("9", "page.viewed", `[{"broken":"김서연"}]`, who),
	} {
		before := r.Stream
		m.Event(r)
		out := text(t, r)
		for _, secret := range []string{
			"김서연", "서연", "최유나", "u-9001", "example.com", "4821", "48217730", "세종대로", "축하", "02-29", "female", "shoe", "nickname", "gift", order, "receipt", who, mail, call,
		} {
			if strings.Contains(out, secret) {
				t.Errorf("%s tells %s: %s", r.Type, secret, out)
			}
		}
		if f, ok := r.Fragment(); ok && (r.Stream != events.FragmentStream(f) || r.Stream == before) {
			t.Errorf("%s is in stream %s", r.Type, r.Stream)
		}
	}
}

// TestWhatStays: amounts to the last digit, products, times, tiers, and what belongs together.
func TestWhatStays(t *testing.T) {
	t.Parallel()
	m := newMask(t, 1)
	a := touch("1", "order.completed", `{"order_id":"A-1","total":12345678901234.56,"currency":"KRW","items":[{"sku":"8801234567890","name":"캐시미어 니트","category":"아우터","quantity":2,"price":129000}]}`, "user_id:u-1", "phone:+821048217730")
	b := touch("2", "order.refunded", `{"order_id":"A-1","total":12345678901234.56}`, "user_id:u-1")
	c := touch("3", "call.ended", `{"call_id":"C-1"}`, "phone:+821048217730")
	d := touch("4", "customer.identified", `{"traits":{"tier":"gold","phone":"010-4821-7730","birth_date":"1988-02-29"}}`, "user_id:u-2")
	for _, r := range []*events.Recorded{a, b, c, d} {
		m.Event(r)
	}
	for _, want := range []string{`"total":12345678901234.56`, `"sku":"8801234567890"`, `"name":"캐시미어 니트"`, `"category":"아우터"`, `"currency":"KRW"`} {
		if !strings.Contains(string(a.Data), want) {
			t.Errorf("no %s in %s", want, a.Data)
		}
	}
	if !a.Time.Equal(noon) || a.Position != 7 || a.Channel != events.ChannelWeb || a.Type != "order.completed" {
		t.Errorf("%+v", a)
	}
	order := func(r *events.Recorded) string { return events.DecodeBody(r.Data).OrderID }
	if order(a) != order(b) || order(a) == "" || order(a) == "A-1" {
		t.Errorf("orders %q and %q", order(a), order(b))
	}
	if a.Identifiers[0] != b.Identifiers[0] || a.Identifiers[1] != c.Identifiers[0] || a.Stream != b.Stream || a.Stream == d.Stream {
		t.Errorf("%v, %v, %v", a.Identifiers, b.Identifiers, c.Identifiers)
	}
	if !strings.Contains(string(d.Data), `"`+c.Identifiers[0].Value+`"`) || !strings.Contains(string(d.Data), `"birth_date":"1988-`) || !strings.Contains(string(d.Data), `"tier":"gold"`) {
		t.Errorf("%s; the number is %s", d.Data, c.Identifiers[0].Value)
	}
	norm := events.Normaliser{Region: "KR"}
	for _, id := range a.Identifiers { // what is told can be taken in again
		if v, err := norm.Identifier(id.Kind, id.Value); err != nil || v != id.Value {
			t.Errorf("%v: %q, %v", id, v, err)
		}
	}
}

// TestDecisionsFollow: who was linked is linked, under the masked names.
func TestDecisionsFollow(t *testing.T) {
	t.Parallel()
	m := newMask(t, 1)
	a, b := touch("1", "page.viewed", `{}`, "user_id:u-1"), touch("2", "page.viewed", `{}`, "user_id:u-2")
	fa, _ := a.Fragment()
	fb, _ := b.Fragment()
	link := touch("3", "identity.linked", fmt.Sprintf(`{"a":%q,"b":%q,"reason":"same person, 김서연","actor":"kim"}`, fa, fb))
	link.Stream = "identity"
	for _, r := range []*events.Recorded{a, b, link} {
		m.Event(r)
	}
	body := events.DecodeBody(link.Data)
	na, _ := a.Fragment()
	nb, _ := b.Fragment()
	if body.A != na.String() || body.B != nb.String() || na == fa || link.Stream != "identity" {
		t.Errorf("%s; they are %s and %s", link.Data, na, nb)
	}
	early := touch("4", "identity.linked", fmt.Sprintf(`{"a":%q,"b":"x"}`, uuid.NewSHA1(uuid.Nil, []byte("nobody"))))
	m.Event(early)
	if _, err := uuid.Parse(events.DecodeBody(early.Data).A); err != nil {
		t.Errorf("%s", early.Data)
	}
}

// TestKeys: two maskings have nothing in common, one is always the same, and a key must be one.
func TestKeys(t *testing.T) {
	t.Parallel()
	var out []string
	for _, key := range []byte{1, 1, 2} {
		r := touch("1", "customer.identified", `{"traits":{"name":"김서연","email":"a@b.kr","phone":"010-4821-7730"}}`, "user_id:u-1", "phone:+821048217730")
		newMask(t, key).Event(r)
		out = append(out, text(t, r))
	}
	if out[0] != out[1] || out[0] == out[2] || newMask(t, 1).ID() == newMask(t, 2).ID() {
		t.Errorf("%q", out)
	}
	if _, err := mask.New(make([]byte, 31), nil, events.Normaliser{}); err == nil {
		t.Error("a short key is taken")
	}
}

// TestLog: it reads masked, leaves what is stored as it was, and takes nothing in.
func TestLog(t *testing.T) {
	t.Parallel()
	inner := memlog.New(func() time.Time { return noon })
	for i := range 5 {
		e := touch(strconv.Itoa(i), "customer.identified", `{"traits":{"name":"김서연"}}`, fmt.Sprint("user_id:u-", i)).Event
		_, err := inner.Append(t.Context(), events.Touchpoint(e))
		must(t, err)
	}
	l := mask.Log(inner, newMask(t, 1))
	page, err := l.Read(t.Context(), 1, 3)
	must(t, err)
	again, err := l.At(t.Context(), 2, 3, 4)
	must(t, err)
	if len(page) != 3 || !slices.EqualFunc(page, again, func(a, b events.Recorded) bool { return text(t, &a) == text(t, &b) }) || strings.Contains(text(t, &page[0]), "김서연") {
		t.Errorf("%v, %v", page, again)
	}
	stored, err := inner.Read(t.Context(), 1, 1)
	must(t, err)
	if !strings.Contains(string(stored[0].Data), "김서연") || stored[0].Identifiers[0].Value != "u-1" {
		t.Errorf("what is stored has changed: %s", stored[0].Data)
	}
	head, err := l.Head(t.Context())
	must(t, err)
	if _, err := l.Append(t.Context(), events.Touchpoint(stored[0].Event)); err == nil || head.Position != 5 {
		t.Errorf("it takes something in; its head is %d", head.Position)
	}
	if _, err := l.ReadStream(t.Context(), stored[0].Stream, 0, 1); err == nil {
		t.Error("it has streams of fragments")
	}
	if page, err := l.ReadStream(t.Context(), "identity", 0, 1); err != nil || len(page) != 0 {
		t.Errorf("of decisions there are %v, %v", page, err)
	}
	must(t, l.Close())
	if _, err := inner.Head(t.Context()); err != nil {
		t.Errorf("the log was closed with it: %v", err)
	}
}
