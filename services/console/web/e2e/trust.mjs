// Checks of what must hold when things go wrong, or when somebody means harm.
import { atMost, openCustomer, same, until } from './browser.mjs';
import { payloads } from './payloads.mjs';
import { find, haneul, line, send } from './seed.mjs';

/** A customer made of payloads: every trait, every property, and the names of properties. */
export async function seedAttack(base) {
  const now = Date.now();
  const who = { user_id: 'u-xss', phone: '010-0555-0001', loyalty_id: payloads[0].slice(0, 60) };
  const at = (i) => now - 60_000 - i * 3_600_000;
  /** Some payloads as names of properties; two that differ in case only are refused, so one of them is taken. */
  const named = (i) => {
    const names = new Map(payloads.slice(i, i + 6).map((payload) => [payload.toLowerCase(), payload]));
    return Object.fromEntries([...names.values()].map((name, j) => [name, payloads[(i + j + 1) % payloads.length]]));
  };
  const lines = [line('customer.identified', 'web', at(200), who, {
    traits: { name: payloads[1], given_name: payloads[2], city: payloads[3], district: payloads[40], tier: payloads[4], home_store: payloads[5], address: payloads[41], language: payloads[6], gender: payloads[7], joined_on: payloads[8], ...named(0) },
  })];
  payloads.forEach((p, i) => {
    const q = payloads[(i + 7) % payloads.length];
    lines.push(line('inquiry.opened', 'inquiry', at(i), who, { inquiry_id: `X-${i}`, case_id: p.slice(0, 60), subject: p, body: q, category: q, order_id: q.slice(0, 60) }));
    lines.push(line('page.viewed', 'web', at(i) - 60_000, who, { title: p, url: p, path: q, referrer: q, ...named(i % 60) }));
    lines.push(line('note.added', 'store', at(i) - 120_000, who, { note_id: `N-${i}`, text: p, author: q, store: p, pinned: i < 3 }));
    lines.push(line('call.ended', 'call', at(i) - 180_000, who, { call_id: `C-${i}`, summary: p, agent: q, topic: p, duration_s: 61 }));
    lines.push(line('payment.failed', 'web', at(i) - 240_000, who, { order_id: p.slice(0, 60), amount: 1000, currency: i % 2 ? 'KRW' : 'XX', reason: p, error_code: q, method: q }));
    lines.push(line('message.sent', 'message', at(i) - 300_000, who, { message_id: `M-${i}`, medium: p, subject: q, campaign: p }));
    lines.push(line('consent.given', 'web', at(i) - 360_000, who, { purpose: p.slice(0, 60), medium: q.slice(0, 60) }));
  });
  return find(base, 'user_id:u-xss', await send(base, lines));
}

/** Elements that only markup out of an event could have made. */
const foreign = '#root :is(img,script,iframe,object,embed,video,audio,style,link,base,meta,form,marquee,math,template,[onerror],[onload],[onclick],[onfocus],[onmouseover]), #root a:not(.rail a, .skip)';

