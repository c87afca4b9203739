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

// bodyDecoder keeps the JSON methods off Body.
type bodyDecoder Body

// UnmarshalJSONFrom reads the object that d is at.
func (b *bodyDecoder) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return eachMember(d, func(name []byte) error { return (*Body)(b).member(d, name) })
}

// eachMember calls member with the quoted name of every member of the object that d is at; member reads the value.
func eachMember(d *jsontext.Decoder, member func(name []byte) error) error {
	if d.PeekKind() != '{' {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadValue()
		if err != nil {
			return err
		}
		if err := member(name); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func (b *Body) member(d *jsontext.Decoder, name []byte) error {
	switch string(name) {
	case `"items"`:
		return b.items(d)
	case `"traits"`:
		return b.traits(d)
	}
	text, money, flag := b.text(name), (*Money)(nil), (*bool)(nil)
	var given *bool
	if text == nil {
		if money, given = b.money(name); money == nil {
			flag = b.flag(name)
		}
	}
	if text == nil && money == nil && flag == nil {
		return d.SkipValue()
	}
	v, err := d.ReadValue()
	switch {
	case err != nil:
		return err
	case text != nil:
		*text = textOf(v)
	case flag != nil:
		*flag = v.Kind() == 't'
		b.HasResolved = b.HasResolved || flag == &b.Resolved && v.Kind() != 'n'
	default:
		m, ok := ParseMoney(string(v))
		*money = m
		if given != nil {
			*given = ok
		}
	}
	return nil
}

// money returns where the money field of that name goes and where it is noted that it was given.
func (b *Body) money(name []byte) (field *Money, given *bool) {
	switch string(name) {
	case `"total"`:
		return &b.Total, &b.HasTotal
	case `"amount"`:
		return &b.Amount, &b.HasAmount
	case `"price"`:
		return &b.Price, &b.HasPrice
	case `"discount"`:
		return &b.Discount, nil
	}
	return nil, nil
}

func (b *Body) flag(name []byte) *bool {
	switch string(name) {
	case `"resolved"`:
		return &b.Resolved
	case `"complaint"`:
		return &b.Complaint
	case `"pinned"`:
		return &b.Pinned
	}
	return nil
}

// text returns where the text or number field of that name goes.
func (b *Body) text(name []byte) *string {
	switch string(name) {
	case `"order_id"`:
		return &b.OrderID
	case `"currency"`:
		return &b.Currency
	case `"store"`:
		return &b.Store
	case `"coupon"`:
		return &b.Coupon
	case `"method"`, `"payment_method"`:
		return &b.Method
	case `"status"`:
		return &b.Status
	case `"carrier"`:
		return &b.Carrier
	case `"tracking_no"`:
		return &b.TrackingNo
	case `"sku"`:
		return &b.SKU
	case `"name"`:
		return &b.Name
	case `"category"`:
		return &b.Category
	case `"brand"`:
		return &b.Brand
	case `"query"`:
		return &b.Query
	case `"title"`:
		return &b.Title
	case `"path"`:
		return &b.Path
	case `"url"`:
		return &b.URL
	case `"reason"`:
		return &b.Reason
	case `"error_code"`:
		return &b.ErrorCode
	case `"step"`:
		return &b.Step
	}
	return b.contactText(name)
}

// contactText is text for the fields of calls, inquiries, messages, notes and decisions.
func (b *Body) contactText(name []byte) *string {
	switch string(name) {
	case `"call_id"`:
		return &b.CallID
	case `"direction"`:
		return &b.Direction
	case `"agent"`:
		return &b.Agent
	case `"topic"`:
		return &b.Topic
	case `"summary"`:
		return &b.Summary
	case `"case_id"`:
		return &b.CaseID
	case `"menu"`:
		return &b.Menu
	case `"inquiry_id"`:
		return &b.InquiryID
	case `"subject"`:
		return &b.Subject
	case `"body"`, `"text"`:
		return &b.Text
	case `"resolution"`:
		return &b.Resolution
	case `"priority"`:
		return &b.Priority
	case `"message_id"`:
		return &b.MessageID
	case `"medium"`:
		return &b.Medium
	case `"template"`:
		return &b.Template
	case `"campaign"`:
		return &b.Campaign
	case `"promotion_id"`:
		return &b.Promotion
	case `"purpose"`:
		return &b.Purpose
	case `"text_version"`:
		return &b.TextVersion
	case `"note_id"`:
		return &b.NoteID
	case `"author"`:
		return &b.Author
	case `"tier"`:
		return &b.Tier
	case `"previous"`, `"previous_id"`:
		return &b.Previous
	case `"programme"`:
		return &b.Programme
	case `"interest"`:
		return &b.Interest
	case `"appointment_id"`:
		return &b.Appointment
	case `"at"`:
		return &b.At
	case `"event"`:
		return &b.Original
	case `"score"`:
		return &b.Score
	case `"scale"`:
		return &b.Scale
	case `"duration_s"`:
		return &b.Duration
	case `"wait_s"`:
		return &b.Wait
	case `"points"`:
		return &b.Points
	case `"quantity"`:
		return &b.Quantity
	case `"kind"`:
		return &b.Survey
	case `"a"`:
		return &b.A
	case `"b"`:
		return &b.B
	case `"actor"`:
		return &b.Actor
	}
	return nil
}

func (b *Body) items(d *jsontext.Decoder) error {
	if d.PeekKind() != '[' {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for k := d.PeekKind(); k != ']' && k != 0; k = d.PeekKind() {
		item := Item{Quantity: moneyUnit}
		if err := eachMember(d, func(name []byte) error { return item.member(d, name) }); err != nil {
			return err
		}
		b.Items = append(b.Items, item)
	}
	_, err := d.ReadToken()
	return err
}

func (i *Item) member(d *jsontext.Decoder, name []byte) error {
	v, err := d.ReadValue()
	if err != nil {
		return err
	}
	switch string(name) {
	case `"sku"`:
		i.SKU = textOf(v)
	case `"name"`:
		i.Name = textOf(v)
	case `"category"`:
		i.Category = textOf(v)
	case `"quantity"`:
		i.Quantity, _ = ParseMoney(string(v))
	case `"price"`:
		i.Price, _ = ParseMoney(string(v))
	}
	return nil
}

func (b *Body) traits(d *jsontext.Decoder) error {
	return eachMember(d, func(name []byte) error {
		n := textOf(name)
		v, err := d.ReadValue()
		if err == nil && v.Kind() != 'n' {
			b.Traits = append(b.Traits, Trait{Name: n, Value: string(v)})
		}
		return err
	})
}

// textOf returns the text of a JSON string, the digits of a number, and nothing for the rest.
func textOf(v []byte) string {
	switch {
	case len(v) == 0:
		return ""
	case v[0] == '"':
		s := string(v[1 : len(v)-1])
		if strings.IndexByte(s, '\\') < 0 {
			return s
		}
		u, _ := jsontext.AppendUnquote(nil, v)
		return string(u)
	case v[0] == '-' || v[0] >= '0' && v[0] <= '9':
		return string(v)
	}
	return ""
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
