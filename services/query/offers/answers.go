package offers

import (
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// OfferModel says what counts rest on. They follow the log by a moment.
type OfferModel struct {
	Position   events.Position `json:"position" doc:"everything up to this position of the log is counted"`
	Generation string          `json:"generation" doc:"the generation that was counted"`
	Customers  int             `json:"customers" doc:"who were counted, with those who bought nothing"`
	Share      float64         `json:"share" doc:"of all customers, who were counted: 1 is everybody; of more than 100,000 a fair sample is"`
	Buyers     int             `json:"buyers"`
	Baskets    int             `json:"baskets" doc:"orders that stand, without what came back of them"`
	Products   int             `json:"products" doc:"that were bought at all"`
	Bytes      int             `json:"bytes" doc:"about how much memory the counts take"`
}

// OfferProduct is a product as most of what was told of it says. What nobody told is empty, a price that nobody told is 0.
type OfferProduct struct {
	SKU      string       `json:"sku"`
	Name     string       `json:"name" doc:"as the latest events call it; empty if they do not"`
	Category string       `json:"category"`
	Brand    string       `json:"brand"`
	Price    events.Money `json:"price"`
	Currency string       `json:"currency"`
}

// OfferCounts are how often two things are found together, and whether that is more than chance.
type OfferCounts struct {
	Both       int     `json:"both" doc:"baskets, or customers, with both sides"`
	With       int     `json:"with" doc:"with the left side: what was asked about, or what the reason is"`
	Of         int     `json:"of" doc:"with the right side: what is offered"`
	All        int     `json:"all" doc:"baskets, or customers, there are"`
	Support    float64 `json:"support" doc:"both / all"`
	Confidence float64 `json:"confidence" doc:"both / with"`
	Lift       float64 `json:"lift" doc:"how many times as often as if the two had nothing to do with each other; not what is ranked by"`
	PValue     float64 `json:"p_value" doc:"the chance of as many or more with both if they had nothing to do with each other (Fisher's exact test, one-sided)"`
	QValue     float64 `json:"q_value" doc:"p_value corrected for how many were looked at; the smaller, the surer"`
}

// OfferPair is a product that goes with another one.
type OfferPair struct {
	OfferProduct
	OfferCounts
	Reason events.Text `json:"reason"`
}

// OfferTiming says after how many days a product is bought again, by those who do.
type OfferTiming struct {
	Customers int `json:"customers" doc:"who have a rhythm with it"`
	Quarter   int `json:"quarter_days" doc:"a quarter of them buy again within so many days"`
	Median    int `json:"median_days"`
	Most      int `json:"most_days" doc:"three quarters of them do"`
}

// OfferUpSell is a dearer product of the same category that customers who bought the one also bought.
type OfferUpSell struct {
	OfferProduct
	OfferCounts
	From     OfferProduct    `json:"from" doc:"what it would take the place of"`
	Tier     int             `json:"tier" doc:"third of the category by price, 1 to 3"`
	FromTier int             `json:"from_tier"`
	Uplift   events.Money    `json:"uplift" doc:"what a customer who bought the one is expected to spend more"`
	Reason   events.Text     `json:"reason"`
	Evidence []OfferEvidence `json:"evidence" doc:"the customer's own orders, if it is for a customer"`
}

// TogetherAnswer says what goes with a product.
type TogetherAnswer struct {
	Product    OfferProduct    `json:"product"`
	Together   []OfferPair     `json:"together" doc:"in one basket more often than chance has it, most alike first; counts are baskets"`
	AlsoBought []OfferPair     `json:"also_bought" doc:"the same of all that one customer bought; counts are customers"`
	UpSell     []OfferUpSell   `json:"up_sell" doc:"dearer ones of the same category that its buyers also bought, what is expected to bring most first"`
	Again      *OfferTiming    `json:"again" doc:"when it is bought again; null if too few do"`
	Model      OfferModel      `json:"model"`
	Position   events.Position `json:"position" doc:"position of the log that the answer is true at"`
}

// ProductsAnswer lists products.
type ProductsAnswer struct {
	Products []ProductLine   `json:"products" doc:"what sells best lately first, then what sold best at all"`
	Found    int             `json:"found" doc:"how many match, with those beyond the limit"`
	Model    OfferModel      `json:"model"`
	Position events.Position `json:"position"`
}

// ProductLine is one product in a list.
type ProductLine struct {
	OfferProduct
	Baskets int `json:"baskets" doc:"how many had it, ever"`
	Recent  int `json:"recent" doc:"how many had it in the last days; see recent_days of the model's settings, 30 as a rule"`
}

// RulesAnswer lists association rules.
type RulesAnswer struct {
	Rules         []OfferRule     `json:"rules" doc:"the surest first: by confidence, then by how many baskets have both sides"`
	Found         int             `json:"found" doc:"how many there are, with those beyond the limit"`
	Of            string          `json:"of" enum:"products,categories"`
	MinSupport    float64         `json:"min_support"`
	MinConfidence float64         `json:"min_confidence"`
	Model         OfferModel      `json:"model"`
	Position      events.Position `json:"position"`
}

// OfferRule says that baskets with some things often have another one too.
type OfferRule struct {
	If   []OfferThing `json:"if"`
	Then OfferThing   `json:"then"`
	OfferCounts
	Significant bool        `json:"significant" doc:"whether q_value is small enough to be put up with"`
	Reason      events.Text `json:"reason"`
}

// OfferThing is one side of a rule: an article number with its name, or a category.
type OfferThing struct {
	Key  string `json:"key" doc:"article number or category"`
	Name string `json:"name" doc:"name of the product; of a category the category"`
}

// OfferEvidence is an event that something follows from.
type OfferEvidence struct {
	Position events.Position `json:"position" doc:"of the event in the log; 0 if the log does not show it"`
	Type     string          `json:"type"`
	Time     time.Time       `json:"time"`

	ref history.Ref
}

// RecommendationsAnswer says what one customer may want next. The customer's side is as of the moment asked for: nothing
// they did later has a part in it. What others do together is that of the model.
type RecommendationsAnswer struct {
	Customer        uuid.UUID       `json:"customer"`
	Recommendations []Offer         `json:"recommendations" doc:"new to the customer, the best first"`
	Again           []OfferAgain    `json:"again" doc:"what the customer is due to buy again within the days asked for, the most overdue first"`
	UpSell          []OfferUpSell   `json:"up_sell"`
	LeftOut         []OfferLeftOut  `json:"left_out" doc:"what would be recommended, but for a not-again rule"`
	Interests       []OfferInterest `json:"interests" doc:"categories the customer cares about, most first"`
	Brands          []OfferInterest `json:"brands"`
	Popular         []OfferPopular  `json:"popular" doc:"the plain baseline: what sells best and is new to the customer"`
	Cold            bool            `json:"cold" doc:"true: nothing is known that the customer has, so the recommendations are what everybody buys"`
	Model           OfferModel      `json:"model"`
	Position        events.Position `json:"position" doc:"position of the log that the customer's side is true at"`
}

// OfferPopular is a product that sells.
type OfferPopular struct {
	OfferProduct
	Recent int `json:"recent" doc:"in how many baskets of the last days it was"`
}

// Offer is one product that fits, and why.
type Offer struct {
	OfferProduct
	Place        int           `json:"place" doc:"from 1"`
	Kind         string        `json:"kind" enum:"fits,popular" doc:"fits: it follows from what the customer has; popular: it is there because it sells"`
	Score        float64       `json:"score" doc:"orders the list; only its order has a meaning"`
	Recent       int           `json:"recent" doc:"in how many baskets of the last days it was"`
	PopularPlace int           `json:"popular_place" doc:"its place among the best sellers; 0: it did not sell lately"`
	Reason       events.Text   `json:"reason" doc:"why, in a sentence"`
	Why          []OfferReason `json:"why" doc:"what it follows from, the weightiest first"`
}

// OfferReason is a product of the customer's, or of the basket, that an offer follows from.
type OfferReason struct {
	SKU  string `json:"sku"`
	Name string `json:"name"`
	OfferCounts
	Share    float64         `json:"share" doc:"its share in the score, of 1"`
	Text     events.Text     `json:"text"`
	Evidence []OfferEvidence `json:"evidence" doc:"the customer's own orders with it; none of a basket that is not bought yet"`
}

// OfferAgain says when a customer is due to buy something again.
type OfferAgain struct {
	SKU       string          `json:"sku" doc:"empty if it is anything of the category"`
	Name      string          `json:"name"`
	Category  string          `json:"category"`
	Last      time.Time       `json:"last" doc:"when they bought it last"`
	DueOn     string          `json:"due_on" doc:"YYYY-MM-DD in Seoul"`
	Days      int             `json:"days" doc:"the rhythm"`
	Own       bool            `json:"own" doc:"true: the rhythm is the customer's own; false: that of others"`
	Customers int             `json:"customers" doc:"how many others, if it is theirs"`
	Reason    events.Text     `json:"reason"`
	Evidence  []OfferEvidence `json:"evidence"`
}

// OfferLeftOut is something that would be recommended, but for a rule.
type OfferLeftOut struct {
	SKU      string        `json:"sku"`
	Name     string        `json:"name"`
	Rule     string        `json:"rule" doc:"name of the not-again rule: returned, just_bought, durable"`
	Why      events.Text   `json:"why"`
	Evidence OfferEvidence `json:"evidence"`
}

// OfferInterest is how much a customer cares about a category or a brand.
type OfferInterest struct {
	Name      string          `json:"name"`
	Share     float64         `json:"share" doc:"of 1: its share in all that the customer looked at and bought, what was lately counting more"`
	Looks     int             `json:"looks"`
	Purchases int             `json:"purchases"`
	Last      time.Time       `json:"last"`
	Text      events.Text     `json:"text"`
	Evidence  []OfferEvidence `json:"evidence"`
}

// WhoCaresAnswer lists the customers who care about a category, a brand, or a product of theirs that has just arrived.
type WhoCaresAnswer struct {
	SKU       string          `json:"sku,omitempty" doc:"the product that was asked about"`
	Category  string          `json:"category"`
	Brand     string          `json:"brand"`
	Share     float64         `json:"share" doc:"of 1: of all that sold in the last days so much is such; what is assumed of somebody unknown"`
	From      float64         `json:"from" doc:"the score from which on a customer is said to care"`
	Customers []Caring        `json:"customers" doc:"those who care, the highest score first"`
	Caring    int             `json:"caring" doc:"how many care, with those beyond the limit"`
	Asked     int64           `json:"asked" doc:"how many customers were looked at"`
	Model     OfferModel      `json:"model"`
	Position  events.Position `json:"position" doc:"position of the log that the customers' side is true at"`
}

// Caring is one customer who cares.
type Caring struct {
	ID        uuid.UUID       `json:"id"`
	Name      string          `json:"name"`
	Score     float64         `json:"score" doc:"0 to 1"`
	Looks     int             `json:"looks"`
	Purchases int             `json:"purchases"`
	Reason    events.Text     `json:"reason"`
	Evidence  []OfferEvidence `json:"evidence" doc:"the latest of them"`
}

// BasketRequest is a basket that is not bought yet.
type BasketRequest struct {
	Items []string `json:"items" doc:"article numbers, 1 to 100"`
	Limit int      `json:"limit,omitempty" doc:"how many products to offer, 1 to 50; 5 if it is left out"`
}

// BasketAnswer says what is missing from a basket.
type BasketAnswer struct {
	Offers   []Offer         `json:"offers" doc:"what goes with the items, the best first"`
	Items    []OfferProduct  `json:"items" doc:"what was given, each once"`
	Unknown  []string        `json:"unknown" doc:"article numbers among them that nobody ever bought"`
	Cold     bool            `json:"cold" doc:"true: nothing in it was ever bought, so the offers are what everybody buys"`
	Model    OfferModel      `json:"model"`
	Position events.Position `json:"position"`
}

// OfferBrief is what the page of a customer shows of one offer.
type OfferBrief struct {
	SKU      string       `json:"sku"`
	Name     string       `json:"name"`
	Category string       `json:"category"`
	Price    events.Money `json:"price" doc:"0 if none was told"`
	Currency string       `json:"currency"`
	Kind     string       `json:"kind" enum:"fits,popular,again" doc:"fits: it follows from what the customer has; popular: it sells; again: it is due to be bought again"`
	DueOn    string       `json:"due_on,omitempty" doc:"of again: YYYY-MM-DD in Seoul"`
	Reason   events.Text  `json:"reason"`
}