export const trusts = {
  async 'text out of events stays text, in every field and in the names of fields'({ browser, base, people }) {
    for (const width of [1440, 390]) {
      const page = await browser.page({ width });
      await openCustomer(page, base, people.xss);
      const check = async (where) => same(await page.locator(foreign).evaluateAll((found) => found.map((e) => e.outerHTML.slice(0, 200))), [], `foreign elements ${where}`);
      if (!(await page.locator('h1').textContent()).includes(payloads[1])) throw new Error('the name is not shown as it is');
      await page.locator('.others summary').evaluate((summary) => summary.click());
      const scrolled = page.locator(width === 390 ? '.page' : '.mid');
      for (let i = 0; i < (width === 390 ? 20 : 45); i++) {
        await page.locator('.ev .open[aria-expanded=false]').nth(2).evaluate((button) => button.click()).catch(() => {});
        await scrolled.evaluate((el) => el.scrollBy(0, 700));
        await page.waitForTimeout(60);
        if (i % 9 === 0) await check(`after ${i} screens at ${width}`);
      }
      await page.keyboard.press('e');
      await page.locator('.proofs li').first().waitFor();
      await check('in the evidence');
      await page.keyboard.press('Escape');
      await page.goto(`${base}/?q=${encodeURIComponent(payloads[1])}`);
      await page.waitForTimeout(500);
      await check('in search');
      await page.context().close();
    }
    return `${payloads.length} payloads`;
  },

  async 'live: an event appears by itself, and does not move who reads further down'({ browser, base, people }) {
    const page = await browser.page();
    await openCustomer(page, base, people.haneul);
    await until(page, 'the pill says live', () => document.querySelector('.live-pill')?.dataset.state === 'live');
    const started = Date.now();
    await send(base, [line('wishlist.product_added', 'app', Date.now(), haneul, { sku: 'L-1', name: '지금 담은 것' })]);
    await until(page, 'the new event is on top', () => document.querySelector('.ev .title')?.textContent?.includes('지금 담은 것'), undefined, 5_000);
    const took = Date.now() - started;
    await page.locator('.mid').evaluate((el) => el.scrollTo(0, 1_500));
    await page.waitForTimeout(300);
    const inSight = () => page.evaluate(() => {
      const rows = [...document.querySelectorAll('.ev')].map((e) => [Math.round(e.getBoundingClientRect().top), e.querySelector('.title').textContent]);
      return rows.find(([top]) => top > 350);
    });
    const before = await inSight();
    await send(base, [1, 2, 3].map((n) => line('wishlist.product_added', 'app', Date.now() + n, haneul, { sku: `L-${n}`, name: `나중 ${n}` })));
    await page.locator('.fresh button').waitFor();
    await until(page, 'three wait', () => /3/.test(document.querySelector('.fresh').textContent));
    same(await inSight(), before, 'what the reader sees while events wait');
    await page.locator('.fresh button').click();
    await until(page, 'they are shown when asked for', () => document.querySelector('.ev .title')?.textContent?.includes('나중 3') && !document.querySelector('.fresh'));
    await page.context().close();
    return `${took} ms from the sending to the screen`;
  },

  async 'live: two tabs share one stream, and the second takes over'({ browser, base, people }) {
    const first = await browser.page();
    const streams = [];
    first.context().on('request', (request) => new URL(request.url()).pathname === '/v1/stream' && streams.push(request.frame().page()));
    await openCustomer(first, base, people.haneul);
    const live = (page) => until(page, 'the pill says live', () => document.querySelector('.live-pill')?.dataset.state === 'live');
    await live(first);
    const second = await first.context().newPage();
    await openCustomer(second, base, people.haneul);
    await live(second);
    same(new Set(streams).size, 1, 'tabs with a stream of their own');
    await send(base, [line('wishlist.product_added', 'app', Date.now(), haneul, { sku: 'T-1', name: '두 탭' })]);
    for (const page of [first, second]) await until(page, 'both tabs show the event', () => document.querySelector('.tl')?.textContent?.includes('두 탭'));
    await first.close();
    await until(second, 'the second leads', () => document.querySelector('.live-pill')?.dataset.state === 'live');
    await send(base, [line('wishlist.product_added', 'app', Date.now(), haneul, { sku: 'T-2', name: '남은 탭' })]);
    await until(second, 'the second goes on alone', () => document.querySelector('.tl')?.textContent?.includes('남은 탭'));
    await second.context().close();
  },

  async 'home: what happens now, and the way to its customer'({ browser, base }) {
    const page = await browser.page();
    await page.goto(base);
    await page.locator('.activity li').first().waitFor();
    await send(base, [line('wishlist.product_added', 'app', Date.now(), haneul, { sku: 'H-1', name: '모두가 보는 것' })]);
    const mine = page.locator('.activity a', { hasText: '모두가 보는 것' });
    await mine.waitFor();
    await mine.click();
    await until(page, 'the line leads to its customer', () => document.querySelector('h1')?.textContent?.includes('김하늘'));
    await page.context().close();
  },

  async 'offline: the page says so, stays, and catches up'({ browser, base, people }) {
    const page = await browser.page();
    page.expected = /ERR_INTERNET_DISCONNECTED|ERR_NETWORK|Failed to load/;
    await openCustomer(page, base, people.haneul);
    await until(page, 'the pill says live', () => document.querySelector('.live-pill')?.dataset.state === 'live');
    await page.context().setOffline(true);
    await page.locator('.offline').waitFor();
    await send(base, [line('wishlist.product_added', 'app', Date.now(), haneul, { sku: 'O-1', name: '끊긴 사이' })]);
    if ((await page.locator('.ev').count()) === 0) throw new Error('the page went blank');
    await page.context().setOffline(false);
    await until(page, 'what was missed comes in', () => document.querySelector('.tl')?.textContent?.includes('끊긴 사이'), undefined, 25_000);
    await page.context().close();
  },

  async 'a panel that fails says so and can be tried again; a customer who is nobody is told apart'({ browser, base, people }) {
    const page = await browser.page();
    page.expected = /40[04]|503|Failed to load/;
    await page.route('**/timeline?*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"not yet"}' }));
    await page.goto(`${base}/customers/${people.haneul}`);
    await page.locator('.tl .failure').waitFor();
    await page.locator('.before').waitFor();
    await page.unroute('**/timeline?*');
    await page.locator('.tl .failure button').click();
    await page.locator('.ev').first().waitFor();
    await page.goto(`${base}/customers/00000000-0000-5000-8000-000000000000`);
    await page.locator('.nothing').waitFor();
    await page.context().close();
  },

  async 'the page holds no more than it should'({ browser, base, people }) {
    const page = await browser.page({ width: 390, height: 844 });
    await openCustomer(page, base, people.haneul);
    atMost(await page.evaluate(() => document.querySelectorAll('*').length), 1_500, 'elements in the page');
    const brief = await page.locator('.before').evaluate((el) => el.getBoundingClientRect().bottom - document.querySelector('.dock').getBoundingClientRect().top);
    atMost(brief, 0, 'pixels of the brief hidden below the fold of a phone');
    await page.context().close();
  },
};
