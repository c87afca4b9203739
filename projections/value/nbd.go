package value

import "math"

// forever is the model in which nobody ever drops out, the NBD (Ehrenberg 1959). It is what the others are held against:
// where they do not do better, drop-out cannot be told.
type forever struct{ r, alpha float64 }

var negativeBinomial = family{
	names:   []string{"r", "alpha"},
	law:     func(p []float64) law { return &forever{p[0], p[1]} },
	starts:  func(gap, _ float64) [][]float64 { return [][]float64{{0.5, gap / 2}, {1, gap}} },
	leaving: func([]float64) []float64 { return []float64{0, 0} },
}

func (f *forever) norm(x float64) float64 { return logRising(f.r, x) }

func (f *forever) curve(x float64, times, alive, dead []float64) {
	for i, t := range times {
		alive[i] = -f.r*math.Log1p(t/f.alpha) - x*math.Log(f.alpha+t)
		dead[i] = math.Inf(-1)
	}
}

func (f *forever) whenever() bool { return false }

func (f *forever) ahead(x, age float64, times, purchases []float64) {
	for i, t := range times {
		purchases[i] = (f.r + x) / (f.alpha + age) * t
	}
}

func (f *forever) atLeast(x, age, t, n float64) float64 {
	return atLeast(f.r+x, f.alpha+age, t, n, func(float64) float64 { return 0 })
}

func (f *forever) tails(x, age, t float64) func() float64 { return wouldMake(f.r+x, f.alpha+age, t) }
