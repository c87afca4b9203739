package lookalike

// What tests hold against published examples.
var (
	Fisher      = fisher
	FalseShares = falseShares
)
