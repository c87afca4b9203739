package events_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
)

var korean events.Normaliser

func TestIdentifierGolden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, in, want string }{
		{"phone", "010-1234-5678", "+821012345678"},
		{"phone", "01012345678", "+821012345678"},
		{"phone", "010.1234.5678", "+821012345678"},
		{"phone", "010 1234 5678", "+821012345678"},
		{"phone", " 010-1234-5678\r\n", "+821012345678"},
		{"phone", "010–1234–5678", "+821012345678"},
		{"phone", "+82 10-1234-5678", "+821012345678"},
		{"phone", "+82 010-1234-5678", "+821012345678"},
		{"phone", "+82 (0)10-1234-5678", "+821012345678"},
		{"phone", "+821012345678", "+821012345678"},
		{"phone", "821012345678", "+821012345678"},
		{"phone", "0082 10 1234 5678", "+821012345678"},
		{"phone", "00182-10-1234-5678", "+821012345678"},
		{"phone", "1012345678", "+821012345678"},
		{"phone", "０１０－１２３４－５６７８", "+821012345678"},
		{"phone", "０１０ー１２３４ー５６７８", "+821012345678"},
		{"phone", "＋８２　１０　１２３４　５６７８", "+821012345678"},
		{"phone", "tel:+82-10-1234-5678", "+821012345678"},
		{"phone", "\u202a010-1234-5678\u202c", "+821012345678"},
		{"phone", "011-234-5678", "+82112345678"},
		{"phone", "02-123-4567", "+8221234567"},
		{"phone", "(02) 1234-5678", "+82212345678"},
		{"phone", "031-123-4567", "+82311234567"},
		{"phone", "070-1234-5678", "+827012345678"},
		{"phone", "0505-123-4567", "+825051234567"},
		{"phone", "1588-1234", "+8215881234"},
		{"phone", "+82 1588 1234", "+8215881234"},
		{"phone", "02-1234-5678 내선 12", "+82212345678;ext=12"},
		{"phone", "+82-2-1234-5678;ext=12", "+82212345678;ext=12"},
		{"phone", "+1 (415) 555-2671", "+14155552671"},
		{"phone", "+1 555 010 1234", "+15550101234"},
		{"email", "kim@example.com", "kim@example.com"},
		{"email", "  Kim.Seo-Yeon+VIP@Example.COM ", "kim.seo-yeon+vip@example.com"},
		{"email", "kim＠example．com", "kim@example.com"},
		{"email", "ＫＩＭ@example.com", "kim@example.com"},
		{"email", "kim@example.com.", "kim@example.com"},
		{"email", "kim@한글.kr", "kim@xn--bj0bj06e.kr"},
		{"email", "kim@xn--bj0bj06e.kr", "kim@xn--bj0bj06e.kr"},
		{"email", norm.NFD.String("홍길동@한글.kr"), "홍길동@xn--bj0bj06e.kr"},
		{"email", "kim@STRASSE.de", "kim@strasse.de"},
		{"email", "kim@straße.de", "kim@xn--strae-oqa.de"},
		{"user_id", "u-10293", "u-10293"},
		{"user_id", "\ufeff U1 ", "U1"},
		{"user_id", "ｕ１０", "u10"},
		{"user_id", norm.NFD.String("홍길동"), "홍길동"},
		{"loyalty_id", " 8801 2345 ", "8801 2345"},
		{"fb_click", "AbC==", "AbC=="},
	} {
		got, err := korean.Identifier(c.kind, c.in)
		if err != nil || got != c.want {
			t.Errorf("Identifier(%s, %q) = %q, %v; want %q", c.kind, c.in, got, err, c.want)
		}
	}
}

func TestIdentifierRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, in string }{
		{"phone", ""},
		{"phone", "홍길동"},
		{"phone", "114"},
		{"phone", "1330"},
		{"phone", "010-1234"},
		{"phone", "secret77"},
		{"phone", "1-800-FLOWERS"},
		{"phone", "kim 010-1234-5678"},
		{"phone", "+999999999999999999999"},
		{"phone", "\xff010"},
		{"email", "secret77"},
		{"email", "@example.com"},
		{"email", "kim@"},
		{"email", "kim@localhost"},
		{"email", "kim@exa mple.com"},
		{"email", "kim lee@example.com"},
		{"email", "Kim <kim@example.com>"},
		{"email", "a@b@example.com"},
		{"email", "kim@-example.com"},
		{"email", "kim@a..com"},
		{"email", "ki\u200bm@example.com"},
		{"user_id", " \t"},
		{"user_id", "a\x00b"},
		{"user_id", "a\nb"},
		{"user_id", "a\u202eb"},
		{"user_id", "\xc3\x28"},
		{"user_id", strings.Repeat("x", events.MaxIdentifier+1)},
		{"user_id", strings.Repeat("홍", 86)},
		{"User ID", "u1"},
		{"", "u1"},
		{"claimed", "user_id:u1"},
	} {
		got, err := korean.Identifier(c.kind, c.in)
		var bad *events.IdentifierError
		if !errors.As(err, &bad) || got != "" || bad.Problem == "" {
			t.Errorf("Identifier(%s, %q) = %q, %v; want an IdentifierError", c.kind, c.in, got, err)
			continue
		}
		if v := strings.TrimSpace(c.in); len(v) > 3 && strings.Contains(err.Error(), v) {
			t.Errorf("the error of %q holds the value: %v", c.in, err)
		}
	}
}

