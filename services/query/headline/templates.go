package headline

// template says what follows the plain name of a type in its title, and what its detail line holds.
type template struct {
	title  []phrase
	detail []phrase
}

func say(p ...phrase) []phrase { return p }

// templates of the types that have something to say beyond their name. Read it as a table.
var templates = map[string]template{
	"page.viewed":              {title: say(page), detail: say(category)},
	"screen.viewed":            {title: say(page), detail: say(category)},
	"product.viewed":           {title: say(item), detail: say(category, total)},
	"product.clicked":          {title: say(item), detail: say(category)},
	"products.searched":        {title: say(query)},
	"product.list_viewed":      {title: say(category)},
	"product.added":            {title: say(item), detail: say(total, category)},
	"product.removed":          {title: say(item), detail: say(total, category)},
	"wishlist.product_added":   {title: say(item)},
	"wishlist.product_removed": {title: say(item)},
	"product.shared":           {title: say(item)},

	"checkout.started":        {title: say(items), detail: say(total, order)},
	"checkout.step_viewed":    {title: say(step)},
	"checkout.step_completed": {title: say(step)},
	"payment.approved":        {title: say(total), detail: say(method, order)},
	"payment.failed":          {title: say(items), detail: say(total, reason, code, order)},

	"order.completed":     {title: say(items), detail: say(total, store, order)},
	"order.updated":       {title: say(order)},
	"order.cancelled":     {title: say(items), detail: say(total, reason, order)},
	"order.refunded":      {title: say(items), detail: say(total, reason, order)},
	"order.status_viewed": {title: say(order), detail: say(status)},
	"order.ready":         {title: say(store), detail: say(order)},
	"order.picked_up":     {title: say(store), detail: say(order)},
	"shipment.dispatched": {title: say(order), detail: say(tracking)},
	"shipment.delivered":  {title: say(order)},
	"shipment.delayed":    {title: say(order), detail: say(reason)},

	"coupon.issued":     {title: say(coupon), detail: say(campaign)},
	"coupon.applied":    {title: say(coupon), detail: say(order)},
	"coupon.entered":    {title: say(coupon), detail: say(order)},
	"coupon.denied":     {title: say(coupon), detail: say(reason, order)},
	"coupon.removed":    {title: say(coupon), detail: say(order)},
	"coupon.redeemed":   {title: say(coupon), detail: say(order)},
	"promotion.viewed":  {title: say(campaign)},
	"promotion.clicked": {title: say(campaign)},
	"store.visited":     {title: say(store)},

	"call.started":  {title: say(direction, topic), detail: say(agent, menu, waited)},
	"call.answered": {title: say(agent)},
	"call.ended":    {title: say(duration), detail: say(agent, topic, unresolved, text, caseID)},
	"call.missed":   {title: say(topic)},

	"inquiry.opened":   {title: say(subject), detail: say(complaint, text, order, caseID)},
	"inquiry.answered": {title: say(subject), detail: say(agent, text)},
	"inquiry.closed":   {title: say(subject), detail: say(agent, reason)},
	"inquiry.reopened": {title: say(subject), detail: say(caseID)},

	"review.submitted": {title: say(score, item), detail: say(text)},
	"review.answered":  {title: say(item), detail: say(agent, text)},
	"survey.answered":  {title: say(kind, score), detail: say(text, caseID)},

	"message.sent":         {title: say(medium, campaign)},
	"message.delivered":    {title: say(medium, campaign)},
	"message.opened":       {title: say(medium, campaign)},
	"message.clicked":      {title: say(medium, campaign)},
	"message.bounced":      {title: say(medium, campaign)},
	"message.unsubscribed": {title: say(medium)},
	"campaign.received":    {title: say(campaign)},
	"consent.given":        {title: say(purpose, medium)},
	"consent.withdrawn":    {title: say(purpose, medium)},

	"note.added":         {title: say(author), detail: say(text)},
	"tier.changed":       {title: say(tier)},
	"points.earned":      {title: say(points), detail: say(order)},
	"points.burned":      {title: say(points), detail: say(order)},
	"appointment.booked": {title: say(store, topic)},
	"appointment.kept":   {title: say(store, topic)},
	"appointment.missed": {title: say(store, topic)},
}

func kind(f *Facts) Text { return Word(f.Kind) }
