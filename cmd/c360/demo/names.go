package demo

// The names are put together here from syllables with the frequencies of a Korean phone book, roughly; no list
// of real people was used.

type syllable struct{ hangul, roman string }

type surname struct {
	syllable
	weight int
}

var surnames = []surname{
	{syllable{"김", "kim"}, 215},
	{syllable{"이", "lee"}, 147},
	{syllable{"박", "park"}, 84},
	{syllable{"최", "choi"}, 47},
	{syllable{"정", "jung"}, 43},
	{syllable{"강", "kang"}, 24},
	{syllable{"조", "cho"}, 21},
	{syllable{"윤", "yoon"}, 21},
	{syllable{"장", "jang"}, 20},
	{syllable{"임", "lim"}, 17},
	{syllable{"한", "han"}, 16},
	{syllable{"오", "oh"}, 15},
	{syllable{"서", "seo"}, 15},
	{syllable{"신", "shin"}, 15},
	{syllable{"권", "kwon"}, 14},
	{syllable{"황", "hwang"}, 14},
	{syllable{"안", "ahn"}, 14},
	{syllable{"송", "song"}, 14},
	{syllable{"류", "ryu"}, 13},
	{syllable{"홍", "hong"}, 11},
	{syllable{"전", "jeon"}, 11},
	{syllable{"고", "ko"}, 9},
	{syllable{"문", "moon"}, 9},
	{syllable{"손", "son"}, 9},
	{syllable{"양", "yang"}, 9},
	{syllable{"배", "bae"}, 8},
	{syllable{"백", "baek"}, 7},
	{syllable{"허", "heo"}, 6},
	{syllable{"남", "nam"}, 5},
	{syllable{"심", "sim"}, 5},
	{syllable{"노", "noh"}, 5},
	{syllable{"하", "ha"}, 4},
	{syllable{"곽", "kwak"}, 4},
	{syllable{"성", "sung"}, 4},
	{syllable{"차", "cha"}, 4},
	{syllable{"주", "joo"}, 4},
	{syllable{"우", "woo"}, 4},
	{syllable{"구", "koo"}, 4},
	{syllable{"남궁", "namgung"}, 1},
	{syllable{"황보", "hwangbo"}, 1},
}

// given names by sex and generation: the first syllables and the second ones that go with them.
type givenNames struct{ first, second []syllable }

var young, old = map[string]givenNames{
	female: {
		first:  []syllable{{"서", "seo"}, {"지", "ji"}, {"민", "min"}, {"수", "su"}, {"하", "ha"}, {"예", "ye"}, {"은", "eun"}, {"유", "yu"}, {"윤", "yoon"}, {"소", "so"}, {"채", "chae"}, {"다", "da"}},
		second: []syllable{{"연", "yeon"}, {"윤", "yoon"}, {"현", "hyun"}, {"은", "eun"}, {"아", "ah"}, {"원", "won"}, {"린", "rin"}, {"진", "jin"}, {"영", "young"}, {"희", "hee"}, {"빈", "bin"}, {"나", "na"}},
	},
	male: {
		first:  []syllable{{"민", "min"}, {"서", "seo"}, {"도", "do"}, {"지", "ji"}, {"현", "hyun"}, {"우", "woo"}, {"승", "seung"}, {"시", "si"}, {"재", "jae"}, {"태", "tae"}, {"준", "jun"}, {"건", "gun"}},
		second: []syllable{{"준", "jun"}, {"우", "woo"}, {"호", "ho"}, {"진", "jin"}, {"현", "hyun"}, {"민", "min"}, {"혁", "hyuk"}, {"훈", "hoon"}, {"빈", "bin"}, {"윤", "yoon"}, {"원", "won"}, {"성", "sung"}},
	},
}, map[string]givenNames{
	female: {
		first:  []syllable{{"미", "mi"}, {"영", "young"}, {"정", "jung"}, {"경", "kyung"}, {"은", "eun"}, {"혜", "hye"}, {"선", "sun"}, {"순", "soon"}, {"명", "myung"}, {"현", "hyun"}},
		second: []syllable{{"숙", "sook"}, {"희", "hee"}, {"자", "ja"}, {"경", "kyung"}, {"정", "jung"}, {"미", "mi"}, {"주", "joo"}, {"란", "ran"}, {"옥", "ok"}, {"애", "ae"}},
	},
	male: {
		first:  []syllable{{"영", "young"}, {"성", "sung"}, {"상", "sang"}, {"정", "jung"}, {"종", "jong"}, {"기", "ki"}, {"병", "byung"}, {"재", "jae"}, {"동", "dong"}, {"광", "kwang"}},
		second: []syllable{{"수", "soo"}, {"호", "ho"}, {"철", "chul"}, {"환", "hwan"}, {"규", "kyu"}, {"식", "sik"}, {"석", "suk"}, {"일", "il"}, {"근", "keun"}, {"만", "man"}},
	},
}

const (
	female = "female"
	male   = "male"
)

// name is a person's name in Hangul, and in Latin letters for a mail address.
type name struct{ family, given, romanFamily, romanGiven string }

func (n name) full() string { return n.family + n.given }

func (d *dice) name(gender string, birthYear int) name {
	weights := make([]int, len(surnames))
	for i, s := range surnames {
		weights[i] = s.weight
	}
	family := surnames[d.weighted(weights)]
	list := young[gender]
	if birthYear < 1975 {
		list = old[gender]
	}
	first, second := one(d, list.first), one(d, list.second)
	for first == second {
		second = one(d, list.second)
	}
	return name{family.hangul, first.hangul + second.hangul, family.roman, first.roman + second.roman}
}
