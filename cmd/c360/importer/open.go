package importer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The charsets a file may be declared to have.
const (
	charsetUTF8  = "utf-8"
	charsetEUCKR = "euc-kr"
	charsetUTF16 = "utf-16"
)

// The formats, as services/ingest names them.
const (
	formatNDJSON = "ndjson"
	formatCSV    = "csv"
)

// sniffed is how much of a file is looked at before it is believed to be what it seems.
const sniffed = 64 << 10

// input is a file on its way through gzip and a charset.
type input struct {
	*bufio.Reader
	file *os.File
	// read counts the bytes of the file itself, for progress.
	read atomic.Int64
	size int64
	gzip bool
}

// openInput opens a file. charset may be "": then it must be UTF-8, or begin with a byte order mark.
func openInput(path, charset string) (*input, error) {
	f, err := os.Open(path) //nolint:gosec // a file the operator named
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the file
	}
	in := &input{file: f}
	if err := in.start(charset); err != nil {
		_ = f.Close() // the other error says more
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return in, nil
}

func (in *input) start(charset string) error {
	info, err := in.file.Stat()
	if err != nil {
		return err //nolint:wrapcheck // the caller names the file
	}
	if info.IsDir() {
		return errors.New("this is a folder; give its files one by one")
	}
	in.size = info.Size()
	raw := bufio.NewReaderSize(&counting{in.file, &in.read}, sniffed)
	if magic, _ := raw.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(raw)
		if err != nil {
			return fmt.Errorf("it begins like gzip but is not: %w", err)
		}
		in.gzip = true
		raw = bufio.NewReaderSize(unzipped, sniffed)
	}
	return in.decode(raw, charset)
}

// decode puts the charset's decoder in, and refuses bytes that are none of what was declared.
func (in *input) decode(raw *bufio.Reader, charset string) error {
	head, err := raw.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return in.explain(err)
	}
	if unpacked, name := packed(head); unpacked {
		return fmt.Errorf("this is %s, not text: unpack it, or export it as CSV UTF-8", name)
	}
	in.Reader = raw
	switch wide := len(head) > 1 && (head[0] == 0xff && head[1] == 0xfe || head[0] == 0xfe && head[1] == 0xff); {
	case wide || charset == charsetUTF16:
		in.through(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case charset == charsetEUCKR:
		in.through(korean.EUCKR.NewDecoder())
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = raw.Discard(3) // it was peeked at
		return nil
	default:
		return checkUTF8(head, charset)
	}
	return nil
}

func (in *input) through(t transform.Transformer) {
	in.Reader = bufio.NewReaderSize(transform.NewReader(in.Reader, t), sniffed)
}

// packed knows the formats that people give by mistake.
func packed(head []byte) (bool, string) {
	for magic, name := range map[string]string{
		"PK\x03\x04": "a zip or Excel (.xlsx) file", "\xd0\xcf\x11\xe0": "an old Excel (.xls) file",
		"%PDF": "a PDF", "\x28\xb5\x2f\xfd": "zstd", "BZh": "bzip2", "PAR1": "Parquet",
	} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true, name
		}
	}
	return false, ""
}

// checkUTF8 refuses a file whose beginning is in another charset, and says which one it seems to be.
func checkUTF8(head []byte, charset string) error {
	if charset != "" && charset != charsetUTF8 {
		return fmt.Errorf("charset %q is not known: use utf-8, euc-kr (also Excel's CP949) or utf-16", charset)
	}
	for cut := 0; cut < utf8.UTFMax && cut < len(head); cut++ { // the last character may be cut in two
		if utf8.Valid(head[:len(head)-cut]) {
			if bytes.Count(head, []byte{0}) > len(head)/4 {
				return errors.New("it looks like UTF-16 without a mark: add --charset utf-16")
			}
			return nil
		}
	}
	if bytes.Count(head, []byte{0}) > len(head)/4 {
		return errors.New("it looks like UTF-16 without a mark: add --charset utf-16")
	}
	if korean, ok := asKorean(head); ok {
		return fmt.Errorf("it is not UTF-8 but looks like EUC-KR/CP949, as Korean Excel writes it (%q): add --charset euc-kr", korean)
	}
	return nil // a few bad bytes: the lines that hold them are rejected one by one
}

// asKorean decodes EUC-KR and returns the first Hangul word if nearly all of it makes sense.
func asKorean(head []byte) (string, bool) {
	text, err := korean.EUCKR.NewDecoder().Bytes(head)
	if err != nil {
		return "", false
	}
	hangul, bad, word := 0, 0, []rune(nil)
	for _, r := range string(text) {
		switch {
		case r == utf8.RuneError:
			bad++
		case r >= '가' && r <= '힣':
			hangul++
			if len(word) < 8 {
				word = append(word, r)
			}
		case len(word) < 2:
			word = word[:0]
		}
	}
	return string(word), hangul > 0 && bad*20 <= hangul
}

// counting counts what is read.
type counting struct {
	r io.Reader
	n *atomic.Int64
}

// Read implements io.Reader.
func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err //nolint:wrapcheck // a reader passes on what it read
}

// broken says what a read error means.
func (in *input) explain(err error) error {
	if in.gzip && (errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader)) {
		return fmt.Errorf("the gzip data is cut off or damaged (%w): everything before it is in; fetch the file again and import it again", err)
	}
	return fmt.Errorf("reading: %w", err)
}

func (in *input) Close() error { return in.file.Close() } //nolint:wrapcheck // closing a file that was only read
