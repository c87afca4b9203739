package events

// Body is the part of an event's Data that read models use, decoded once. Fields a type does not have stay empty.
type Body struct{}

// DecodeBody reads the known fields of data; what does not decode is left out.
func DecodeBody(data []byte) Body { return Body{} }
