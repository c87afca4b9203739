// The story the fixture server tells: one customer with a late delivery, a failed payment and a call going on.
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const names = {
  'page.viewed': ['페이지 조회', 'Page viewed'], 'product.viewed': ['상품 페이지 조회', 'Product viewed'],
  'product.added': ['장바구니에 담음', 'Added to cart'], 'payment.failed': ['결제 실패', 'Payment failed'],
  'order.completed': ['주문 완료', 'Order completed'], 'order.status_viewed': ['주문 조회', 'Checked an order'],
  'call.started': ['전화 시작', 'Call started'], 'call.ended': ['통화 종료', 'Call ended'],
  'inquiry.opened': ['1:1 문의', 'Inquiry'], 'survey.answered': ['설문 응답', 'Survey answered'],
  'message.sent': ['메시지 발송', 'Message sent'], 'store.visited': ['매장 방문', 'Store visit'],
};

let position = 1_000_000;

/** One row as the API gives it. */
export function row(time, channel, type, about, data = {}, more = {}) {
  const [ko, en] = names[type] ?? [type, type];
  const at = position--;
  const text = (name) => [name, about].filter(Boolean).join(' · ');
  return {
    position: at, id: `e${at}`, source: channel, type, channel, time: new Date(time).toISOString(), recorded_at: new Date(time + 400).toISOString(),
    fragment: '00000000-0000-5000-8000-000000000001', headline: { ko: text(ko), en: text(en) }, detail: { ko: '', en: '' }, data,
    tone: 'plain', count: 1, until: null, known: true, ...more,
  };
}

function run(count, one) {
  const oldest = Date.parse(one.time) - count * 20_000;
  const group = Array.from({ length: count }, (_, i) => (i === 0 ? one.position : position--));
  return { ...one, count, until: new Date(oldest).toISOString(), group };
}

/** The last weeks, written by hand. */
export function recent(now) {
  const at = (days, h, m) => Math.floor(now / day) * day - days * day + (h - 9) * hour + m * minute;
  return [
    row(now - 3 * minute, 'call', 'call.started', '수신', { agent: '박지훈', menu: '배송', wait_s: 100 }),
    run(2, row(now - 12 * minute, 'web', 'payment.failed', '울 블렌드 코트 (차콜, 66)', { total: 248000, currency: 'KRW', order_id: 'ORD-88213', error_code: '5104', reason: '카드사 한도 초과' }, { tone: 'bad' })),
    row(now - 19 * minute, 'web', 'product.added', '울 블렌드 코트 (차콜, 66)', { total: 248000, currency: 'KRW', category: '겨울 아우터' }),
    run(14, row(now - 26 * minute, 'web', 'product.viewed', '겨울 아우터', { category: '아우터' })),
    row(now - 41 * minute, 'inquiry', 'inquiry.opened', '배송 지연', { text: '목요일에 온다던 니트가 아직도 “상품 준비중”이에요. 선물이라 토요일까지 꼭 필요한데 오늘 출고되나요?', case_id: 'CASE-3391', order_id: 'ORD-87950', complaint: true }, { tone: 'bad' }),
    run(5, row(now - 58 * minute, 'web', 'order.status_viewed', 'ORD-87950', { order_id: 'ORD-87950', status: '상품 준비중' })),
    row(at(1, 18, 5), 'message', 'message.sent', '문자 · 겨울 아우터 신상품', { medium: 'sms', campaign: '신상품 알림' }),
    row(at(1, 12, 48), 'store', 'store.visited', '강남점', { store: '강남점', text: '코트 66 사이즈 착용. 재고 없어 온라인 주문 안내.' }),
    row(at(4, 21, 14), 'web', 'order.completed', '캐시미어 니트 외 1건', { total: 189000, currency: 'KRW', order_id: 'ORD-87950', item: '캐시미어 니트', items_count: 2, coupon: '선물 포장' }, { tone: 'good' }),
    run(22, row(at(4, 21, 2), 'app', 'page.viewed', '엄마 선물 니트', {})),
    row(at(19, 16, 30), 'inquiry', 'survey.answered', '만족도 · 2 / 5', { text: '문의할 때마다 처음부터 다시 설명해야 해서 힘들어요.', case_id: 'CASE-3187' }, { tone: 'bad' }),
    row(at(19, 15, 51), 'call', 'call.ended', '8분 12초', { agent: '최유나', text: '교환 접수 재확인. 웹에서 남긴 사진을 다시 요청함.', case_id: 'CASE-3187', resolved: false }, { tone: 'bad' }),
    row(at(20, 10, 20), 'inquiry', 'inquiry.opened', '교환 요청', { text: '소매 올이 풀려 있어요. 사진 첨부합니다.', case_id: 'CASE-3187' }),
    row(at(54, 19, 22), 'store', 'order.completed', '코엑스점 구매', { store: '코엑스점', item: '실크 블라우스', total: 129000, currency: 'KRW' }, { tone: 'good' }),
    row(at(54, 11, 0), 'message', 'message.sent', '이메일 · 회원 생일 사전 혜택', { medium: 'email', campaign: '생일 혜택' }),
  ];
}

function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The months before, drawn by lot; many events lie closer together than few. */
export function past(now, count) {
  const next = random(7);
  const rows = [];
  let time = now - 57 * day;
  for (let i = 0; i < count; i++) {
    const x = next();
    time -= count > 5000 ? next() * hour * 1.1 : next() * day * 3.2;
    if (x < 0.55) rows.push(row(time, next() < 0.6 ? 'web' : 'app', 'product.viewed', '니트 · 원피스', { category: '니트' }));
    else if (x < 0.65) rows.push(row(time, 'web', 'order.completed', '온라인몰', { order_id: `ORD-${60000 + i}`, total: (20 + Math.floor(next() * 200)) * 1000, currency: 'KRW' }, { tone: 'good' }));
    else if (x < 0.78) rows.push(row(time, 'message', 'message.sent', '문자 · 재입고', { medium: 'sms' }));
    else if (x < 0.88) rows.push(row(time, 'store', 'store.visited', '강남점', { store: '강남점' }));
    else if (x < 0.95) rows.push(row(time, 'inquiry', 'inquiry.opened', '사이즈', { text: '66 사이즈도 맞을까요?' }));
    else rows.push(row(time, 'call', 'call.ended', '4분 2초', { agent: '이준호', resolved: true }));
  }
  return rows;
}
