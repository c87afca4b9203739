package headline

// template says what follows the plain name of a type in its title, and what its detail line holds.
type template struct {
	title  []phrase
	detail []phrase
	tone   Tone
}

// Tone says whether an event is good or bad news for the customer.
type Tone string

// The tones of a row; Live is only used by the brief, for a call that is still going on.
const (
	Plain Tone = "plain"
	Good  Tone = "good"
	Bad   Tone = "bad"
	Live  Tone = "live"
)

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
	"payment.approved":        {title: say(total), detail: say(method, order), tone: Good},
	"payment.failed":          {title: say(items), detail: say(total, reason, code, order), tone: Bad},

	"order.completed":     {title: say(items), detail: say(total, store, order), tone: Good},
	"order.updated":       {title: say(order)},
	"order.cancelled":     {title: say(items), detail: say(total, reason, order), tone: Bad},
	"order.refunded":      {title: say(items), detail: say(total, reason, order), tone: Bad},
	"order.status_viewed": {title: say(order), detail: say(status)},
	"order.ready":         {title: say(store), detail: say(order)},
	"order.picked_up":     {title: say(store), detail: say(order), tone: Good},
	"shipment.dispatched": {title: say(order), detail: say(tracking)},
	"shipment.delivered":  {title: say(order), tone: Good},
	"shipment.delayed":    {title: say(order), detail: say(reason), tone: Bad},

	"coupon.issued":     {title: say(coupon), detail: say(campaign)},
	"coupon.applied":    {title: say(coupon), detail: say(order)},
	"coupon.entered":    {title: say(coupon), detail: say(order)},
	"coupon.denied":     {title: say(coupon), detail: say(reason, order), tone: Bad},
	"coupon.removed":    {title: say(coupon), detail: say(order)},
	"coupon.redeemed":   {title: say(coupon), detail: say(order)},
	"promotion.viewed":  {title: say(campaign)},
	"promotion.clicked": {title: say(campaign)},
	"store.visited":     {title: say(store)},

	"call.started":  {title: say(direction, topic), detail: say(agent, menu, waited)},
	"call.answered": {title: say(agent)},
	"call.ended":    {title: say(duration), detail: say(agent, topic, unresolved, text, caseID)},
	"call.missed":   {title: say(topic), tone: Bad},

	"inquiry.opened":   {title: say(subject), detail: say(complaint, text, order, caseID)},
	"inquiry.answered": {title: say(subject), detail: say(agent, text)},
	"inquiry.closed":   {title: say(subject), detail: say(agent, reason)},
	"inquiry.reopened": {title: say(subject), detail: say(caseID), tone: Bad},

	"review.submitted": {title: say(score, item), detail: say(text)},
	"review.answered":  {title: say(item), detail: say(agent, text)},
	"survey.answered":  {title: say(kind, score), detail: say(text, caseID)},

	"message.sent":         {title: say(medium, campaign)},
	"message.delivered":    {title: say(medium, campaign)},
	"message.opened":       {title: say(medium, campaign)},
	"message.clicked":      {title: say(medium, campaign)},
	"message.bounced":      {title: say(medium, campaign), tone: Bad},
	"message.unsubscribed": {title: say(medium), tone: Bad},
	"campaign.received":    {title: say(campaign)},
	"consent.given":        {title: say(purpose, medium)},
	"consent.withdrawn":    {title: say(purpose, medium)},

	"note.added":         {title: say(author), detail: say(text)},
	"tier.changed":       {title: say(tier)},
	"points.earned":      {title: say(points), detail: say(order)},
	"points.burned":      {title: say(points), detail: say(order)},
	"appointment.booked": {title: say(store, topic)},
	"appointment.kept":   {title: say(store, topic)},
	"appointment.missed": {title: say(store, topic), tone: Bad},
}

func kind(f *Facts) Text { return Word(f.Kind) }

// Of says an event: name is the plain name of its type, from the catalogue.
func Of(eventType string, name Text, f *Facts) (title, detail Text) {
	t := templates[eventType]
	if eventType == "order.completed" && f.Store != "" {
		name = Text{Ko: f.Store + " 구매", En: "Purchase at " + f.Store}
	}
	return join(append([]Text{name}, texts(t.title, f)...)...), join(texts(t.detail, f)...)
}

func texts(phrases []phrase, f *Facts) []Text {
	all := make([]Text, len(phrases))
	for i, p := range phrases {
		all[i] = p(f)
	}
	return all
}

// lowShare is the share of its scale up to which an answer counts as unhappy: 2 of 5, 4 of 10.
const lowShare = 0.4

// ToneOf says whether the event is good or bad news.
func ToneOf(eventType string, f *Facts) Tone {
	switch {
	case Unhappy(eventType, f), eventType == "inquiry.opened" && f.Complaint:
		return Bad
	case eventType == "call.ended" && f.Resolved != nil && !*f.Resolved:
		return Bad
	}
	if tone := templates[eventType].tone; tone != "" {
		return tone
	}
	return Plain
}

// Unhappy reports whether the event is a survey answer or a review at the low end of its scale.
func Unhappy(eventType string, f *Facts) bool {
	if eventType != "survey.answered" && eventType != "review.submitted" || f.Score == nil {
		return false
	}
	scale := f.Scale
	if scale <= 0 {
		scale = 5
	}
	return *f.Score <= lowShare*float64(scale)
}
