// Package headline writes one event down as a person would say it, in Korean and in English: a title ("주문 완료 ·
// 캐시미어 니트 외 1건") and a detail line ("₩189,000 · ORD-87950"), and gives it a tone (plain, good, bad).
//
// It is no translation system: stored facts stay codes and numbers, and these templates are typed functions over
// [Facts], so a field that is renamed fails the compile. The plain name of a type comes from the catalogue of
// package events; a type without a template, or one nobody has heard of, is shown by that name.
package headline
