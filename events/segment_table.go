package events

// segmentTypes are Segment's names, in lower case, and the types they mean. v1 put the verb first.
var segmentTypes = map[string]string{
	// E-commerce v2: browsing, promotions, ordering.
	"products searched":       "products.searched",
	"product list viewed":     "product.list_viewed",
	"product list filtered":   "product.list_filtered",
	"promotion viewed":        "promotion.viewed",
	"promotion clicked":       "promotion.clicked",
	"product clicked":         "product.clicked",
	"product viewed":          "product.viewed",
	"product added":           "product.added",
	"product removed":         "product.removed",
	"cart viewed":             "cart.viewed",
	"checkout started":        "checkout.started",
	"checkout step viewed":    "checkout.step_viewed",
	"checkout step completed": "checkout.step_completed",
	"payment info entered":    "payment.entered",
	"order completed":         "order.completed",
	"order updated":           "order.updated",
	"order refunded":          "order.refunded",
	"order cancelled":         "order.cancelled",
	// Coupons, wish lists, sharing, reviewing.
	"coupon entered":                 "coupon.entered",
	"coupon applied":                 "coupon.applied",
	"coupon denied":                  "coupon.denied",
	"coupon removed":                 "coupon.removed",
	"product added to wishlist":      "wishlist.product_added",
	"product removed from wishlist":  "wishlist.product_removed",
	"wishlist product added to cart": "product.added",
	"product shared":                 "product.shared",
	"cart shared":                    "cart.shared",
	"product reviewed":               "review.submitted",
	// E-commerce v1 and other spellings Segment has accepted.
	"searched products":             "products.searched",
	"viewed product list":           "product.list_viewed",
	"viewed product category":       "product.list_viewed",
	"product category viewed":       "product.list_viewed",
	"filtered product list":         "product.list_filtered",
	"viewed promotion":              "promotion.viewed",
	"clicked promotion":             "promotion.clicked",
	"clicked product":               "product.clicked",
	"viewed product":                "product.viewed",
	"added product":                 "product.added",
	"removed product":               "product.removed",
	"viewed cart":                   "cart.viewed",
	"started checkout":              "checkout.started",
	"started order":                 "checkout.started",
	"order started":                 "checkout.started",
	"viewed checkout step":          "checkout.step_viewed",
	"completed checkout step":       "checkout.step_completed",
	"entered payment info":          "payment.entered",
	"payment info added":            "payment.entered",
	"completed order":               "order.completed",
	"updated order":                 "order.updated",
	"refunded order":                "order.refunded",
	"cancelled order":               "order.cancelled",
	"canceled order":                "order.cancelled",
	"order canceled":                "order.cancelled",
	"entered coupon":                "coupon.entered",
	"applied coupon":                "coupon.applied",
	"denied coupon":                 "coupon.denied",
	"removed coupon":                "coupon.removed",
	"added product to wishlist":     "wishlist.product_added",
	"removed product from wishlist": "wishlist.product_removed",
	"added product to cart":         "product.added",
	"shared product":                "product.shared",
	"shared cart":                   "cart.shared",
	"reviewed product":              "review.submitted",
	// Mobile life cycle and e-mail.
	"application installed":   "app.installed",
	"application opened":      "app.opened",
	"application updated":     "app.updated",
	"application uninstalled": "app.uninstalled",
	"deep link opened":        "deep_link.opened",
	"email sent":              "message.sent",
	"email delivered":         "message.delivered",
	"email opened":            "message.opened",
	"email link clicked":      "message.clicked",
	"email bounced":           "message.bounced",
	"unsubscribed":            "message.unsubscribed",
}

// segmentRule gives a property the name that the catalogue has for it, unless data already has one of that name. Of
// several rules with one goal the first that finds its property is used.
type segmentRule struct{ from, to string }

// The rules, by what a type is about. v1 wrote some names in camel case and called a product's number id.
var (
	productRules = []segmentRule{
		{"product_id", "sku"}, {"productId", "sku"}, {"id", "sku"}, {"cartId", "cart_id"},
	}
	listRules  = []segmentRule{{"products", "items"}, {"listId", "list_id"}, {"cartId", "cart_id"}}
	orderRules = []segmentRule{
		{"products", "items"}, {"orderId", "order_id"}, {"revenue", "total"}, {"value", "total"},
	}
	stepRules    = []segmentRule{{"orderId", "order_id"}}
	paymentRules = []segmentRule{{"orderId", "order_id"}, {"payment_method", "method"}, {"paymentMethod", "method"}}
	couponRules  = []segmentRule{
		{"coupon_id", "coupon"}, {"couponId", "coupon"}, {"coupon_name", "coupon"}, {"orderId", "order_id"},
	}
	promotionRules = []segmentRule{{"promotionId", "promotion_id"}, {"id", "promotion_id"}}
	reviewRules    = []segmentRule{
		{"product_id", "sku"}, {"productId", "sku"}, {"rating", "score"}, {"review_body", "text"}, {"orderId", "order_id"},
	}
	emailRules = []segmentRule{
		{"email_id", "message_id"}, {"email_subject", "subject"}, {"campaign_name", "campaign"}, {"campaign_id", "campaign"}, {"link_url", "url"},
	}
)

// segmentRules are the rules of each type that has some.
var segmentRules = map[string][]segmentRule{
	"product.viewed": productRules, "product.clicked": productRules, "product.added": productRules,
	"product.removed": productRules, "product.shared": productRules,
	"wishlist.product_added": productRules, "wishlist.product_removed": productRules,
	"product.list_viewed": listRules, "product.list_filtered": listRules, "cart.viewed": listRules, "cart.shared": listRules,
	"checkout.started": orderRules, "order.completed": orderRules, "order.updated": orderRules,
	"order.refunded": orderRules, "order.cancelled": orderRules,
	"checkout.step_viewed": stepRules, "checkout.step_completed": stepRules, "payment.entered": paymentRules,
	"coupon.entered": couponRules, "coupon.applied": couponRules, "coupon.denied": couponRules, "coupon.removed": couponRules,
	"promotion.viewed": promotionRules, "promotion.clicked": promotionRules,
	"review.submitted": reviewRules,
	"message.sent":     emailRules, "message.delivered": emailRules, "message.opened": emailRules,
	"message.clicked": emailRules, "message.bounced": emailRules, "message.unsubscribed": emailRules,
}

// isSegmentNumber reports whether a field is a number in the catalogue that shops often send as a string.
func isSegmentNumber(name []byte) bool {
	switch string(name) {
	case "price", "quantity", "total", "discount", "score":
		return true
	}
	return false
}
