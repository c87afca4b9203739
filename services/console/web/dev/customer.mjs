// The customer of the fixture server, counted from its own rows.
const day = 86_400_000;
const id = '00000000-0000-5000-8000-000000000001';

export function customer(rows, now) {
  const ago = (ms) => new Date(now - ms).toISOString();
  const iso = (days) => ago(days * day);
  const trait = (value) => ({ value, grade: 'asserted', source: 'pos', time: iso(200) });
  const identifier = (kind, value, grade = 'asserted', more = {}) => ({ kind, value, grade, fragments: [id], first_seen: iso(400), inert: false, ...more });
  const text = (ko, en) => ({ ko, en });
  const orders = rows.filter((r) => r.type === 'order.completed');
  const sum = orders.reduce((total, r) => total + r.data.total, 0);
  return {
    id, name: '김서연', initials: '서연', fragments: [{ id, first_seen: iso(540), last_seen: ago(0), events: rows.length, channels: ['web'], sources: ['web'] }],
    identifiers: [
      identifier('phone', '+821048217730'), identifier('email', 'seoyeon.k@example.com', 'verified'), identifier('loyalty_id', 'LM-2207-41893'),
      identifier('anonymous_id', '7f3a9b02-5e1d-4c21', 'claimed'), identifier('email', 'somebody@example.org', 'claimed'), identifier('phone', '+8215880000', 'asserted', { inert: true }),
    ],
    traits: {
      birth_date: trait('1990-12-03'), gender: trait('female'), city: trait('서울'), district: trait('강남구'), tier: trait('gold'), joined_on: trait('2022-07-14'),
      home_store: trait('강남점'), address: trait('강남구 역삼동'), size_top: trait('66'), likes: trait(['니트', '코트']),
    },
    totals: {
      events: rows.length, by_channel: Object.fromEntries(['web', 'app', 'call', 'store', 'inquiry', 'message'].map((c) => [c, rows.filter((r) => r.channel === c).length])),
      by_type: {}, orders: orders.length, cancelled: 1, revenue: [{ currency: 'KRW', amount: sum }], refunded: [{ currency: 'KRW', amount: 49000 }],
      first_order_at: orders.at(-1)?.time ?? null, last_order_at: orders[0]?.time ?? null, by_quarter: quarters(orders),
    },
    first_seen: iso(540), last_seen: ago(0), last_channel: 'call', segments: [], churn: null, value: null, recommendations: [],
    consents: [
      ['marketing', 'sms', true], ['marketing', 'email', true], ['marketing', 'push', false], ['night', '*', false], ['third_party', '*', false],
    ].map(([purpose, medium, given]) => ({ purpose, medium, given, time: iso(300), source: 'app' })),
    cases: [
      { id: 'CASE-3391', subject: '배송 지연, 선물 기한 임박', category: '배송', complaint: true, state: 'open', opened_at: ago(41 * 60_000), answered_at: null, closed_at: null, channel: 'inquiry', order_id: 'ORD-87950', agent: '' },
      { id: 'CASE-3187', subject: '니트 소매 올 풀림 교환', category: '교환', complaint: false, state: 'answered', opened_at: iso(20), answered_at: iso(19), closed_at: null, channel: 'inquiry', order_id: '', agent: '최유나' },
      { id: 'CASE-2990', subject: '사이즈', category: '', complaint: false, state: 'closed', opened_at: iso(90), answered_at: iso(89), closed_at: iso(89), channel: 'inquiry', order_id: '', agent: '' },
    ],
    notes: [
      { id: 'n1', text: '오전 통화 꺼림. 문자 먼저 보내고 오후에 연락.', author: '이준호', store: '강남점', pinned: true, time: iso(54) },
      { id: 'n2', text: '상의 66, 어깨 넓은 핏 선호. 어머니 선물을 자주 고름.', author: '정하은', store: '코엑스점', pinned: false, time: iso(200) },
    ],
    ribbon: ribbon(rows, now),
    brief: {
      since: ago(58 * 60_000), until: ago(0), channels: 3, events: 24,
      steps: [
        ['web', 58, text('주문 배송 상태를 5번 확인', 'Checked delivery 5 times'), text('ORD-87950 · 상품 준비중', 'ORD-87950 · preparing'), 'plain'],
        ['inquiry', 41, text('배송 지연 문의, 답변 없음', 'Late-delivery inquiry, no reply'), text('“선물이라 토요일까지 꼭”', '“선물이라 토요일까지 꼭”'), 'bad'],
        ['web', 12, text('결제 2회 실패', 'Payment failed twice'), text('울 블렌드 코트 ₩248,000', '울 블렌드 코트 ₩248,000'), 'bad'],
        ['call', 3, text('전화 연결', 'Call connected'), text('배송 메뉴 선택', 'chose “delivery”'), 'live'],
      ].map(([channel, minutes, title, detail, tone], i) => ({ time: ago(minutes * 60_000), channel, type: 'x', title, detail, tone, count: 1, position: rows[i].position })),
      reason: text('ORD-87950 출고 확인이 먼저, 결제 오류는 그다음', 'Confirm ORD-87950 dispatch first, then the payment error'),
      evidence: [rows[4].position, rows[1].position],
    },
    rhythm: { usual_gap_days: 12, silent_days: 0 },
    position: 1_000_000,
  };
}

function quarters(orders) {
  const sums = new Map();
  for (const { time, data } of orders) {
    const at = new Date(time);
    const code = `${at.getUTCFullYear()}Q${Math.floor(at.getUTCMonth() / 3) + 1}`;
    sums.set(code, (sums.get(code) ?? 0) + data.total);
  }
  return [...sums].map(([quarter, amount]) => ({ quarter, currency: 'KRW', amount }));
}

function ribbon(rows, now) {
  const weeks = 78;
  const monday = Math.floor((now / day - 4) / 7) * 7 + 4;
  const start = monday - 7 * (weeks - 1);
  const channels = Object.fromEntries(['web', 'app', 'call', 'store', 'inquiry', 'message'].map((c) => [c, Array(weeks).fill(0)]));
  for (const { time, channel, count } of rows) {
    const week = Math.floor((Date.parse(time) / day - start) / 7);
    if (week >= 0 && week < weeks) channels[channel][week] += count;
  }
  return { start: new Date(start * day).toISOString().slice(0, 10), weeks, channels };
}
