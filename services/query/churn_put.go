package query

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/services/query/churns"
	"github.com/c360hq/c360/services/web"
)

// putChurnPolicy says what a policy is from now on.
func (s *Service) putChurnPolicy(ctx context.Context, p *churnPolicyParams, q *churns.PolicyRequest) (*churns.PolicyAccepted, error) {
	if err := s.noChurn(); err != nil {
		return nil, err
	}
	if !isPolicyName(p.Name) {
		return nil, web.Wrong(http.StatusBadRequest, "name a policy with lower-case letters, digits and hyphens between them, at most 64").At("?name")
	}
	w, err := s.checkPolicy(q)
	if err != nil {
		return nil, err
	}
	if err := s.policyClash(ctx, p.Name); err != nil {
		return nil, err
	}
	w.Actor = s.actor(ctx)
	return s.writePolicy(ctx, p.Name, w, q.Position, false)
}

// policyClash refuses a name that rows cannot keep apart from that of another policy, of now or before.
func (s *Service) policyClash(ctx context.Context, name string) error {
	return s.in(ctx, func(v projections.View) error {
		set, err := s.churns.Rules(ctx, v)
		if err != nil {
			return err
		}
		if other, clashes := set.Clash(name); clashes {
			return nameTaken(other)
		}
		return nil
	})
}

// checkPolicy reads what is to be a policy, and writes its rule down with every member.
func (s *Service) checkPolicy(q *churns.PolicyRequest) (w churns.Writing, err error) {
	if len(q.Title.Ko) > maxTitle || len(q.Title.En) > maxTitle {
		return w, web.Wrong(http.StatusBadRequest, fmt.Sprintf("a title is longer than %d bytes; shorten it", maxTitle)).At("/title")
	}
	if len(q.Rule) == 0 {
		return w, web.Wrong(http.StatusBadRequest, "rule is missing: give a policy with one of rhythm, decline and model").At("/rule")
	}
	policy, err := policyOf(q.Rule)
	if err != nil {
		return w, err
	}
	if w.Rule, err = policy.Marshal(); err != nil {
		return w, fmt.Errorf("write down a policy: %w", err)
	}
	w.Title = q.Title
	w.Since, err = s.since(q.Since)
	return w, err
}

// policyOf reads a policy of a request, at /rule.
func policyOf(rule []byte) (churn.Policy, error) {
	policy, err := churn.Parse(rule)
	if err == nil {
		_, err = churn.Compile(policy)
	}
	var wrong *churn.PolicyError
	if errors.As(err, &wrong) {
		detail := "the policy " + wrong.Problem
		if wrong.Pointer != "" {
			detail = wrong.Pointer[strings.LastIndexByte(wrong.Pointer, '/')+1:] + ": " + wrong.Problem
		}
		return policy, web.Wrong(http.StatusBadRequest, detail).At("/rule" + wrong.Pointer)
	}
	return policy, err
}

// isPolicyName reports whether a policy may be called so.
func isPolicyName(name string) bool {
	return name != "" && len(name) <= 64 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" &&
		!strings.HasPrefix(name, "-") && !strings.HasSuffix(name, "-")
}

// removeChurnPolicy ends a policy.
func (s *Service) removeChurnPolicy(ctx context.Context, p *churnPolicyParams, _ *none) (*churns.PolicyAccepted, error) {
	if err := s.noChurn(); err != nil {
		return nil, err
	}
	w := churns.Writing{Removed: true}
	w.Actor = s.actor(ctx)
	return s.writePolicy(ctx, p.Name, w, 0, false)
}

// writePolicy appends what a policy is from now on, unless it is that already. Two people who do so at once are told apart
// by the version of the stream. Only what a calibration wrote is written over by one (mine).
func (s *Service) writePolicy(ctx context.Context, name string, w churns.Writing, seen events.Position, mine bool) (*churns.PolicyAccepted, error) {
	for range decisionRetries {
		all, err := s.policyEvents(ctx, name)
		if err != nil {
			return nil, err
		}
		last, err := s.lastPolicy(all, w, seen, mine)
		if err != nil {
			return nil, err
		}
		if len(all) > 0 && churns.Says(&all[len(all)-1], &w) {
			return &churns.PolicyAccepted{Name: name, Position: last.Position}, nil // it stands already
		}
		if w.Removed {
			w.Title = last.Title
		}
		result, err := s.appendPolicy(ctx, name, w, last)
		if err != nil || result.Outcome == events.Appended {
			return &churns.PolicyAccepted{Name: name, Position: result.Position, Changed: true}, err
		}
	}
	return nil, web.Wrong(http.StatusServiceUnavailable, "this policy is being changed by too many at once; try again").After(1)
}

// lastPolicy is the last word on a policy, if another may follow it.
func (s *Service) lastPolicy(all []events.Recorded, w churns.Writing, seen events.Position, mine bool) (last churns.Last, err error) {
	if len(all) > 0 {
		last = churns.LastOf(&all[len(all)-1])
	}
	switch {
	case w.Removed && len(all) == 0:
		return last, noPolicy()
	case seen > 0 && last.Position > seen:
		return last, web.Wrong(http.StatusConflict, fmt.Sprintf(
			"somebody else changed this policy at position %d, after what you saw; read it again and decide anew", last.Position)).At("/position")
	case mine && len(all) > 0 && last.Actor != churns.Calibrated:
		return last, web.Wrong(http.StatusConflict, "a person defined or removed this policy, which a calibration does not write over; "+
			"PUT /v1/churn/policies/default with the rule of the answer if you want to").At("/apply")
	case !w.Since.IsZero() && !w.Since.After(last.From) && len(all) > 0 && !churns.Says(&all[len(all)-1], &w):
		return last, web.Wrong(http.StatusConflict, "the version before holds since "+last.From.UTC().Format(time.RFC3339Nano)+
			"; give a later since, or leave it out").At("/since")
	}
	return last, nil
}

func (s *Service) appendPolicy(ctx context.Context, name string, w churns.Writing, last churns.Last) (events.Result, error) {
	eventType, data, err := w.Data()
	if err != nil {
		return events.Result{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return events.Result{}, fmt.Errorf("make an event id: %w", err)
	}
	now := s.now().UTC()
	results, err := s.log.Append(ctx, events.Entry{
		Stream: churn.Stream + name, Expected: events.Version(last.Position),
		Event: events.Event{
			ID: id.String(), Source: decisionSource, Type: eventType, Time: last.Next(now), Received: now, Channel: events.ChannelOther, Data: data,
		},
	})
	if err != nil {
		return events.Result{}, fmt.Errorf("append a churn policy: %w", err)
	}
	return results[0], nil
}
