package value_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/value"
)

// millionSeed makes the million customers of the benchmarks.
const millionSeed = 4

// synthetic draws customers of a Pareto/NBD shop in its second year: r .6, α 8, s .5, β 20 in weeks, watched for 1 to 730
// days, and amounts from Gamma-Gamma (p 6, q 4, γ 15).
func synthetic(seed uint64, customers int) *value.Sample {
	dice := rand.New(rand.NewPCG(seed, 1))
	s := value.NewSample()
	for range customers {
		s.Add(drawn(dice))
	}
	return s
}

func drawn(dice *rand.Rand) value.Summary {
	rate, leave := gamma(dice, 0.6)/8/7, gamma(dice, 0.5)/20/7 // a day
	age := 1 + dice.IntN(730)
	end := min(float64(age), dice.ExpFloat64()/leave)
	s := value.Summary{T: float64(age) / 7}
	scale := gamma(dice, 4) / 15
	for at, last := dice.ExpFloat64()/rate, 0; at < end; at += dice.ExpFloat64() / rate {
		if day := int(math.Ceil(at)); day > last {
			last = day
			s.X, s.Tx = s.X+1, float64(day)/7
			s.Spend += events.Money(gamma(dice, 6) / scale * 10000)
		}
	}
	if s.X > 0 {
		s.Mean = float64(s.Spend) / 10000 / float64(s.X)
	}
	return s
}

// gamma draws from Gamma(shape, 1) (Marsaglia & Tsang 2000).
func gamma(dice *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(dice, shape+1) * math.Pow(dice.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := dice.NormFloat64()
		v := (1 + c*x) * (1 + c*x) * (1 + c*x)
		if v > 0 && math.Log(1-dice.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// Parameters that made the customers are found again.
func TestFitFindsWhatMadeThem(t *testing.T) {
	t.Parallel()
	t.Logf("seed %d", millionSeed)
	s := synthetic(millionSeed, 8000)
	f, err := value.Fit(value.ParetoNBD, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", f.Params)
	for i, want := range []float64{0.6, 8, 0.5, 20} {
		if p := f.Params[i]; math.Abs(p.Value-want) > 4*p.StdErr+0.1*want {
			t.Errorf("%s is %v ± %v; %v made the customers", p.Name, p.Value, p.StdErr, want)
		}
	}
	g, err := value.FitSpend(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", g)
	for i, want := range []float64{6, 4, 15} {
		if p := g.Params[i]; math.Abs(p.Value-want) > 4*p.StdErr {
			t.Errorf("%s is %v ± %v; %v made the customers", p.Name, p.Value, p.StdErr, want)
		}
	}
}

func BenchmarkFitCDNOW(b *testing.B) {
	lines, ok := cdnow(b)
	if !ok {
		b.Skip("no data")
	}
	s := calibrate(b, lines).Sample()
	benchmarkFits(b, s)
}

func BenchmarkFitMillion(b *testing.B) {
	b.Logf("seed %d", millionSeed)
	benchmarkFits(b, synthetic(millionSeed, 1_000_000))
}

func benchmarkFits(b *testing.B, s *value.Sample) {
	b.Helper()
	for _, m := range value.Models() {
		b.Run(string(m), func(b *testing.B) {
			for b.Loop() {
				f, err := value.Fit(m, s)
				if err != nil {
					b.Fatal(err)
				}
				b.Logf("%+v, log-likelihood %.2f", f.Params, f.LogLikelihood)
			}
		})
	}
	b.Run("gamma_gamma", func(b *testing.B) {
		for b.Loop() {
			if _, err := value.FitSpend(s); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// One customer's forecast with its interval, as a page asks for it.
func BenchmarkForecast(b *testing.B) {
	for _, m := range value.Models() {
		l, err := value.NewLaw(m, published[m].params...)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(m), func(b *testing.B) {
			for b.Loop() {
				s := value.Summary{X: 7, Tx: 20, T: 31}
				l.Expected(s, 26)
				l.Interval(s, 26, 0.9)
			}
		})
	}
}
