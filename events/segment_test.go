package events_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
)

// segmentV2 is Segment's e-commerce specification, version 2, in full.
const segmentV2 = `Products Searched|Product List Viewed|Product List Filtered|Promotion Viewed|Promotion Clicked|Product Clicked|Product Viewed|
Product Added|Product Removed|Cart Viewed|Checkout Started|Checkout Step Viewed|Checkout Step Completed|Payment Info Entered|Order Completed|
Order Updated|Order Refunded|Order Cancelled|Coupon Entered|Coupon Applied|Coupon Denied|Coupon Removed|Product Added to Wishlist|
Product Removed from Wishlist|Wishlist Product Added to Cart|Product Shared|Cart Shared|Product Reviewed`

func TestSegmentV2IsComplete(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for name := range strings.SplitSeq(strings.ReplaceAll(segmentV2, "\n", ""), "|") {
		typ, known := events.FromSegment(name)
		if _, in := c.Lookup(typ); !known || !in {
			t.Errorf("%q became %q (known %v, in the catalogue %v)", name, typ, known, in)
		}
	}
}

func TestFromSegmentGolden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		known    bool
	}{
		{"Order Completed", "order.completed", true},
		{"order completed", "order.completed", true},
		{"order_completed", "order.completed", true},
		{" ORDER-COMPLETED ", "order.completed", true},
		{"Completed Order", "order.completed", true},
		{"Viewed Product", "product.viewed", true},
		{"Viewed Product Category", "product.list_viewed", true},
		{"Order Canceled", "order.cancelled", true},
		{"Application Opened", "app.opened", true},
		{"Email Link Clicked", "message.clicked", true},
		{"call.ended", "call.ended", false},
		{"shop.floor_2.entered", "shop.floor_2.entered", false},
		{"custom.song_played", "custom.song_played", false},
		{"Song Played", "custom.song_played", false},
		{"Song  Played!", "custom.song_played", false},
		{"장바구니 클릭", "custom.장바구니_클릭", false},
		{"Ｓｏｎｇ", "custom.song", false},
		{"Order.Completed", "custom.order_completed", false},
		{".hidden", "custom.hidden", false},
		{"a..b", "custom.a_b", false},
		{"1.2", "custom.1_2", false},
		{"identity.linked", "custom.identity_linked", false},
		{"clock.ticked", "custom.clock_ticked", false},
		{"", "custom.unnamed", false},
		{"!!!", "custom.unnamed", false},
		{strings.Repeat("ab ", 200), "custom." + strings.Repeat("ab_", 33) + "a", false},
	} {
		if got, known := events.FromSegment(c.in); got != c.want || known != c.known {
			t.Errorf("FromSegment(%.60q) = %q, %v; want %q, %v", c.in, got, known, c.want, c.known)
		}
	}
}

func TestFromSegmentIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typ, _ := events.FromSegment(rapid.String().Draw(t, "name"))
		if typ == "" || len(typ) > 128 || strings.ContainsAny(typ, " \t\n\"") || !strings.Contains(typ, ".") {
			t.Fatalf("bad type %q", typ)
		}
	})
}

func TestMapSegmentGolden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typ, in, want string }{
		{
			"order.completed",
			`{"order_id":"50314b8e","affiliation":"Google Store","total":27.5,"revenue":25.00,"shipping":3,"coupon":"hasbros","products":[{"product_id":"507f1f77","sku":"45790-32","name":"Monopoly","price":19,"quantity":1},{"product_id":"505bd76785","name":"UNO","price":"3.00","quantity":"2"}]}`,
			`{"order_id":"50314b8e","affiliation":"Google Store","total":27.5,"revenue":25.00,"shipping":3,"coupon":"hasbros","items":[{"product_id":"507f1f77","sku":"45790-32","name":"Monopoly","price":19,"quantity":1},{"sku":"505bd76785","name":"UNO","price":3.00,"quantity":2}]}`,
		},
		{"order.completed", `{"orderId":"1","revenue":"25.00","value":30}`, `{"order_id":"1","total":25.00,"value":30}`},
		{"order.completed", `{"order_id":"1","value":30}`, `{"order_id":"1","total":30}`},
		{"order.completed", `{"order_id":"1","Total":1,"revenue":30}`, `{"order_id":"1","Total":1,"revenue":30}`},
		{"order.completed", `{ "order_id" : "1" , "total" : 1 }`, `{ "order_id" : "1" , "total" : 1 }`},
		{"order.completed", `{"products":{}}`, `{"items":{}}`},
		{"order.completed", `{"total":"free","discount":""}`, `{"total":"free","discount":""}`},
		{"order.completed", `{"items":[1,{"id":7}],"products":[]}`, `{"items":[1,{"sku":7}],"products":[]}`},
		{"product.viewed", `{"product_id":"507f","sku":"G-32"}`, `{"product_id":"507f","sku":"G-32"}`},
		{"product.viewed", `{"product_id":"507f","id":"x","name":"UNO"}`, `{"sku":"507f","id":"x","name":"UNO"}`},
		{"product.viewed", `{"product\u005fid":"507f"}`, `{"sku":"507f"}`},
		{"product.added", `{"id":"507f","cartId":"c"}`, `{"sku":"507f","cart_id":"c"}`},
		{"product.list_viewed", `{"list_id":"l","products":[{"product_id":"a"},{"product_id":"b"}]}`, `{"list_id":"l","items":[{"sku":"a"},{"sku":"b"}]}`},
		{"payment.entered", `{"payment_method":"Visa","order_id":"1"}`, `{"method":"Visa","order_id":"1"}`},
		{"coupon.applied", `{"coupon_id":"may","coupon_name":"May Deals","discount":23.32}`, `{"coupon":"may","coupon_name":"May Deals","discount":23.32}`},
		{"promotion.viewed", `{"promotion_id":"p","position":"home_banner_top"}`, `{"promotion_id":"p","position":"home_banner_top"}`},
		{"review.submitted", `{"product_id":"507f","review_body":"good","rating":"5"}`, `{"sku":"507f","text":"good","score":5}`},
		{"message.opened", `{"email_id":"e1","email_subject":"Hi","campaign_name":"May"}`, `{"message_id":"e1","subject":"Hi","campaign":"May","medium":"email"}`},
		{"message.opened", `{"email_id":"e1","medium":"sms"}`, `{"message_id":"e1","medium":"sms"}`},
		{"products.searched", `{"query":"blue"}`, `{"query":"blue"}`},
		{"custom.song_played", `{"products":[],"revenue":1}`, `{"products":[],"revenue":1}`},
		{"order.completed", `[1]`, `[1]`},
		{"order.completed", `{"products":[`, `{"products":[`},
		{"order.completed", `{}`, `{}`},
		{"order.completed", ``, ``},
	} {
		in := []byte(c.in)
		if got := string(events.MapSegment(c.typ, in)); got != c.want {
			t.Errorf("MapSegment(%s, %s)\n got %s\nwant %s", c.typ, c.in, got, c.want)
		}
		if string(in) != c.in {
			t.Errorf("MapSegment wrote to its input: %s", in)
		}
	}
}

