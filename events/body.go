package events

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Body is the part of an event's Data that read models use, decoded once. Fields a type does not have stay empty.
// The names are those of the catalogue: OrderID is order_id. A number where a text is expected is taken as its digits.
type Body struct {
	// Money. Total also stands for nothing given: HasTotal says whether it was.
	Total, Amount, Price, Discount Money
	HasTotal, HasAmount, HasPrice  bool
	Currency                       string
	Items                          []Item

	OrderID, Store, Coupon, Method, Status, Carrier, TrackingNo string
	SKU, Name, Category, Brand, Query, Title, Path, URL         string
	Reason, ErrorCode, Step                                     string
	CallID, Direction, Agent, Topic, Summary, CaseID, Menu      string
	InquiryID, Subject, Text, Resolution, Priority              string
	MessageID, Medium, Template, Campaign, Promotion            string
	Purpose, TextVersion                                        string
	NoteID, Author, Tier, Previous, Programme, Interest         string
	Appointment, At                                             string
	// Original is the name a custom event had before it became a type.
	Original string
	// Score, Scale, Duration, Wait and Points are JSON number literals.
	Score, Scale, Duration, Wait, Points, Quantity string
	Resolved, Complaint, Pinned                    bool
	// HasResolved says whether Resolved was given.
	HasResolved bool
	// Survey is the kind of a survey, csat or nps.
	Survey string
	// A, B and Actor belong to identity decisions.
	A, B, Actor string
	Traits      []Trait
}

// Item is one line of an order, a basket or a stock movement.
type Item struct {
	SKU, Name, Category string
	// Quantity is in 1/10000, so that a weight is exact too.
	Quantity Money
	Price    Money
}

// Trait is something said about a person. Value is JSON.
type Trait struct {
	Name  string
	Value string
}

// DecodeBody reads the known fields of data; what does not decode is left out.
func DecodeBody(data []byte) Body {
	var b Body
	b.Decode(data)
	return b
}

// Decode is DecodeBody in place: what b held is forgotten, its room is used again. It is for those who look at one
// event after the other and keep none.
func (b *Body) Decode(data []byte) {
	clear(b.Items)
	clear(b.Traits)
	*b = Body{Items: b.Items[:0], Traits: b.Traits[:0]}
	if len(data) > 0 {
		// A fault in the JSON leaves what was read up to it: the log keeps whatever a source sent.
		_ = json.Unmarshal(data, (*bodyDecoder)(b), jsontext.AllowDuplicateNames(true))
	}
	for _, number := range [...]*string{&b.OrderID, &b.InquiryID, &b.CaseID, &b.NoteID} {
		*number = boundNumber(*number)
	}
}

// maxNumber bounds the number that people call a thing by, in bytes. Read models find things by it, and no engine takes keys
// of any length: PostgreSQL's indexes end at 2,704 bytes.
const maxNumber = 512

// boundNumber returns a number that is too long as its beginning and a hash of all of it: two that differ stay two.
func boundNumber(s string) string {
	if len(s) <= maxNumber {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	end := maxNumber - 1 - hex.EncodedLen(len(sum))
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "#" + hex.EncodeToString(sum[:])
}

// Cost is the price of the item times its quantity.
func (i *Item) Cost() Money {
	whole, part := i.Quantity/moneyUnit, i.Quantity%moneyUnit
	return i.Price*whole + i.Price*part/moneyUnit
}

// CurrencyCode returns the currency, KRW if none is given and XXX, which is ISO 4217's code for no currency, if it is not one.
func (b *Body) CurrencyCode() string {
	c := strings.ToUpper(cmp.Or(b.Currency, "KRW"))
	if len(c) != 3 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "XXX"
	}
	return c
}
