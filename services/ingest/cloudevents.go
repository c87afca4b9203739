package ingest

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/c360hq/c360/services/web"
)

// serveCloudEvents takes CloudEvents 1.0 in all three modes. The answer to success has no body: the Go SDK
// mistakes any body for an event.
func (s *Service) serveCloudEvents(w http.ResponseWriter, r *http.Request) {
	q, err := s.read(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer q.release()
	if err := s.keyed(q, r, ""); err != nil {
		s.fail(w, r, err)
		return
	}
	b := s.batch(s.arrival(q, r))
	defer s.done(b)
	mode := s.cloudEventMode(r)
	if mode == nil {
		s.fail(w, r, web.Wrong(http.StatusUnsupportedMediaType, "send application/cloudevents+json, "+
			"application/cloudevents-batch+json, or ce-id, ce-source, ce-type and ce-specversion as headers"))
		return
	}
	array, f := mode(b, r, q.body())
	if f != nil {
		b.reject(place{raw: q.body()}, f)
	}
	s.answerCloudEvents(w, r, b, array)
}

// mode reads the events of a request into a batch; array says that places in it are counted.
type mode func(b *batch, r *http.Request, body []byte) (array bool, f *fault)

func (s *Service) cloudEventMode(r *http.Request) mode {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && media == "application/cloudevents+json":
		return s.structured
	case err == nil && media == "application/cloudevents-batch+json":
		return s.batched
	case strings.HasPrefix(media, "application/cloudevents"):
		return nil // a format we do not read, such as protobuf
	}
	if hasAttributes(r.Header) {
		return s.binary
	}
	return nil
}

func (s *Service) structured(b *batch, _ *http.Request, body []byte) (bool, *fault) {
	s.takeStructured(b, body, place{raw: body})
	return false, nil
}

func (s *Service) takeStructured(b *batch, body []byte, at place) {
	if f := checkOne(body); f != nil {
		b.reject(at, f)
		return
	}
	b.d = newDoc(body)
	s.takeCloudEvent(b, b.d.whole(), at)
}

func (s *Service) batched(b *batch, _ *http.Request, body []byte) (bool, *fault) {
	messages, f := checkBatch(body, "")
	if f != nil {
		return false, f
	}
	b.d = newDoc(body)
	at := cursor{d: b.d, i: b.d.whole().lo}
	places := at.places(messages)
	for i, m := range messages {
		if m.Fault != nil {
			b.reject(place{index: i, raw: m.Raw}, elementFault(m, ""))
			continue
		}
		s.takeCloudEvent(b, places[i], place{index: i, raw: m.Raw})
	}
	return true, nil
}

// answerCloudEvents stores what is good and names every fault. A batch with faults is answered with 400 although
// its good events are stored: its sender mends and sends it again, and they are duplicates then.
func (s *Service) answerCloudEvents(w http.ResponseWriter, r *http.Request, b *batch, array bool) {
	o, err := s.commit(r.Context(), b)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	setPosition(w, o.Position)
	if o.Rejected == 0 {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	s.fail(w, r, cloudEventFaults(b.rejects, array, o))
}

func cloudEventFaults(rejects []Reject, array bool, o Outcome) *web.Problem {
	p := allWrong(rejects[:1])
	if array {
		p = web.Wrong(http.StatusBadRequest, strconv.Itoa(o.Rejected)+" of the events are refused, the others are stored: "+
			"mend them and send the batch again").At(rejects[0].at(""))
	}
	for i := range rejects {
		below := ""
		if array {
			below = "/" + strconv.Itoa(rejects[i].Index)
		}
		p.Errors = append(p.Errors, rejects[i].faults(below)...)
	}
	p.Errors = p.Errors[:min(len(p.Errors), faultsShown)]
	return p
}
