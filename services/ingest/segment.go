package ingest

import (
	"errors"
	"net/http"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/web"
)

// envelope is the outside of a Segment or RudderStack body: of a batch, or of the one message that it is.
type envelope struct {
	key string
	def defaults
}

// envelope reads the outside. messages are what the strict check found in the array, if it looked for one: with
// their lengths the array need not be searched for its end again.
func (d *doc) envelope(messages []events.Message) (envelope, []span) {
	var e envelope
	var places []span
	for c := d.members(d.whole()); c.begin(); {
		if string(c.name) == "batch" && messages != nil {
			places = c.places(messages)
			continue
		}
		v := c.step(skipValue(d.raw, c.i) - c.i)
		switch string(c.name) {
		case "writeKey":
			e.key = d.string(v)
		case "api_key":
			e.key = or(e.key, d.string(v))
		case "context":
			e.def.context = v
		case "sentAt":
			e.def.sent = readTime(d.string(v))
		}
	}
	return e, places
}

// places finds the messages of the array that c has come to, and leaves c after it.
func (c *cursor) places(messages []events.Message) []span {
	list := make([]span, 0, len(messages))
	in := cursor{d: c.d, i: c.i + 1, end: ']'}
	for _, m := range messages {
		if !in.begin() {
			break
		}
		list = append(list, in.step(len(m.Raw)))
	}
	end := skipSpace(c.d.raw, in.i)
	c.step(end + 1 - c.i)
	return list
}

// serveBatch answers /v1/batch, /v1/b and the beacon.
func (s *Service) serveBatch(w http.ResponseWriter, r *http.Request) { s.serveMessages(w, r, false) }

func (s *Service) serveMessages(w http.ResponseWriter, r *http.Request, historical bool) {
	s.serveElements(w, r, func(b *batch, v span, index int, def *defaults) {
		b.historical = historical
		s.takeMessage(b, v, index, "", def)
	})
}

// serveElements reads a body with an array of messages in batch and takes them one by one.
func (s *Service) serveElements(w http.ResponseWriter, r *http.Request, take func(*batch, span, int, *defaults)) {
	q, err := s.read(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer q.release()
	messages, broken := checkBatch(q.body(), "batch")
	if broken != nil {
		s.refuse(w, r, q, broken)
		return
	}
	d := newDoc(q.body())
	env, places := d.envelope(messages)
	if err := s.keyed(q, r, env.key); err != nil {
		s.fail(w, r, err)
		return
	}
	b := s.batch(s.arrival(q, r))
	defer s.done(b)
	b.d = d
	for i, m := range messages {
		if m.Fault != nil {
			b.reject(place{index: i, raw: m.Raw}, elementFault(m, "/batch"))
			continue
		}
		take(b, places[i], i, &env.def)
	}
	s.answer(w, r, b)
}

// serveMessage answers the routes that take one message.
func (s *Service) serveMessage(w http.ResponseWriter, r *http.Request, kind string) {
	q, err := s.read(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer q.release()
	if broken := checkOne(q.body()); broken != nil {
		s.refuse(w, r, q, broken)
		return
	}
	d := newDoc(q.body())
	env, _ := d.envelope(nil)
	if err := s.keyed(q, r, env.key); err != nil {
		s.fail(w, r, err)
		return
	}
	b := s.batch(s.arrival(q, r))
	defer s.done(b)
	b.d = d
	s.takeMessage(b, d.whole(), 0, kind, &env.def)
	s.answer(w, r, b)
}

func (s *Service) serveMerge(w http.ResponseWriter, r *http.Request) { s.serveMessage(w, r, "merge") }

// answer commits a batch and replies: 200 as soon as one event of it is in the log, since SDKs answer for the
// whole request and the rejects are kept; 400 if there is nothing good in it.
func (s *Service) answer(w http.ResponseWriter, r *http.Request, b *batch) {
	o, err := s.commit(r.Context(), b)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	setPosition(w, o.Position)
	if o.Rejected > 0 && o.Rejected == o.total() {
		s.fail(w, r, allWrong(b.rejects))
		return
	}
	web.JSON(w, http.StatusOK, Answer{true, o})
}

// Answer is the reply to Segment's and RudderStack's routes. SDKs look at the status only.
type Answer struct {
	Success bool `json:"success"`
	Outcome
}

const faultsShown = 100

// allWrong is the answer to a request of which nothing could be stored.
func allWrong(rejects []Reject) *web.Problem {
	first := rejects[0]
	status := http.StatusBadRequest
	if len(rejects) == 1 && first.Reason == reasonSize {
		status = http.StatusRequestEntityTooLarge
	}
	p := web.Wrong(status, first.Detail).At(first.Pointer)
	if len(rejects) > 1 {
		for i := range rejects[:min(len(rejects), faultsShown)] {
			p.Errors = append(p.Errors, web.Fault{Pointer: rejects[i].at("/batch"), Detail: rejects[i].Detail})
		}
	}
	return p
}

// refuse answers a request that cannot be taken apart. If its sender is known the body is kept as a reject; if it
// has no key, or one that could not be read, the answer is still what is wrong with the body.
func (s *Service) refuse(w http.ResponseWriter, r *http.Request, q *request, f *fault) {
	var key string
	if readable(q.body()) {
		env, _ := newDoc(q.body()).envelope(nil)
		key = env.key
	}
	switch err := s.keyed(q, r, key); {
	case errors.Is(err, errNoKey):
		s.fail(w, r, f.problem())
		return
	case err != nil:
		s.fail(w, r, err)
		return
	}
	b := s.batch(s.arrival(q, r))
	defer s.done(b)
	b.reject(place{raw: q.body()}, f)
	if _, err := s.commit(r.Context(), b); err != nil {
		s.fail(w, r, err)
		return
	}
	s.fail(w, r, f.problem())
}
