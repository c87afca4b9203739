package bench

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
)

// wire posts over one kept connection with next to no work of its own. The producer is somebody else's machine, but
// here it shares the cores with what is measured, and Go's HTTP client costs as much as its server.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(ctx context.Context, address string) (*wire, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &wire{conn: conn, in: bufio.NewReader(conn)}, nil
}

func (w *wire) close() { _ = w.conn.Close() }

// request returns the bytes of a POST of a Segment batch.
func request(body []byte) []byte {
	key := base64.StdEncoding.EncodeToString([]byte(Key + ":"))
	head := fmt.Sprintf("POST /v1/batch HTTP/1.1\r\nHost: c360\r\nAuthorization: Basic %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		key, len(body))
	return append([]byte(head), body...)
}

// post sends a request and reads the whole answer, which must be good.
func (w *wire) post(request []byte) error {
	if _, err := w.conn.Write(request); err != nil {
		return fmt.Errorf("post: %w", err)
	}
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("the answer was %s %.200s (%w)", res.Status, body, err)
	}
	return nil
}
