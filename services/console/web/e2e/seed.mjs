// Puts people into a fresh c360, through the door everybody uses: POST /v1/import, as a source whose word counts.
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let made = 0;

/** One line of an import file. */
export function line(type, channel, time, who, data = {}, id = `e2e-${made++}`) {
  return JSON.stringify({ id, type, channel, time: new Date(time).toISOString(), identifiers: who, data });
}

/** Sends lines and answers the position of the last. */
export async function send(base, lines) {
  const response = await fetch(`${base}/v1/import?format=ndjson`, {
    method: 'POST', body: `${lines.join('\n')}\n`, headers: { authorization: `Basic ${btoa('POSKEY:')}`, 'content-type': 'application/x-ndjson' },
  });
  const answer = await response.json();
  if (!response.ok || answer.rejected > 0) throw new Error(`import: ${response.status} ${JSON.stringify(answer)}`);
  return answer.position;
}

/** The customer an identifier belongs to, once everything up to a position is folded. */
export async function find(base, identifier, position) {
  const response = await fetch(`${base}/v1/customers?identifier=${encodeURIComponent(identifier)}&wait=${position}`);
  const { customers } = await response.json();
  if (customers?.length !== 1) throw new Error(`${identifier}: found ${customers?.length} customers`);
  return customers[0].id;
}

const identified = (time, who, traits) => line('customer.identified', 'web', time, who, { traits });

/** The heroine: an order that is late, an inquiry nobody answered, a payment that failed, a call going on. */
export const haneul = { user_id: 'u-1', phone: '010-0999-7730', email: 'haneul@example.com', loyalty_id: 'LM-0001' };

function story(now) {
  const who = haneul;
  const coat = { sku: 'C-1', name: '울 블렌드 코트', price: 248000, currency: 'KRW', category: '아우터' };
  return [
    identified(now - 500 * day, who, { name: '김하늘', given_name: '하늘', birth_date: '1990-12-03', gender: 'female', city: '서울', district: '강남구', tier: 'gold', joined_on: '2022-07-14', home_store: '강남점' }),
    line('note.added', 'store', now - 60 * day, who, { note_id: 'N-1', text: '오전 통화 꺼림. 문자 먼저.', author: '이준호', store: '강남점', pinned: true }),
    line('consent.given', 'web', now - 400 * day, who, { purpose: 'marketing', medium: 'sms' }),
    line('consent.withdrawn', 'web', now - 300 * day, who, { purpose: 'night', medium: '*' }),
    ...Array.from({ length: 60 }, (_, i) => line('store.visited', 'store', now - (90 + 7 * i) * day, who, { store: '강남점' })),
    line('order.completed', 'store', now - 54 * day, who, { order_id: 'ORD-1001', total: 129000, currency: 'KRW', store: '코엑스점', items: [{ sku: 'B-1', name: '실크 블라우스', price: 129000, quantity: 1 }] }),
    line('message.sent', 'message', now - 5 * day, who, { message_id: 'M-1', medium: 'sms', subject: '겨울 신상품' }),
    line('message.opened', 'message', now - 5 * day + hour, who, { message_id: 'M-1', medium: 'sms', subject: '겨울 신상품' }),
    line('order.completed', 'web', now - 4 * day, who, { order_id: 'ORD-87950', total: 189000, currency: 'KRW', items: [{ sku: 'K-1', name: '캐시미어 니트', price: 100000, quantity: 1 }, { sku: 'K-2', name: '장갑', price: 89000, quantity: 1 }] }),
    ...Array.from({ length: 5 }, (_, i) => line('order.status_viewed', 'web', now - 58 * minute + i * 20_000, who, { order_id: 'ORD-87950', status: 'preparing' })),
    line('inquiry.opened', 'inquiry', now - 41 * minute, who, { inquiry_id: 'CASE-3391', case_id: 'CASE-3391', subject: '배송 지연', body: '선물이라 토요일까지 꼭 필요한데 오늘 출고되나요?', order_id: 'ORD-87950' }),
    ...Array.from({ length: 14 }, (_, i) => line('product.viewed', 'web', now - 26 * minute + i * 10_000, who, coat)),
    line('payment.failed', 'web', now - 12 * minute, who, { order_id: 'ORD-88213', amount: 248000, currency: 'KRW', reason: '한도 초과', error_code: '5104', method: 'card' }),
    line('call.started', 'call', now - 3 * minute, who, { call_id: 'CALL-1', direction: 'inbound', agent: '박지훈', menu: '배송', wait_s: 100 }),
  ];
}

/** Others, for search: a namesake, and somebody with the same last digits. */
function others(now) {
  return [
    identified(now - 30 * day, { user_id: 'u-2', phone: '010-0888-7730' }, { name: '오민재' }),
    identified(now - 31 * day, { user_id: 'u-3', phone: '010-0777-1234' }, { name: '강서우' }),
  ];
}

export const busy = { user_id: 'u-busy', phone: '010-0666-0001' };

/** A customer with very many events, of types that alternate so that few of them group. */
function* flood(now, count) {
  yield identified(now - 540 * day, busy, { name: '다방문' });
  const step = (500 * day) / count;
  for (let i = 0; i < count; i++) {
    const even = i % 2 === 0;
    yield line(even ? 'product.viewed' : 'page.viewed', 'web', now - day - i * step, busy, even ? { sku: `S-${i}`, name: `상품 ${i}` } : { title: `쪽 ${i}`, path: '/p' });
  }
}

export async function seed(base, count) {
  const now = Date.now();
  let position = await send(base, [...story(now), ...others(now)]);
  let lines = [];
  for (const one of flood(now, count)) {
    if (lines.push(one) === 5_000) {
      position = await send(base, lines);
      lines = [];
    }
  }
  if (lines.length > 0) position = await send(base, lines);
  return {
    haneul: await find(base, 'phone:+821009997730', position),
    busy: await find(base, 'phone:+821006660001', position),
  };
}
