package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/segment"
)

// manySegments is how many segments are active while projection is measured.
const manySegments = 100

// compareSegments is projection with many active segments beside projection without the segment room.
func (o Options) compareSegments(ctx context.Context, t *table, dir string) error {
	load := newTraffic(o.Seed, o.Engine, now())
	if err := defineMany(ctx, dir, load.start); err != nil {
		return err
	}
	if _, err := throughTheDoor(ctx, dir, load, o.Engine, shape{100, 16}); err != nil {
		return err
	}
	var rounds []pair
	for i := range o.Rounds {
		p, err := o.segmentsBeside(ctx, dir, i)
		if err != nil {
			return err
		}
		rounds = append(rounds, p)
	}
	m := middle(rounds)
	t.ratio(fmt.Sprintf("projection with %d active segments", manySegments), m.ours, m.raw, "without", "≥ 0.7")
	return nil
}

func (o Options) segmentsBeside(ctx context.Context, dir string, round int) (p pair, err error) {
	log, err := openLog(ctx, dir)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	var without []projections.Room
	for _, room := range o.Rooms {
		if room.Name() != "segment" {
			without = append(without, room)
		}
	}
	if p.ours, err = foldDefined(ctx, log, filepath.Join(dir, fmt.Sprintf("with-%d.db", round)), o.Rooms); err != nil {
		return p, err
	}
	p.raw, err = foldDefined(ctx, log, filepath.Join(dir, fmt.Sprintf("without-%d.db", round)), without)
	return p, err
}

// foldDefined folds the definitions, which nobody stands under yet, and measures folding the rest.
func foldDefined(ctx context.Context, log events.Log, path string, rooms []projections.Room) (rate float64, err error) {
	store, err := openStore(ctx, path, rooms, false)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	engine := newEngine(log, store, rooms)
	if err := errors.Join(engine.RunTo(ctx, manySegments), engine.SweepAll(ctx)); err != nil {
		return 0, err
	}
	head, err := log.Head(ctx)
	if err != nil {
		return 0, err
	}
	began := now()
	err = engine.RunTo(ctx, head.Position)
	return float64(head.Position-manySegments) / now().Sub(began).Seconds(), err
}

// defineMany makes a log that begins with segments of many kinds, no two alike, which began to hold before anything happened.
func defineMany(ctx context.Context, dir string, since time.Time) (err error) {
	log, err := openLog(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	for i := range manySegments {
		_, err := log.Append(ctx, events.Entry{Stream: fmt.Sprintf("%sbench-%d", segment.Stream, i), Event: events.Event{
			Source: "c360", ID: fmt.Sprintf("bench-segment-%d", i), Type: segment.Defined, Channel: events.ChannelOther,
			Time: since, Received: since, Data: fmt.Appendf(nil, `{"rule":%s}`, ruleOf(i)),
		}})
		if err != nil {
			return fmt.Errorf("define a segment: %w", err)
		}
	}
	return nil
}

// ruleOf returns the rule of segment i.
func ruleOf(i int) string {
	n := i/len(kinds) + 1
	return fmt.Sprintf(kinds[i%len(kinds)], n)
}

// kinds are the kinds of rules that people write, each with a number in it.
var kinds = []string{
	`{"event":"product.viewed","count":{">=":3},"within":"%[1]dd"}`,
	`{"event":"order.completed","sum":"amount",">=":%[1]d00000,"within":"365d"}`,
	`{"all":[{"last":"order.completed","ago":{">=":"%[1]d0d"}},{"event":"order.completed","count":{">=":2}}]}`,
	`{"sequence":[{"event":"product.added"},{"event":"order.completed","absent":true}],"within":"%[1]dh","ago":{"<=":"7d"}}`,
	`{"event":"product.viewed","where":[{"field":"category","is":"아우터"}],"count":{">=":%[1]d},"within":"90d"}`,
	`{"all":[{"trait":"tier","in":["gold","platinum"]},{"last":"order.completed","ago":{">=":"%[1]d0d"}}]}`,
	`{"any":[{"first":"order.completed","ago":{"<=":"%[1]dd"}},{"event":"order.completed","where":[{"field":"amount",">=":%[1]d0000}],"within":"30d"}]}`,
	`{"all":[{"consent":"marketing","medium":"sms"},{"trait":"city","is":"서울"},{"trait":"age",">=":%[1]d0}]}`,
	`{"all":[{"event":"product.added","count":{">=":%[1]d},"within":"14d"},{"not":{"event":"order.completed","within":"14d"}}]}`,
	`{"birthday":{"within":"%[1]dd"}}`,
}
