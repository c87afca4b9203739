package ingest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/web"
)

const (
	chunkEvents = 1000
	chunkBytes  = 512 << 10
	// window is the most of a CSV file that is looked at for the end of a row; a line may be twice as long.
	window = 2 * events.MaxEvent
	// importShare is what an import takes of the memory budget, for its window and its chunk.
	importShare = 4 << 20
	// shownRejects is how many rejects an answer holds; all of them are at /v1/rejects?request=.
	shownRejects = 100
)

// Import is a stream of events that happened some time ago.
type Import struct {
	Source *auth.Source
	// Format is "ndjson" or "csv".
	Format string
	Body   io.Reader
	// Progress, if not nil, is told after every chunk.
	Progress func(Report)
}

// Report says what became of the events of an import so far.
type Report struct {
	Outcome
	// Lines is how many lines of the file are settled: they need not be sent again.
	Lines int `json:"lines"`
	// Request names the rejects of this import in GET /v1/rejects?request=.
	Request string `json:"request"`
	// Rejects are the first hundred.
	Rejects []LineFault `json:"rejects"`
}

// LineFault is one line that was refused, and why.
type LineFault struct {
	Line    int    `json:"line"`
	Reason  string `json:"reason"`
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

// Import reads the events of a file and stores them chunk by chunk, at the pace the gate allows. Lines that cannot
// be events are kept as rejects and the others stored. It can be cut off at any byte: what the Report counts is
// stored, a line without its end is not looked at unless the file itself ended there, and sending the file again
// adds only what is missing.
func (s *Service) Import(ctx context.Context, in Import) (Report, error) {
	x := &importing{s: s, in: in, b: s.batch(arrival{
		source: in.Source, received: s.now(), historical: true, request: uuid.NewString(),
	})}
	defer s.done(x.b)
	x.report.Request, x.report.Rejects = x.b.request, []LineFault{}
	x.file = bufio.NewReaderSize(in.Body, 2*window)
	err := x.run(ctx)
	return x.report, err
}

// importing is an import under way.
type importing struct {
	s      *Service
	in     Import
	file   *bufio.Reader
	b      *batch
	cols   columns
	fields []string
	line   int // of the file, the last one taken
	bytes  int // of the chunk
	report Report
}

func (x *importing) run(ctx context.Context) error {
	take := x.takeLine
	switch x.in.Format {
	case "ndjson":
	case "csv":
		take = x.takeRow
	default:
		return web.Wrong(http.StatusBadRequest, "format is ndjson or csv: /v1/import?format=ndjson")
	}
	if err := x.skipMark(); err != nil {
		return err
	}
	for {
		err := take()
		if err != nil && !errors.Is(err, io.EOF) {
			return errors.Join(err, x.flush(ctx)) // what was whole before the cut is stored all the same
		}
		if full := len(x.b.entries)+len(x.b.rejects) >= chunkEvents || x.bytes >= chunkBytes; full || err != nil {
			if ferr := x.flush(ctx); ferr != nil || err != nil {
				return ferr
			}
		}
	}
}

// skipMark skips the byte order mark that spreadsheets put before UTF-8.
func (x *importing) skipMark() error {
	mark, err := x.file.Peek(3)
	if bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, err = x.file.Discard(3)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err //nolint:wrapcheck // a *web.Problem that says everything
}

// takeLine takes the next line of an NDJSON file.
func (x *importing) takeLine() error {
	line, err := x.file.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return x.tooLong(bytes.Clone(line))
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err //nolint:wrapcheck // a *web.Problem that says everything
	}
	if len(line) > 0 {
		x.line++
	}
	if trimmed := bytes.TrimSpace(line); len(trimmed) > 0 {
		x.bytes += len(trimmed)
		x.s.takeLine(x.b, bytes.Clone(trimmed), place{line: x.line})
	}
	return err //nolint:wrapcheck // io.EOF
}

// tooLong rejects a line that does not fit the window and skips the rest of it.
func (x *importing) tooLong(begin []byte) error {
	x.line++
	x.b.reject(place{line: x.line, raw: begin}, wrongf(reasonSize, "", "the line is longer than %d bytes", 2*window))
	for {
		_, err := x.file.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err //nolint:wrapcheck // io.EOF, or a *web.Problem that says everything
		}
	}
}

// flush makes the chunk durable and starts the next one.
func (x *importing) flush(ctx context.Context) error {
	if err := waitFor(ctx, x.s.gate); err != nil {
		return err
	}
	for i := range x.b.rejects {
		if len(x.report.Rejects) < shownRejects {
			r := &x.b.rejects[i]
			x.report.Rejects = append(x.report.Rejects, LineFault{r.Line, r.Reason, r.Pointer, r.Detail})
		}
	}
	o, err := x.s.commit(ctx, x.b)
	if err != nil {
		return err
	}
	x.report.plus(o)
	x.report.Lines = x.line
	a := x.b.arrival
	a.received = x.s.now()
	x.b.reset(a)
	x.bytes = 0
	if x.in.Progress != nil {
		x.in.Progress(x.report)
	}
	return nil
}
