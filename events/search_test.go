package events_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
)

// found reports whether any query is a prefix of any term: how a read model matches.
func found(terms []string, queries ...string) bool {
	return slices.ContainsFunc(queries, func(q string) bool {
		return q != "" && slices.ContainsFunc(terms, func(term string) bool { return strings.HasPrefix(term, q) })
	})
}

func TestNameSearchGolden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		hits []string
		miss []string
	}{
		{
			"김서연",
			[]string{
				"김서연", "김서여", "김서ㅇ", "김서", "김ㅅ", "김", "기", "ㄱ", "서연", "서여", "서ㅇ", "연", "ㄱㅅㅇ", "ㄱㅅ", "ㅅㅇ", "김성", "김 서연",
				norm.NFD.String("김서연"), norm.NFD.String("서여"), " 김서연 ", "김ㅅㅇ", "ﾡﾵﾷ", "\u1100\u1109\u110b", "서\u110b\u1167", "김ㅅㅓㅇㅕ",
			},
			[]string{"김서현", "이서연", "ㄱㅅㅎ", "ㅇㅅㅇ", "김연", "서김", "ㅏ", ""},
		},
		{"박과장", []string{"박고", "박과", "바", "박\u1100\u116a", "박ㄱㅗㅏ", "박ㄱㅘ", "바\u11a8과", "박ㄱ", "ㅂㄱㅈ", "과자"}, []string{"박괴"}},
		{"각시", []string{"각시", "가", "각", "ㄱㅅ", "ㄳ", "각ㅅ", "갃"}, []string{"갂"}},
		{"까치", []string{"까", "ㄲㅊ", "ㄲ"}, []string{"가", "ㄱㅊ"}},
		{"홍 길동", []string{"홍길동", "홍 길", "길동", "길동홍", "ㅎㄱㄷ"}, []string{"동길"}},
		{
			"Seo-yeon KIM",
			[]string{"seo", "SEO-YEON", "seoyeon", "yeon", "kim", "Kim Seo", "kim seoyeon", "seo yeon kim", "ｓｅｏ"},
			[]string{"im", "kimyeon"},
		},
		{"José Müller", []string{"jose", "José", norm.NFD.String("José"), "müll", "MULLER", "muller jo"}, []string{"josé m x"}},
		{"田中太郎", []string{"田中", "太郎", "中太"}, []string{"中田"}},
		{"김서연(VIP)", []string{"김서연", "vip", "ㄱㅅㅇ"}, nil},
		{"", nil, []string{"", "a"}},
		{" -() ", nil, []string{"-"}},
	} {
		terms := events.NameTerms(c.name)
		for _, q := range c.hits {
			if !found(terms, events.NameQuery(q)) {
				t.Errorf("%q (%q) does not find %q %q", q, events.NameQuery(q), c.name, terms)
			}
		}
		for _, q := range c.miss {
			if found(terms, events.NameQuery(q)) {
				t.Errorf("%q (%q) finds %q %q", q, events.NameQuery(q), c.name, terms)
			}
		}
	}
}

// TestNameFoundAtEveryKeystroke types random Hangul names letter by letter, in composed and decomposed form.
func TestNameFoundAtEveryKeystroke(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := string(rapid.SliceOfN(rapid.RuneFrom(nil, hangulSyllables), 1, 8).Draw(t, "name"))
		terms := events.NameTerms(name)
		decomposed := []rune(norm.NFD.String(name))
		for i := 1; i <= len(decomposed); i++ {
			typed := string(decomposed[:i])
			if !found(terms, events.NameQuery(typed)) || !found(terms, events.NameQuery(norm.NFC.String(typed))) {
				t.Fatalf("%q does not find %q", typed, name)
			}
		}
		if !slices.Equal(terms, events.NameTerms(norm.NFD.String(name))) {
			t.Fatalf("%q has other terms when decomposed", name)
		}
	})
}

func TestSearchIsBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkNameSearch(t, rapid.String().Draw(t, "name")) })
	for _, long := range []string{strings.Repeat("김 ", 5000), strings.Repeat("뷁", 5000), strings.Repeat("a\u0301", 9000), strings.Repeat("\xff", 5000)} {
		checkNameSearch(t, long)
		if terms := events.RefTerms(long); len(terms) > 2 {
			t.Errorf("%d terms for one reference", len(terms))
		}
	}
}

// checkNameSearch checks what holds for every name: terms are few, short, distinct and UTF-8, and a name finds itself.
func checkNameSearch(t failer, name string) {
	t.Helper()
	terms, query := events.NameTerms(name), events.NameQuery(name)
	if len(terms) > 24 {
		t.Fatalf("%d terms", len(terms))
	}
	for i, term := range terms {
		if term == "" || len(term) > 1024 || !utf8.ValidString(term) || slices.Contains(terms[:i], term) {
			t.Fatalf("bad term %.99q of %.99q", term, name)
		}
	}
	if query != "" && !found(terms, query) {
		t.Fatalf("%.99q (%.99q) does not find itself in %.99q", name, query, terms)
	}
}

