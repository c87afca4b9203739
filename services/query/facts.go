package query

import (
	"strconv"
	"unicode/utf8"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/headline"
)

// maxFact is how long a fact may be in an answer, in bytes; the event itself has the whole.
const maxFact = 400

// factsOf picks the fields that a row shows out of an event.
func factsOf(r *events.Recorded) headline.Facts {
	b := events.DecodeBody(r.Data)
	return bodyFacts(&b)
}

// bodyFacts picks the fields that a row shows.
func bodyFacts(b *events.Body) headline.Facts {
	f := headline.Facts{
		OrderID: cut(b.OrderID), Currency: cut(b.Currency), SKU: cut(b.SKU), Category: cut(b.Category), Store: cut(b.Store),
		Reason: cut(b.Reason + b.Resolution), ErrorCode: cut(b.ErrorCode), Status: cut(b.Status), Method: cut(b.Method),
		CaseID: cut(b.CaseID), InquiryID: cut(b.InquiryID), Subject: cut(b.Subject), Text: cut(b.Text + b.Summary),
		Complaint: b.Complaint, Kind: cut(b.Survey), CallID: cut(b.CallID), Agent: cut(b.Agent), Topic: cut(b.Topic), Menu: cut(b.Menu),
		Direction: cut(b.Direction), DurationS: whole(b.Duration), WaitS: whole(b.Wait), Score: number(b.Score), Scale: whole(b.Scale),
		Medium: cut(b.Medium), Campaign: cut(b.Campaign), Template: cut(b.Template), Coupon: cut(b.Coupon), Purpose: cut(b.Purpose),
		Tier: cut(b.Tier), Previous: cut(b.Previous), Points: whole(b.Points), Query: cut(b.Query), Title: cut(b.Title), Path: cut(b.Path),
		Step: cut(b.Step), Carrier: cut(b.Carrier), TrackingNo: cut(b.TrackingNo), NoteID: cut(b.NoteID), Author: cut(b.Author),
		Total: amountOf(b), Item: cut(b.Name), ItemsCount: len(b.Items),
	}
	if len(b.Items) > 0 && f.Item == "" {
		f.Item, f.SKU = cut(b.Items[0].Name), cut(b.Items[0].SKU)
	}
	if b.HasResolved {
		resolved := b.Resolved
		f.Resolved = &resolved
	}
	return f
}

// amountOf returns the amount an event is about, under whichever name it came.
func amountOf(b *events.Body) events.Money {
	switch {
	case b.HasTotal:
		return b.Total
	case b.HasAmount:
		return b.Amount
	}
	return b.Price
}

func whole(literal string) int {
	n, err := strconv.ParseFloat(literal, 64)
	if err != nil || n < -1e9 || n > 1e9 {
		return 0
	}
	return int(n)
}

func number(literal string) *float64 {
	n, err := strconv.ParseFloat(literal, 64)
	if err != nil {
		return nil
	}
	return &n
}

// cut shortens a text to maxFact bytes, at a letter.
func cut(s string) string {
	if len(s) <= maxFact {
		return s
	}
	end := maxFact
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
