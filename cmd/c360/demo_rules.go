package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/c360hq/c360/cmd/c360/demo"
)

// decideDemo puts the segments and the churn policy of the made-up company in, as its people would: over the API. They hold
// since the company's first day, so that there is history to look at. What somebody has changed since stays as it is.
func decideDemo(ctx context.Context, a *api, plan demo.Plan) error {
	rules, since := demo.Definitions(plan), plan.Start().UTC().Format(time.RFC3339)
	for _, d := range rules.Segments {
		if err := decideRule(ctx, a, "/v1/segments/", d, since); err != nil {
			return err
		}
	}
	return decideRule(ctx, a, "/v1/churn/policies/", rules.Churn, since)
}

func decideRule(ctx context.Context, a *api, path string, d demo.Definition, since string) error {
	if a.call(ctx, http.MethodGet, path+escaped(d.Name), nil, nil) == nil {
		return nil // it was put in by an earlier start
	}
	body := map[string]any{"title": d.Title, "rule": d.Rule, "since": since}
	if err := a.call(ctx, http.MethodPut, path+escaped(d.Name), body, nil); err != nil {
		return fmt.Errorf("define %s for the demo: %w", d.Name, err)
	}
	return nil
}
