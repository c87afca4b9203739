package query

// GroupOf is how like events become one row.
var GroupOf = group

// ParsePlace reads the cursor of a search.
var ParsePlace = parsePlace
