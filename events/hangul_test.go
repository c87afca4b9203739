package events_test

import "unicode"

// hangulSyllables is the range of the composed Hangul syllables.
var hangulSyllables = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}}}
