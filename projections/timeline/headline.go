package timeline

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// maxText is how many bytes of a text a list shows.
const maxText = 200

// headline returns the fields a list shows, as one JSON object, always in the same order.
func headline(t *projections.Touch) string {
	b := &t.Body
	w := writer{out: append(make([]byte, 0, 192), '{')}
	w.order(b)
	w.goods(t.Type, b)
	w.contact(b)
	w.message(b)
	return string(append(w.out, '}'))
}

func (w *writer) order(b *events.Body) {
	w.text("order_id", b.OrderID)
	switch {
	case b.HasTotal:
		w.money(b.Total, b.Currency)
	case b.HasAmount:
		w.money(b.Amount, b.Currency)
	case b.HasPrice:
		w.money(b.Price, b.Currency)
	}
	w.text("store", b.Store)
	w.text("reason", b.Reason)
	w.text("error_code", b.ErrorCode)
	w.text("status", b.Status)
	w.text("method", b.Method)
	w.text("step", b.Step)
	w.text("coupon", b.Coupon)
	w.text("carrier", b.Carrier)
	w.text("tracking_no", b.TrackingNo)
}

// goods names the page, or the product, or the first of several.
func (w *writer) goods(kind string, b *events.Body) {
	switch {
	case len(b.Items) > 0:
		first := &b.Items[0]
		if first.Name == "" {
			w.text("item", first.SKU)
		} else {
			w.text("item", first.Name)
		}
		w.text("sku", first.SKU)
		w.key("items_count")
		w.out = strconv.AppendInt(w.out, int64(len(b.Items)), 10)
	case b.SKU != "":
		w.text("item", b.Name)
		w.text("sku", b.SKU)
	case b.Title == "":
		w.text("title", b.Name)
	}
	w.text("title", b.Title)
	w.text("path", b.Path)
	if strings.HasPrefix(kind, "page.") && b.Path == "" {
		w.text("path", b.URL)
	}
	w.text("category", b.Category)
	w.text("query", b.Query)
}

func (w *writer) contact(b *events.Body) {
	w.text("call_id", b.CallID)
	w.text("direction", b.Direction)
	w.text("menu", b.Menu)
	w.text("topic", b.Topic)
	w.whole("duration_s", b.Duration)
	w.whole("wait_s", b.Wait)
	w.text("inquiry_id", b.InquiryID)
	w.text("case_id", b.CaseID)
	w.text("subject", b.Subject)
	for _, said := range [...]string{b.Text, b.Summary, b.Resolution} {
		if said != "" {
			w.text("text", said)
			break
		}
	}
	w.text("agent", b.Agent)
	w.flag("complaint", b.Complaint, b.Complaint)
	w.flag("resolved", b.Resolved, b.HasResolved)
	w.number("score", b.Score)
	w.whole("scale", b.Scale)
	w.text("kind", b.Survey)
}

func (w *writer) message(b *events.Body) {
	w.text("medium", b.Medium)
	w.text("template", b.Template)
	w.text("campaign", b.Campaign)
	w.text("purpose", b.Purpose)
	w.text("tier", b.Tier)
	w.text("previous", b.Previous)
	w.whole("points", b.Points)
	w.text("note_id", b.NoteID)
	w.text("author", b.Author)
}

// writer writes the members of a JSON object. What is empty is left out.
type writer struct{ out []byte }

func (w *writer) key(name string) {
	if len(w.out) > 1 {
		w.out = append(w.out, ',')
	}
	w.out = append(append(append(w.out, '"'), name...), '"', ':')
}

func (w *writer) text(name, value string) {
	if value == "" {
		return
	}
	w.key(name)
	w.out = appendQuoted(w.out, shorten(value))
}

func (w *writer) money(total events.Money, currency string) {
	w.key("total")
	w.out = total.Append(w.out)
	w.text("currency", currency)
}

func (w *writer) flag(name string, value, given bool) {
	if given {
		w.key(name)
		w.out = strconv.AppendBool(w.out, value)
	}
}

// number writes a decimal number, which may have come as a text.
func (w *writer) number(name, value string) {
	if value == "" {
		return
	}
	if m, ok := events.ParseMoney(value); ok {
		w.key(name)
		w.out = m.Append(w.out)
	}
}

// whole writes the whole part of a number.
func (w *writer) whole(name, value string) {
	if value == "" {
		return
	}
	if m, ok := events.ParseMoney(value); ok {
		w.key(name)
		w.out = strconv.AppendInt(w.out, m.Units(), 10)
	}
}

// shorten cuts a text at a character, and says so.
func shorten(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

// appendQuoted appends a JSON string. The text is UTF-8: strict decoding lets nothing else in.
func appendQuoted(out []byte, s string) []byte {
	out = append(out, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c < 0x20:
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			out = append(out, c)
		}
	}
	return append(out, '"')
}

const hex = "0123456789abcdef"
