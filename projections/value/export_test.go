package value

// LogHyp is the hypergeometric function that the tests hold integrals against.
func LogHyp(a, b, c, z float64) float64 { return logHyp(a, b, c, z) }

// LogRising is tested on its own.
func LogRising(a, n float64) float64 { return logRising(a, n) }
