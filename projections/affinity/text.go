package affinity

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// togetherText says what a rule over baskets says.
func togetherText(r *Rule) events.Text {
	left := strings.Join(r.If, " + ")
	return events.Text{
		Ko: fmt.Sprintf("%s 주문 %s건 중 %s건(%s)에 %s 상품이 함께 있습니다. 평소의 %s배입니다.",
			left, count(r.IfCount), count(r.Both), percent(r.Confidence), r.Then, times(r.Lift)),
		En: fmt.Sprintf("%s of the %s orders with %s (%s) also have %s: %s times the usual share.",
			count(r.Both), count(r.IfCount), left, percent(r.Confidence), r.Then, times(r.Lift)),
	}
}

// buyersText says what a rule over customers says.
func buyersText(r *Rule) events.Text {
	left := strings.Join(r.If, " + ")
	return events.Text{
		Ko: fmt.Sprintf("%s 구매 고객 %s명 중 %s명(%s)이 %s 상품도 구매했습니다. 평소의 %s배입니다.",
			left, count(r.IfCount), count(r.Both), percent(r.Confidence), r.Then, times(r.Lift)),
		En: fmt.Sprintf("%s of the %s customers who bought %s (%s) also bought %s: %s times the usual share.",
			count(r.Both), count(r.IfCount), left, percent(r.Confidence), r.Then, times(r.Lift)),
	}
}

// recommendText says why something is recommended: by its weightiest reason, or because it sells.
func recommendText(o *Recommendation, days int) events.Text {
	if len(o.Why) > 0 {
		return o.Why[0].Text
	}
	return popularText(o.Recent, o.PopularPlace, days)
}

func popularText(recent, place, days int) events.Text {
	return events.Text{
		Ko: fmt.Sprintf("최근 %d일 동안 %s건의 주문에 있었습니다. 판매 %d위입니다.", days, count(recent), place),
		En: fmt.Sprintf("In %s orders of the last %d days: number %d of what sells.", count(recent), days, place),
	}
}

func interestText(i *Interest) events.Text {
	return events.Text{
		Ko: fmt.Sprintf("최근 관심의 %s가 %s입니다. 조회 %s회, 구매 %s개, 마지막은 %s.", percent(i.Share), i.Name, count(i.Looks), count(i.Purchases), date(i.Last)),
		En: fmt.Sprintf("%s of recent interest is in %s: looked at %s times, bought %s, last on %s.", percent(i.Share), i.Name, count(i.Looks), count(i.Purchases), date(i.Last)),
	}
}

func matchText(a *Arrival, m *Match, days int) events.Text {
	what := strings.TrimSpace(a.Brand + " " + a.Category)
	if m.Looks+m.Purchases == 0 {
		return events.Text{
			Ko: fmt.Sprintf("%s 조회와 구매가 없습니다. 최근 %d일 전체 판매의 %s가 이 상품군입니다.", what, days, percent(a.Share)),
			En: fmt.Sprintf("Never looked at or bought %s; of all that sold in the last %d days %s is such.", what, days, percent(a.Share)),
		}
	}
	return events.Text{
		Ko: fmt.Sprintf("%s 조회 %s회, 구매 %s개. 관심 점수는 %s입니다.", what, count(m.Looks), count(m.Purchases), percent(m.Score)),
		En: fmt.Sprintf("Looked at %s %s times and bought %s: an interest of %s.", what, count(m.Looks), count(m.Purchases), percent(m.Score)),
	}
}

func againText(a *Again) events.Text {
	what := cmp.Or(a.SKU, a.Category)
	if a.Own {
		return events.Text{
			Ko: fmt.Sprintf("%s 상품을 보통 %d일마다 구매하며 마지막 구매는 %s입니다. 다음 구매 예정일은 %s입니다.", what, a.Days, date(a.Last), date(a.DueOn)),
			En: fmt.Sprintf("Buys %s every %d days, last on %s: due again on %s.", what, a.Days, date(a.Last), date(a.DueOn)),
		}
	}
	return events.Text{
		Ko: fmt.Sprintf("%s 상품을 다시 구매하는 고객 %s명은 보통 %d일마다 구매합니다. 마지막 구매는 %s, 다음 구매 예정일은 %s입니다.", what, count(a.Customers), a.Days, date(a.Last), date(a.DueOn)),
		En: fmt.Sprintf("%s customers buy %s again every %d days; last on %s: due again on %s.", count(a.Customers), what, a.Days, date(a.Last), date(a.DueOn)),
	}
}

func upsellText(u *UpSell) events.Text {
	return events.Text{
		Ko: fmt.Sprintf("같은 %s 분류에서 %s %s 더 비싼 상품입니다. %s", u.Category, (u.Price - u.From.Price).String(), u.Currency, u.Rule.Text.Ko),
		En: fmt.Sprintf("The same category, %s, for %s %s more. %s", u.Category, (u.Price - u.From.Price).String(), u.Currency, u.Rule.Text.En),
	}
}

// count writes a number with commas.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 0, 64) + "%" }

func times(lift float64) string { return strconv.FormatFloat(lift, 'f', 1, 64) }

func date(at int64) string { return time.UnixMicro(at).In(history.Zone).Format(time.DateOnly) }
