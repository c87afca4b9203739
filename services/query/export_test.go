package query

// GroupOf is how like events become one row.
var GroupOf = group

// ParsePlace reads the cursor of a search.
var ParsePlace = parsePlace

// MaxBehind is how many events a listener may be behind.
const MaxBehind = maxBehind