func TestPhoneSearchGolden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		e164 string
		hits []string
		miss []string
	}{
		{
			"+821048217730",
			[]string{
				"010-4821", "+82 10", "7730", "4821-7730", "48217730", "010-4821-7730", "01048217730", "+82 10-4821-7730", "+82 010-4821",
				"0082 10 4821", "8210", "8201048217730", "０１０－４８２１", "010 4821 77", "773", "482", "+82(0)10",
			},
			[]string{"010-4822", "217", "77301", "+81"},
		},
		{"+82212345678", []string{"02-1234", "(02) 1234-5678", "1234-5678", "5678", "+82 2"}, []string{"021235"}},
		{"+82212345678;ext=12", []string{"02-1234-5678", "5678"}, []string{"67812"}},
		{"+8215881234", []string{"1588", "1588-1234", "1234"}, []string{"01588"}},
		{"+447911123456", []string{"07911", "+44 7911", "3456"}, []string{"7911"}},
		{"+14155552671", []string{"+1 415", "1415", "2671", "5555-2671", "5552671"[3:]}, nil},
		{"kim@example.com", nil, []string{"010"}},
		{"", nil, []string{"010"}},
	} {
		terms := events.PhoneTerms(c.e164)
		for _, q := range c.hits {
			if digits, ok := events.PhoneQuery(q); !ok || !found(terms, digits) {
				t.Errorf("%q (%q, %v) does not find %s %q", q, digits, ok, c.e164, terms)
			}
		}
		for _, q := range c.miss {
			if digits, ok := events.PhoneQuery(q); ok && found(terms, digits) {
				t.Errorf("%q (%q) finds %s %q", q, digits, c.e164, terms)
			}
		}
	}
}

func TestPhoneQueryRefuses(t *testing.T) {
	t.Parallel()
	for _, q := range []string{"", "01", "김서연", "010a", "1234567890123456", "ORD-87950", strings.Repeat("1", 500), "010+82"} {
		if digits, ok := events.PhoneQuery(q); ok {
			t.Errorf("PhoneQuery(%q) = %q, want none", q, digits)
		}
	}
}

func TestRefSearchGolden(t *testing.T) {
	t.Parallel()
	terms := events.RefTerms("Ord-2026-87950")
	for _, q := range []string{"ORD-2026-87950", "ord2026", "ord 2026-8", "87950", "7950", "950", "2026-87950", "ＯＲＤ－２０２６"} {
		if !found(terms, events.RefQuery(q)...) {
			t.Errorf("%q %q does not find %q", q, events.RefQuery(q), terms)
		}
	}
	for _, q := range []string{"", "50", "ord-2027", "8795", "-"} {
		if found(terms, events.RefQuery(q)...) {
			t.Errorf("%q %q finds %q", q, events.RefQuery(q), terms)
		}
	}
	if terms := events.RefTerms(" - "); terms != nil {
		t.Errorf("a reference without letters or digits has terms %q", terms)
	}
}

func FuzzNameQuery(f *testing.F) {
	for _, seed := range []string{"김서연", "김서ㅇ", "ㄳㅇ", "\u1100\u1161\u11a8", "ﾡ", "José", "Kim Seo-yeon", "İ", "\xff", "田中", "a\u0301\u0301", "ﬁ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, q string) {
		checkQuery(t, q)
		if events.NameQuery(q) == events.NameQuery(norm.NFC.String(q)) && !hasLoose(q) {
			checkNameSearch(t, q)
		}
	})
}

// hasLoose reports whether NameQuery may cut q, so that terms made of the whole of it differ.
func hasLoose(q string) bool {
	return strings.ContainsFunc(q, func(r rune) bool {
		return r >= 0x1100 && r <= 0x11ff || r >= 0x3130 && r <= 0x318f || r >= 0xffa0 && r <= 0xffdc
	})
}

func checkQuery(t failer, q string) {
	t.Helper()
	if query := events.NameQuery(q); !utf8.ValidString(query) || len(query) > 1024 {
		t.Fatalf("NameQuery(%q) = %q", q, query)
	}
	if digits, ok := events.PhoneQuery(q); ok && strings.Trim(digits, "0123456789") != "" {
		t.Fatalf("PhoneQuery(%q) = %q", q, digits)
	}
	if !found(events.RefTerms(q), events.RefQuery(q)...) && len(events.RefQuery(q)) > 0 {
		t.Fatalf("the reference %q does not find itself", q)
	}
}

func BenchmarkNameTerms(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		events.NameTerms("김서연")
	}
}

func BenchmarkPhoneTerms(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		events.PhoneTerms("+821048217730")
	}
}

func ExampleNameTerms() {
	fmt.Println(events.NameTerms("김서연"))
	fmt.Println(events.NameTerms("Seo-yeon Kim"))
	fmt.Println(events.NameQuery("김서여"), events.NameQuery("ㄱㅅㅇ"), events.NameQuery("Kim, Seo"))
	// Output:
	// [ㄱㅣㅁㅅㅓㅇㅕㄴ ㅅㅓㅇㅕㄴ ㅇㅕㄴ ㄱㅅㅇ ㅅㅇ]
	// [seoyeonkim yeonkimseo kimseoyeon]
	// ㄱㅣㅁㅅㅓㅇㅕ ㄱㅅㅇ kimseo
}

func ExamplePhoneTerms() {
	fmt.Println(events.PhoneTerms("+821048217730"))
	for _, typed := range []string{"010-4821", "+82 10", "4821-7730", "7730"} {
		fmt.Println(events.PhoneQuery(typed))
	}
	// Output:
	// [821048217730 01048217730 48217730 7730]
	// 0104821 true
	// 8210 true
	// 48217730 true
	// 7730 true
}

func ExampleRefTerms() {
	fmt.Println(events.RefTerms("ORD-87950"))
	fmt.Println(events.RefQuery("7950"))
	// Output:
	// [ORD87950 ~05978DRO]
	// [7950 ~0597]
}
