import { describe as suite, expect, it } from 'vitest';
import { speech } from '../../i18n';
import { describe } from './describe';
import { event } from './sample';

const ko = speech('ko');
const say = (type: string, title: string, data: object) => describe(event(1, '2026-11-21T05:00:00Z', { type, data, headline: { ko: title, en: title } }), [], ko);

suite('a row', () => {
  it('strikes out the amount of a failed payment and takes back that of a refund', () => {
    expect(say('payment.failed', '결제 실패', { total: 248000 }).amount).toEqual({ text: '₩248,000', look: 'failed' });
    expect(say('order.refunded', '환불', { total: 49000, currency: 'KRW' }).amount).toEqual({ text: '−₩49,000', look: 'back' });
    expect(say('order.completed', '주문', { total: 189000, currency: 'KRW' }).amount?.look).toBe('paid');
    expect(say('product.viewed', '조회', { total: 248000 }).amount).toBeNull();
  });
  it('does not repeat what its headline says', () => {
    const row = say('order.completed', '주문 완료 · 캐시미어 니트 외 1건', { item: '캐시미어 니트', items_count: 2, order_id: 'ORD-1' });
    expect(row.detail).toBe('');
    expect(row.chips).toEqual([{ text: 'ORD-1', look: 'id' }]);
  });
  it('quotes what the customer said, and no one else', () => {
    expect(say('inquiry.opened', '문의', { text: '언제 오나요?' }).quote).toBe('언제 오나요?');
    expect(say('call.ended', '통화', { text: '교환 안내함', agent: '최유나' })).toMatchObject({ quote: '', detail: '교환 안내함', by: '상담원 최유나' });
  });
  it('flags what went wrong', () => {
    expect(say('call.ended', '통화', { resolved: false, error_code: '5104', complaint: true }).chips.map((chip) => chip.look)).toEqual(['bad', 'bad', 'bad']);
  });
});