func TestIdentifierRegion(t *testing.T) {
	t.Parallel()
	us := events.Normaliser{Region: "US"}
	for in, want := range map[string]string{
		"(415) 555-2671":   "+14155552671",
		"+82 10-1234-5678": "+821012345678",
	} {
		if got, err := us.Identifier("phone", in); err != nil || got != want {
			t.Errorf("Identifier(phone, %q) in the US = %q, %v; want %q", in, got, err, want)
		}
	}
	if got, err := us.Identifier("phone", "02-1234-5678"); err == nil && strings.HasPrefix(got, "+82") {
		t.Errorf("a US source turned a local number into the Korean %q", got)
	}
}

// TestPhoneFastPathAgrees writes random Korean-looking numbers in random ways: whatever comes back must be what
// libphonenumber says.
func TestPhoneFastPathAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.SampledFrom([]string{"", "0", "+82", "+820", "82", "820"}).Draw(t, "prefix")
		area := rapid.SampledFrom([]string{"10", "11", "2", "31", "33", "41", "44", "51", "55", "61", "64", "70", "50", "1588", "34", "45", "65"}).Draw(t, "area")
		rest := rapid.StringMatching(`[0-9]{5,9}`).Draw(t, "rest")
		written := interspersed(t, prefix+area+rest)
		number, err := phonenumbers.Parse(written, "KR")
		got, bad := korean.Identifier("phone", written)
		if bad != nil {
			if err == nil && phonenumbers.IsValidNumber(number) {
				t.Fatalf("%q is refused (%v) though it is valid", written, bad)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q became %q, but the library says %v", written, got, err)
		}
		if want := phonenumbers.Format(number, phonenumbers.E164); got != want {
			t.Fatalf("%q became %q, the library says %q", written, got, want)
		}
	})
}

// interspersed puts single separators between some of the digits.
func interspersed(t *rapid.T, digits string) string {
	var b strings.Builder
	for i, r := range digits {
		if i > 1 && rapid.IntRange(0, 3).Draw(t, "gap") == 0 {
			b.WriteString(rapid.SampledFrom([]string{"-", " ", "."}).Draw(t, "separator"))
		}
		b.WriteRune(r)
	}
	return b.String()
}

func TestIdentifierIdempotent(t *testing.T) {
	t.Parallel()
	alphabet := []rune("aZ09@.+- (（）＠．０Ａéé가힣각ᄀ\u200b\ufeff\u3000ßİKﬁ한中xn--")
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{"phone", "email", "user_id"}).Draw(t, "kind")
		value := rapid.OneOf(rapid.StringOfN(rapid.SampledFrom(alphabet), 1, 24, -1), rapid.String()).Draw(t, "value")
		if kind == "email" {
			value += "@" + rapid.SampledFrom([]string{"Example.com", "한글.kr", "ＥＸ.com", "xn--bj0bj06e.kr", "straße.de"}).Draw(t, "domain")
		}
		checkNormal(t, kind, value)
	})
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkNormal checks what holds for every value: the normal form is its own normal form, NFC, UTF-8 and bounded.
func checkNormal(t failer, kind, value string) {
	t.Helper()
	once, err := korean.Identifier(kind, value)
	if err != nil {
		return
	}
	twice, err := korean.Identifier(kind, once)
	if err != nil || twice != once {
		t.Fatalf("%s %q: once %q, twice %q, %v", kind, value, once, twice, err)
	}
	if !utf8.ValidString(once) || !norm.NFC.IsNormalString(once) || once == "" || len(once) > events.MaxIdentifier {
		t.Fatalf("%s %q: %q is not a bounded, non-empty NFC string", kind, value, once)
	}
}

func TestNFDAndNFCAreOne(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"홍길동", "김서연", "José Müller", "Đặng Văn Lâm", "がぎぐげご"} {
		nfc, errC := korean.Identifier("user_id", norm.NFC.String(name))
		nfd, errD := korean.Identifier("user_id", norm.NFD.String(name))
		if errC != nil || errD != nil || nfc != nfd {
			t.Errorf("NFC %q (%v) and NFD %q (%v) differ", nfc, errC, nfd, errD)
		}
		if a, b := korean.Name(norm.NFD.String(name)), korean.Name(name); a != b {
			t.Errorf("names %q and %q differ", a, b)
		}
	}
}

