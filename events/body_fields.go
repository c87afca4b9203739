package events

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
