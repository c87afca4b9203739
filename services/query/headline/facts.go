package headline

import (
	"strings"

	"github.com/c360hq/c360/events"
)

// Facts are the few fields of an event that its row shows. What a type does not have stays empty and is left out.
type Facts struct {
	OrderID    string       `json:"order_id,omitempty"`
	Total      events.Money `json:"total,omitempty" doc:"amount of the order or payment"`
	Currency   string       `json:"currency,omitempty"`
	Item       string       `json:"item,omitempty" doc:"name of the first item, or of the product"`
	SKU        string       `json:"sku,omitempty"`
	ItemsCount int          `json:"items_count,omitempty" doc:"how many different items"`
	Category   string       `json:"category,omitempty"`
	Store      string       `json:"store,omitempty"`
	Reason     string       `json:"reason,omitempty"`
	ErrorCode  string       `json:"error_code,omitempty"`
	Status     string       `json:"status,omitempty"`
	Method     string       `json:"method,omitempty"`
	CaseID     string       `json:"case_id,omitempty"`
	InquiryID  string       `json:"inquiry_id,omitempty"`
	Subject    string       `json:"subject,omitempty"`
	Text       string       `json:"text,omitempty" doc:"what the customer or the agent wrote, shortened"`
	Complaint  bool         `json:"complaint,omitempty"`
	CallID     string       `json:"call_id,omitempty"`
	Agent      string       `json:"agent,omitempty"`
	Topic      string       `json:"topic,omitempty"`
	Menu       string       `json:"menu,omitempty"`
	Direction  string       `json:"direction,omitempty"`
	DurationS  int          `json:"duration_s,omitempty"`
	WaitS      int          `json:"wait_s,omitempty"`
	Resolved   *bool        `json:"resolved,omitempty" doc:"whether a call settled its matter; absent if nobody said"`
	Score      *float64     `json:"score,omitempty"`
	Scale      int          `json:"scale,omitempty"`
	Kind       string       `json:"kind,omitempty"`
	Medium     string       `json:"medium,omitempty"`
	Campaign   string       `json:"campaign,omitempty"`
	Template   string       `json:"template,omitempty"`
	Coupon     string       `json:"coupon,omitempty"`
	Purpose    string       `json:"purpose,omitempty"`
	Tier       string       `json:"tier,omitempty"`
	Previous   string       `json:"previous,omitempty"`
	Points     int          `json:"points,omitempty"`
	Query      string       `json:"query,omitempty"`
	Title      string       `json:"title,omitempty" doc:"title of the page or name of the screen"`
	Path       string       `json:"path,omitempty"`
	Step       string       `json:"step,omitempty"`
	Carrier    string       `json:"carrier,omitempty"`
	TrackingNo string       `json:"tracking_no,omitempty"`
	NoteID     string       `json:"note_id,omitempty"`
	Author     string       `json:"author,omitempty"`
}

// Same returns a text that reads the same in both languages: a name, a number, what a customer wrote.
func Same(s string) Text { return Text{Ko: s, En: s} }

// join puts the non-empty texts side by side.
func join(parts ...Text) Text {
	var ko, en []string
	for _, p := range parts {
		if p.Ko != "" {
			ko = append(ko, p.Ko)
		}
		if p.En != "" {
			en = append(en, p.En)
		}
	}
	return Text{Ko: strings.Join(ko, " · "), En: strings.Join(en, " · ")}
}