// TestMapSegmentCopiesNothing that has the names of the catalogue already. It counts allocations, so it runs alone.
func TestMapSegmentCopiesNothing(t *testing.T) {
	data := []byte(`{"sku":"507f1f77","name":"Monopoly","price":19,"currency":"KRW","url":"https://shop.example"}`)
	var out []byte
	if n := testing.AllocsPerRun(100, func() { out = events.MapSegment("product.viewed", data) }); n > 0 || &out[0] != &data[0] {
		t.Errorf("%v allocations, %s", n, out)
	}
}

// TestMapSegmentKeepsEverything: whatever goes in comes out under some name, the result is sound JSON, and mapping it
// again changes nothing.
func TestMapSegmentKeepsEverything(t *testing.T) {
	t.Parallel()
	names := []string{"order_id", "orderId", "id", "product_id", "sku", "products", "items", "revenue", "value", "total", "price", "coupon_id", "email_id", "note", "한글", "medium"}
	values := []string{`1`, `"2.5"`, `"x"`, `null`, `[{"id":1,"price":"2"},{"sku":"s"}]`, `{"id":1}`, `[]`, `""`}
	types := catalogue(t).Types()
	rapid.Check(t, func(t *rapid.T) {
		var members []string
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 8, rapid.ID).Draw(t, "names") {
			members = append(members, fmt.Sprintf("%q:%s", name, rapid.SampledFrom(values).Draw(t, "value")))
		}
		in, typ := "{"+strings.Join(members, ",")+"}", rapid.SampledFrom(types).Draw(t, "type").Name
		out := events.MapSegment(typ, []byte(in))
		var before, after map[string]any
		if err := events.CheckJSON(out); err != nil || json.Unmarshal(out, &after) != nil || json.Unmarshal([]byte(in), &before) != nil {
			t.Fatalf("%s %s became %s: %v", typ, in, out, err)
		}
		if again := events.MapSegment(typ, out); string(again) != string(out) {
			t.Fatalf("%s %s became %s, then %s", typ, in, out, again)
		}
		if added := len(after) - len(before); added != 0 && (added != 1 || after["medium"] != "email") {
			t.Fatalf("%s %s became %s: members were lost or made up", typ, in, out)
		}
	})
}

func BenchmarkFromSegment(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		events.FromSegment("Order Completed")
	}
}

func BenchmarkMapSegment(b *testing.B) {
	data := []byte(`{"order_id":"50314b8e","revenue":25.00,"currency":"KRW","products":[{"product_id":"507f1f77","name":"Monopoly","price":19,"quantity":1}]}`)
	b.ReportAllocs()
	for range b.N {
		events.MapSegment("order.completed", data)
	}
}

func ExampleFromSegment() {
	for _, event := range []string{"Order Completed", "Viewed Product", "call.ended", "Song Played"} {
		fmt.Println(events.FromSegment(event))
	}
	// Output:
	// order.completed true
	// product.viewed true
	// call.ended false
	// custom.song_played false
}

func ExampleMapSegment() {
	data := []byte(`{"order_id":"1","revenue":19000,"products":[{"product_id":"P1","quantity":"2"}]}`)
	fmt.Printf("%s\n", events.MapSegment("order.completed", data))
	// Output: {"order_id":"1","total":19000,"items":[{"sku":"P1","quantity":2}]}
}
