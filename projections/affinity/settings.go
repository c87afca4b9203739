package affinity

// Settings are what a model is tuned by. They can be written as JSON, so that they may stand in a definition. The defaults are
// meant for every shop: those that rank were chosen on three months of one shop (Online Retail, June to August 2011), in the
// middle of a broad optimum, and nothing is tuned per set of data.
type Settings struct {
	// RecentDays is how far back "what sells now" goes.
	RecentDays int `json:"recent_days"`
	// HalfLifeDays: what a customer bought so many days ago says half as much about what they want next.
	HalfLifeDays float64 `json:"half_life_days"`
	// Shrink is how many buyers of only one of two products are added in thought before two products are called alike.
	Shrink float64 `json:"shrink"`
	// Power is how much more near likeness counts than many far ones: likeness is raised to it before it is added up.
	Power float64 `json:"power"`
	// Trend is how much it matters that a product sells better in the last TrendDays than over all time: 0 not at all.
	Trend     float64 `json:"trend"`
	TrendDays int     `json:"trend_days"`
	// Drivers is how many of a customer's products, the latest, recommendations follow from: 64 is for speed, twice as many
	// rank a little better.
	Drivers int `json:"drivers"`
	// Reasons is how many of them are named as the reasons of one recommendation.
	Reasons int `json:"reasons"`
	// MinBoth is how many baskets or buyers two products need in common before they are said to go together.
	MinBoth int `json:"min_both"`
	// MaxQ is the share of false ones among the pairs said to go together that is put up with.
	MaxQ float64 `json:"max_q"`
	// MinRepeats is how often somebody must have bought a thing again before their rhythm counts, MinRhythms how many such
	// customers a thing needs before it has a rhythm.
	MinRepeats int `json:"min_repeats"`
	MinRhythms int `json:"min_rhythms"`
	// InterestHalfLifeDays is the half-life of interest in a category; a purchase shows PurchaseWeight times as much of it
	// as a look. Doubt is the weight of what everybody buys in what is assumed of one customer.
	InterestHalfLifeDays float64 `json:"interest_half_life_days"`
	PurchaseWeight       float64 `json:"purchase_weight"`
	Doubt                float64 `json:"doubt"`
	// Cares is the score from which on a customer is said to care about a category.
	Cares float64 `json:"cares"`
	// NotAgain says what is not offered again.
	NotAgain []NotAgain `json:"not_again"`
}

// Default returns the settings that are used unless somebody says otherwise.
func Default() Settings {
	return Settings{
		RecentDays: 30, HalfLifeDays: 120, Shrink: 5, Power: 1.5, Trend: 0.5, TrendDays: 14, Drivers: 64, Reasons: 3,
		MinBoth: 3, MaxQ: 0.05, MinRepeats: 2, MinRhythms: 5,
		InterestHalfLifeDays: 60, PurchaseWeight: 5, Doubt: 5, Cares: 0.2,
		NotAgain: DefaultNotAgain(),
	}
}
