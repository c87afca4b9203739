// Package lookalike says what sets one group of customers apart from the rest, and who else is like it.
//
// A [Contrast] compares the two groups feature by feature: what they are (traits), what they do (rates by type, channels),
// what they bought (categories). A [Trainer] fits one transparent model over the same features, a ridge-regularised logistic
// regression; a [Ranking] orders prospects by it and tells for each which features put them where they are.
//
//	histories ──► features ──┬──► Contrast ──► differences, effects, significance, in words
//	                         ├──► Trainer ──► Model with its hold-out error beside plain baselines
//	                         └──► Model ──► Ranking ──► prospects with what drives each
//
// It is no black box and no recommendation what to do: a difference is no cause. A group that was defined by a feature differs
// by that feature; leave such features out ([Options].Leave) to learn something else.
//
// Everything is as of an instant and a function of the set of histories: rows are sorted by customer before they are summed,
// samples are taken by customer id, and nothing is random.
package lookalike