// confusables are letters that look alike and must stay apart.
var confusables = []string{
	"aаα", "cсϲ", "eе", "iіι", "jј", "oоοօ", "pрρ", "sѕ", "xхχ", "yуγ", "hһ", "dԁ", "qԛ", "wԝ", "vν", "uս", "nո", "lӏ1", "gɡ",
}

// TestConfusablesStayApart replaces letters of ordinary names by look-alikes; no two of the spellings may
// become one identifier.
func TestConfusablesStayApart(t *testing.T) {
	t.Parallel()
	words := []string{"seoyeonkim", "chulsoopark", "jihyegang", "alexander", "paypal", "dasom.yu", "hwijun", "support", "vicepresident", "jqxwind"}
	pairs := 0
	for _, kind := range []string{"user_id", "email", "loyalty_id"} {
		for _, word := range words {
			pairs += checkApart(t, kind, spellings(word))
		}
	}
	if pairs < 1000 {
		t.Fatalf("only %d pairs were compared", pairs)
	}
	t.Logf("%d confusable pairs stay apart", pairs)
}

// spellings returns word and each word that differs from it in one look-alike letter.
func spellings(word string) []string {
	all := []string{word}
	for i, r := range word {
		for _, set := range confusables {
			if !strings.ContainsRune(set, r) {
				continue
			}
			for _, other := range set {
				if other != r {
					all = append(all, word[:i]+string(other)+word[i+utf8.RuneLen(r):])
				}
			}
		}
	}
	return all
}

func checkApart(t *testing.T, kind string, values []string) (pairs int) {
	t.Helper()
	seen := map[string]string{}
	for _, v := range values {
		full := v
		if kind == "email" {
			full += "@example.com"
		}
		normal, err := korean.Identifier(kind, full)
		if err != nil {
			t.Errorf("%s %q: %v", kind, full, err)
			continue
		}
		if first, clash := seen[normal]; clash && first != v {
			t.Errorf("%s: %+q and %+q both become %+q", kind, first, v, normal)
		}
		pairs += len(seen)
		seen[normal] = v
	}
	return pairs
}

func TestName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"김서연":                     "김서연",
		" 김  서연\t":                "김 서연",
		norm.NFD.String("홍길동"):    "홍길동",
		"Kim\u00a0Seo-yeon":       "Kim Seo-yeon",
		"\u202eKim\u202c\x00 Lee": "Kim Lee",
		"a\u200cb":                "a\u200cb",
		"bad\xffbyte":             "bad\ufffdbyte",
		"":                        "",
		" ":                       "",
	} {
		if got := korean.Name(in); got != want {
			t.Errorf("Name(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestNameIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		once := korean.Name(rapid.String().Draw(t, "name"))
		if twice := korean.Name(once); twice != once {
			t.Fatalf("once %q, twice %q", once, twice)
		}
	})
}

func FuzzNormalise(f *testing.F) {
	for _, seed := range []string{"010-1234-5678", "+82 (0)10", "kim@한글.kr", "u1", "０１０", "a\u0301", "tel:;ext=", "x@xn--a.b", "0082 10 1234 5678"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, kind := range []string{"phone", "email", "user_id"} {
			checkNormal(t, kind, value)
		}
		if name := korean.Name(value); korean.Name(name) != name {
			t.Fatalf("Name(%q) is not idempotent", value)
		}
	})
}

func BenchmarkIdentifier(b *testing.B) {
	for _, c := range []struct{ name, kind, value string }{
		{"phone normal", "phone", "+821012345678"},
		{"phone national", "phone", "010-1234-5678"},
		{"phone full-width", "phone", "０１０－１２３４－５６７８"},
		{"phone library", "phone", "+14155552671"},
		{"email normal", "email", "kim.seoyeon@example.com"},
		{"email mixed", "email", "Kim.Seoyeon@Example.com"},
		{"user_id", "user_id", "u-1029384756"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if _, err := korean.Identifier(c.kind, c.value); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ExampleNormaliser_Identifier() {
	n := events.Normaliser{Region: "KR"}
	for _, phone := range []string{"010-1234-5678", "+82 10 1234 5678", "０１０　１２３４　５６７８", "114"} {
		fmt.Println(n.Identifier(events.KindPhone, phone))
	}
	// Output:
	// +821012345678 <nil>
	// +821012345678 <nil>
	// +821012345678 <nil>
	//  phone: too short for somebody's phone number; send all its digits
}
