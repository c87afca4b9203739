package query_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/offers"
)

// good is a product of the shop.
type good struct {
	sku, name, category string
	price               int
}

var shop = map[string]good{
	"COAT-1": {"COAT-1", "울 코트", "아우터", 300_000}, "COAT-2": {"COAT-2", "캐시미어 코트", "아우터", 500_000},
	"SCARF": {"SCARF", "캐시미어 머플러", "잡화", 60_000}, "HAT": {"HAT", "니트 모자", "잡화", 40_000},
	"LENS": {"LENS", "한 달 렌즈", "렌즈", 30_000}, "SOCKS": {"SOCKS", "양말", "잡화", 5_000}, "TV": {"TV", "텔레비전", "가전", 900_000},
}

// lines writes an order's items.
func lines(skus ...string) string {
	var all []string
	for _, sku := range skus {
		g := shop[sku]
		all = append(all, fmt.Sprintf(`{"sku":%q,"name":%q,"category":%q,"price":%d,"quantity":1}`, g.sku, g.name, g.category, g.price))
	}
	return "[" + strings.Join(all, ",") + "]"
}

// buys is an order so long before now.
func buys(ago time.Duration, who, order string, skus ...string) events.Event {
	total := 0
	for _, sku := range skus {
		total += shop[sku].price
	}
	data := fmt.Sprintf(`{"order_id":%q,"total":%d,"currency":"KRW","items":%s}`, order, total, lines(skus...))
	return touch(ago, events.ChannelWeb, "order.completed", data, who)
}

// looksAt is a view of a product.
func looksAt(ago time.Duration, who, sku string) events.Event {
	g := shop[sku]
	return touch(ago, events.ChannelWeb, "product.viewed", fmt.Sprintf(`{"sku":%q,"name":%q,"category":%q,"price":%d}`, g.sku, g.name, g.category, g.price), who)
}

// shoppers are 48 customers: a third buys a coat and a scarf together, a third a hat and then socks, a third lenses every
// month, the last ones in the last weeks.
func shoppers() []events.Event {
	var all []events.Event
	for n := range 48 {
		who, ago := fmt.Sprintf("user_id:s%02d", n), time.Duration(91+n/2)*day
		order := func(later int, skus ...string) {
			all = append(all, buys(ago-time.Duration(later)*day, who, fmt.Sprintf("S%02d-%d", n, later), skus...))
		}
		switch n % 3 {
		case 0:
			order(70, "COAT-1", "SCARF")
		case 1:
			order(0, "HAT")
			order(80, "SOCKS")
		default:
			for month := range 4 {
				order(30*month, "LENS")
			}
		}
	}
	return all
}

// openShop opens a house with shoppers, counted, and what else happened.
func (h *house) openShop(more ...events.Event) {
	h.t.Helper()
	h.happenAll(append(shoppers(), more...))
	h.counted()
}

// counted waits until everything in the log is counted.
func (h *house) counted() offers.ProductsAnswer {
	h.t.Helper()
	head, err := h.log.Head(context.Background())
	must(h.t, err)
	var a offers.ProductsAnswer
	h.get("products", fmt.Sprintf("/v1/products?limit=200&wait=%d", head.Position), http.StatusOK, &a)
	return a
}

// makesOfferCalls makes every call about products.
func (h *house) makesOfferCalls(customer uuid.UUID) {
	h.t.Helper()
	h.openShop()
	for operation, path := range map[string]string{
		"products": "/v1/products?q=coat", "productRules": "/v1/products/rules", "boughtTogether": "/v1/products/COAT-1/bought-together",
		"whoCaresProduct": "/v1/products/LENS/who-cares", "whoCares": "/v1/categories/" + url.PathEscape("렌즈") + "/who-cares",
		"recommendations": "/v1/customers/" + customer.String() + "/recommendations",
	} {
		h.get(operation, path, http.StatusOK, nil)
	}
	h.post("completeBasket", "/v1/baskets/complete", `{"items":["COAT-1"]}`, http.StatusOK, nil)
}

// next asks what a customer may want next.
func (h *house) next(id uuid.UUID, more string) offers.RecommendationsAnswer {
	h.t.Helper()
	var a offers.RecommendationsAnswer
	h.get("recommendations", "/v1/customers/"+id.String()+"/recommendations"+more, http.StatusOK, &a)
	return a
}
