package demo

// The company's stores, and the districts its customers live in. Districts are real places; nobody's address is.

type store struct{ code, name string }

var stores = []store{
	{"gangnam", "강남점"},
	{"coex", "코엑스점"},
	{"myeongdong", "명동점"},
	{"hongdae", "홍대점"},
	{"jamsil", "잠실점"},
	{"yeouido", "여의도점"},
	{"pangyo", "판교점"},
	{"suwon", "수원점"},
	{"incheon", "인천점"},
	{"daejeon", "대전점"},
	{"daegu", "대구점"},
	{"seomyeon", "서면점"},
}

type district struct {
	city, name string
	store      int // the nearest one
	weight     int
}

var districts = []district{
	{"서울", "강남구", 0, 60},
	{"서울", "서초구", 0, 45},
	{"서울", "송파구", 4, 62},
	{"서울", "강동구", 4, 35},
	{"서울", "마포구", 3, 45},
	{"서울", "서대문구", 3, 24},
	{"서울", "은평구", 3, 28},
	{"서울", "영등포구", 5, 35},
	{"서울", "양천구", 5, 30},
	{"서울", "관악구", 5, 30},
	{"서울", "중구", 2, 18},
	{"서울", "용산구", 2, 22},
	{"서울", "성북구", 2, 26},
	{"서울", "노원구", 2, 30},
	{"서울", "광진구", 1, 26},
	{"서울", "성동구", 1, 28},
	{"성남", "분당구", 6, 55},
	{"용인", "수지구", 6, 34},
	{"수원", "영통구", 7, 40},
	{"수원", "팔달구", 7, 22},
	{"화성", "동탄", 7, 34},
	{"인천", "연수구", 8, 36},
	{"인천", "부평구", 8, 30},
	{"부천", "원미구", 8, 24},
	{"대전", "유성구", 9, 32},
	{"대전", "서구", 9, 24},
	{"세종", "보람동", 9, 16},
	{"대구", "수성구", 10, 34},
	{"대구", "달서구", 10, 26},
	{"부산", "부산진구", 11, 30},
	{"부산", "해운대구", 11, 34},
	{"부산", "동래구", 11, 20},
	{"창원", "성산구", 11, 16},
	{"광주", "서구", 9, 14},
	{"제주", "제주시", 0, 10},
}

func (d *dice) district() district {
	weights := make([]int, len(districts))
	for i, place := range districts {
		weights[i] = place.weight
	}
	return districts[d.weighted(weights)]
}

// The people who work there. They are the company's, and as made up as the customers.
var (
	callAgents  = []string{"박지훈", "최유나", "김도현", "이수빈", "정하람", "오세린", "한지우", "임채원"}
	storeStaff  = []string{"이준호", "정하은", "강민서", "윤가은", "조현우", "신예린", "백승민", "문다희"}
	replyAgents = []string{"최유나", "송민아", "권태윤", "황지수", "안소윤"}
)
