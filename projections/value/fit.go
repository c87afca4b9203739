package value

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/c360hq/c360/events"
)

// What a fit needs at least.
const (
	NeedCustomers  = 100
	NeedRepeaters  = 30
	intervalFactor = 1.959963984540054 // of a normal distribution, 95 %
)

// ErrTooLittle is what a [TooLittleError] is.
var ErrTooLittle = errors.New("too little data")

// TooLittleError says what is missing.
type TooLittleError struct {
	Customers, Repeaters int64
}

// Error says what there is and what is needed.
func (e *TooLittleError) Error() string { return e.Text().En }

// Is reports whether the target is [ErrTooLittle].
func (e *TooLittleError) Is(target error) bool { return target == ErrTooLittle }

// Text says it to people.
func (e *TooLittleError) Text() events.Text {
	return events.Text{
		Ko: fmt.Sprintf("자료가 부족합니다: 구매 고객 %d명 중 재구매 %d명입니다. %d명과 %d명이 필요하니 더 긴 기간을 고르거나 구매가 쌓인 뒤 다시 하십시오.", e.Customers, e.Repeaters, NeedCustomers, NeedRepeaters),
		En: fmt.Sprintf("too little data: %d customers, %d of whom bought again; it takes %d and %d: take a longer time, or wait for more purchases", e.Customers, e.Repeaters, NeedCustomers, NeedRepeaters),
	}
}

// Param is a fitted parameter.
type Param struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	// StdErr is its standard error and Low and High are the ends of its 95 % interval, from the observed information by the
	// parameter's logarithm. All are 0 if the data does not tell.
	StdErr float64 `json:"std_err,omitzero"`
	Low    float64 `json:"low,omitzero"`
	High   float64 `json:"high,omitzero"`
}

// Fit finds the parameters of a model that make a sample likeliest. The error is a [TooLittleError], or says which model or
// summary there is not. What it returns has no holdout, no times and no spending; see [Calibration].
func Fit(m Model, s *Sample) (*Fitted, error) {
	f, err := m.family()
	if err != nil {
		return nil, err
	}
	if s.Customers < NeedCustomers || s.Repeaters < NeedRepeaters {
		return nil, &TooLittleError{s.Customers, s.Repeaters}
	}
	if err := s.possible(); err != nil {
		return nil, err
	}
	best, err := s.fit(f)
	if err != nil {
		return nil, err
	}
	never, err := s.fit(negativeBinomial)
	if err != nil {
		return nil, err
	}
	return &Fitted{
		Model: m, Params: paramsOf(f.names, best), LogLikelihood: best.value, NoDropout: never.value,
		Customers: s.Customers, Repeaters: s.Repeaters, Identifiable: dropoutVerdict(f, best, never.value),
	}, nil
}

// fit finds the peak on some of the cells, if there are many, and from there that of all.
func (s *Sample) fit(f family) (peak, error) {
	all := newGrid(s, 1)
	some := all
	if every := len(s.cells) / coarse; every > 1 {
		some = newGrid(s, every)
	}
	on := func(g *grid) likelihood {
		return func(theta []float64) float64 { return g.logLikelihood(f.law(exps(theta))) }
	}
	return maximise(on(some), on(all), f.starts(s.pace()))
}

// paramsOf names the parameters at a peak. The standard error of a parameter is that of its logarithm times the parameter.
func paramsOf(names []string, p peak) []Param {
	list := make([]Param, len(names))
	for i, name := range names {
		v := math.Exp(p.theta[i])
		list[i] = Param{Name: name, Value: v}
		if p.cov == nil {
			continue
		}
		if se := math.Sqrt(p.cov.At(i, i)); se < widest {
			list[i].StdErr, list[i].Low, list[i].High = v*se, v*math.Exp(-intervalFactor*se), v*math.Exp(intervalFactor*se)
		}
	}
	return list
}

// widest is the standard error of a logarithm from which on an interval says nothing: its ends are 10^17 times apart.
const widest = 10

// Verdict says whether the data tells what a model asks of it.
type Verdict struct {
	OK bool `json:"ok"`
	// Why says it to people.
	Why events.Text `json:"why"`
}

// Drop-out is told if the model beats the one in which nobody drops out by more than chance does (a likelihood ratio of
// two parameters, 5 %: half of χ² = 5.991), the likelihood is curved in all directions, and the mean drop-out rate is
// known within a factor of e² either way.
const (
	gainNeeded = 5.991 / 2
	rateNeeded = 1.0
)

func dropoutVerdict(f family, p peak, never float64) Verdict {
	switch gain := p.value - never; {
	case gain < gainNeeded:
		return Verdict{false, events.Text{
			Ko: fmt.Sprintf("이탈을 구분할 수 없습니다. 아무도 이탈하지 않는다고 보아도 똑같이 설명됩니다(로그우도 차이 %.2f, 필요 %.2f). 이탈 확률 대신 구매 간격을 보십시오.", gain, gainNeeded),
			En: fmt.Sprintf("drop-out is not identifiable: that nobody ever drops out explains the data as well (log-likelihood gain %.2f, needed %.2f); look at silence, not at the probability of being alive", gain, gainNeeded),
		}}
	case p.cov == nil:
		return Verdict{false, events.Text{
			Ko: "이탈을 구분할 수 없습니다. 모수가 한계로 흘러가 우도가 평평합니다.",
			En: "drop-out is not identifiable: the likelihood is flat, a parameter runs to its limit",
		}}
	}
	if se := leavingError(f, p); se > rateNeeded {
		return Verdict{false, events.Text{
			Ko: fmt.Sprintf("이탈을 구분할 수 없습니다. 평균 이탈률의 95%% 구간이 위아래로 %.0f배입니다.", math.Exp(intervalFactor*se)),
			En: fmt.Sprintf("drop-out is not identifiable: the mean drop-out rate is only known within a factor of %.0f either way", math.Exp(intervalFactor*se)),
		}}
	}
	return Verdict{true, events.Text{Ko: "이탈을 구분할 수 있습니다.", En: "drop-out is identifiable"}}
}

// leavingError is the standard error of the logarithm of the mean drop-out rate, by the delta method.
func leavingError(f family, p peak) float64 {
	g := f.leaving(exps(p.theta))
	v := mat.NewVecDense(len(g), g)
	return math.Sqrt(mat.Inner(v, p.cov, v))
}
