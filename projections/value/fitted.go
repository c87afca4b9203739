package value

import (
	"fmt"
	"math"
	"time"

	"github.com/go-json-experiment/json"
)

// Fitted is a fitted model, as the event value.fitted carries it. It reads back exactly as it was written.
type Fitted struct {
	Model  Model   `json:"model"`
	Params []Param `json:"params"`
	// LogLikelihood is that of all customers, NoDropout what the best model has in which nobody drops out.
	LogLikelihood float64 `json:"log_likelihood"`
	NoDropout     float64 `json:"log_likelihood_no_dropout"`
	// Customers were fitted to; Repeaters of them bought again.
	Customers int64 `json:"customers"`
	Repeaters int64 `json:"repeaters"`
	// Identifiable says whether the data tells drop-out from mere rarity.
	Identifiable Verdict `json:"identifiable"`
	// CalibratedFrom and CalibratedTo are the first and the last moment whose purchases, in Currency, were used.
	CalibratedFrom time.Time `json:"calibrated_from,omitzero"`
	CalibratedTo   time.Time `json:"calibrated_to,omitzero"`
	Currency       string    `json:"currency,omitzero"`
	// Spend is what one purchase costs, nil if too few bought again at a price.
	Spend *FittedSpend `json:"spend,omitzero"`
	// Holdout says how well a model fitted to the time before foretold the time after, nil if that was not tried.
	Holdout *Report `json:"holdout,omitzero"`
}

// Law returns the model with its parameters.
func (f *Fitted) Law() (*Law, error) {
	params := make([]float64, len(f.Params))
	for i := range params {
		params[i] = f.Params[i].Value
	}
	return NewLaw(f.Model, params...)
}

// JSON writes the model.
func (f *Fitted) JSON() ([]byte, error) {
	if err := f.Validate(); err != nil {
		return nil, err
	}
	return json.Marshal(f, json.Deterministic(true))
}

// ParseFitted reads what JSON wrote. Fields it does not know are refused, and so is what no fit can have said.
func ParseFitted(text []byte) (*Fitted, error) {
	f := &Fitted{}
	if err := json.Unmarshal(text, f, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("a fitted value model: %w", err)
	}
	if err := f.Validate(); err != nil {
		return nil, err
	}
	return f, nil
}

// Validate reports what no fit can have said.
func (f *Fitted) Validate() error {
	m, err := f.Model.family()
	if err != nil {
		return err
	}
	if err := named(f.Params, m.names); err != nil {
		return fmt.Errorf("%s: %w", f.Model, err)
	}
	if f.Spend != nil {
		if err := named(f.Spend.Params, []string{"p", "q", "gamma"}); err != nil {
			return fmt.Errorf("spend: %w", err)
		}
	}
	if f.Customers < f.Repeaters || f.Repeaters < 0 {
		return fmt.Errorf("%d of %d customers cannot have bought again", f.Repeaters, f.Customers)
	}
	return nil
}

func named(params []Param, names []string) error {
	if len(params) != len(names) {
		return fmt.Errorf("there are %d parameters; it takes %v", len(params), names)
	}
	for i, p := range params {
		if p.Name != names[i] {
			return fmt.Errorf("parameter %d is %q; it takes %v, in that order", i, p.Name, names)
		}
		if !(p.Value > 0) || math.IsInf(p.Value, 1) {
			return fmt.Errorf("parameter %s is %v; it must be a positive number", p.Name, p.Value)
		}
	}
	return nil
}
