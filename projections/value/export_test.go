package value

// LogRising is tested on its own.
func LogRising(a, n float64) float64 { return logRising(a, n) }
