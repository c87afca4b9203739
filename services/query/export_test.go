package query

// GroupOf is how like events become one row.
var GroupOf = group

// MaxBehind is how many events a listener may be behind.
const MaxBehind = maxBehind
