package headline_test

import (
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/headline"
)

func won(n int64) events.Money { return events.Money(n * 10_000) }

func TestOf(t *testing.T) {
	t.Parallel()
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	book := headline.NewBook(catalogue)
	low, no := 2.0, false
	cases := []struct {
		name, eventType    string
		facts              headline.Facts
		titleKo, titleEn   string
		detailKo, detailEn string
		tone               headline.Tone
	}{
		{
			name: "order with several items", eventType: "order.completed",
			facts:   headline.Facts{OrderID: "ORD-87950", Item: "캐시미어 니트", ItemsCount: 2, Total: won(189000), Currency: "KRW"},
			titleKo: "주문 · 캐시미어 니트 외 1건", titleEn: "Order · 캐시미어 니트 and 1 more",
			detailKo: "₩189,000 · ORD-87950", detailEn: "₩189,000 · ORD-87950", tone: headline.Good,
		},
		{
			name: "purchase in a store", eventType: "order.completed",
			facts:   headline.Facts{Store: "코엑스점", Item: "실크 블라우스", Total: won(129000)},
			titleKo: "코엑스점 구매 · 실크 블라우스", titleEn: "Purchase at 코엑스점 · 실크 블라우스",
			detailKo: "₩129,000 · 코엑스점", detailEn: "₩129,000 · 코엑스점", tone: headline.Good,
		},
		{
			name: "failed payment in another currency", eventType: "payment.failed",
			facts:   headline.Facts{Total: 125_000, Currency: "USD", Reason: "한도 초과", ErrorCode: "5104"},
			titleKo: "결제 실패", titleEn: "Payment failed",
			detailKo: "12.50 USD · 한도 초과 · 오류 5104", detailEn: "12.50 USD · 한도 초과 · error 5104", tone: headline.Bad,
		},
		{
			name: "call", eventType: "call.ended",
			facts:   headline.Facts{DurationS: 492, Agent: "최유나", Resolved: &no},
			titleKo: "통화 · 8분 12초", titleEn: "Call · 8 min 12 s",
			detailKo: "상담원 최유나 · 해결 안 됨", detailEn: "agent 최유나 · not resolved", tone: headline.Bad,
		},
		{
			name: "low score", eventType: "survey.answered",
			facts:   headline.Facts{Kind: "csat", Score: &low, Scale: 5, Text: "  다시\n설명해야  해요 "},
			titleKo: "설문 응답 · 만족도 · 2 / 5", titleEn: "Survey answered · satisfaction · 2 / 5",
			detailKo: "“다시 설명해야 해요”", detailEn: "“다시 설명해야 해요”", tone: headline.Bad,
		},
		{
			name: "a type nobody knows", eventType: "custom.song_played",
			titleKo: "song played", titleEn: "song played", tone: headline.Plain,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			title, detail := book.Say(c.eventType, &c.facts)
			want := [2]headline.Text{{Ko: c.titleKo, En: c.titleEn}, {Ko: c.detailKo, En: c.detailEn}}
			if got := [2]headline.Text{title, detail}; got != want {
				t.Errorf("says %q, want %q", got, want)
			}
			if tone := book.Tone(c.eventType, &c.facts); tone != c.tone {
				t.Errorf("tone %s, want %s", tone, c.tone)
			}
		})
	}
}

func TestAmount(t *testing.T) {
	t.Parallel()
	for want, give := range map[string]events.Money{
		"": 0, "₩1": won(1), "₩999": won(999), "₩1,000": won(1000), "₩4,812,000": won(4812000), "₩-1,234": won(-1234), "₩2.55": 25500,
	} {
		if got := headline.Amount(give, ""); got != want {
			t.Errorf("Amount(%d) = %q, want %q", give, got, want)
		}
	}
}

func TestQuoteIsBounded(t *testing.T) {
	t.Parallel()
	if got, want := headline.Quote("가나다라마", 3), "“가나다…”"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
