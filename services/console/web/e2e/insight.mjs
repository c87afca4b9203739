// Checks of segments, churn, value and offers, on the demo company: what is concluded, and the way to why.
import { atMost, same, until } from './browser.mjs';

const number = (text) => Number(text.replace(/[^\d]/g, ''));

async function customer(page, demo, id, query = '') {
  await page.goto(`${demo.base}/customers/${id}${query}`);
  await page.locator('.vital').first().waitFor();
  await page.locator('.ev').first().waitFor();
}

export const insights = {
  async 'why: a segment opens condition by condition, and an event leads into the timeline'({ browser, demo }) {
    const page = await browser.page();
    await customer(page, demo, demo.member);
    const title = demo.biggest.title.ko;
    await page.locator('.segments button', { hasText: title }).click();
    await page.locator('.why .conditions li').first().waitFor();
    same(await page.locator('.why-one[open] summary b').textContent(), title, 'the segment that is open');
    same(await page.locator('.why-one[open] .failed').count(), 0, 'conditions that fail of a segment the customer is in');
    same(new URL(page.url()).searchParams.get('why'), `segments/${demo.biggest.name}`, 'the sheet in the address');
    await page.locator('.why-one[open] .event-links button').first().click();
    await page.locator('.ev.marked').waitFor();
    same(await page.locator('dialog').count(), 0, 'sheets over the timeline');
    const linked = page.url();
    await page.goto(linked);
    await page.locator('.ev.marked').waitFor();
    await page.context().close();
  },

  async 'churn: the risk, since when, why, and the events behind it'({ browser, demo }) {
    const page = await browser.page();
    await customer(page, demo, demo.flagged.id);
    same(await page.locator('.vital.high dd').textContent(), `${demo.flagged.risk}높음`, 'the risk in the header');
    same(number(await page.locator('.risk strong').textContent()), demo.flagged.risk, 'the risk in the column');
    same(await page.locator('.factors li').first().locator('span').textContent(), demo.flagged.reasons[0].text.ko, 'the heaviest reason');
    const points = (await page.locator('.trend').getAttribute('aria-label')).split(',').length;
    same(points, 12, 'points of the trend');
    await page.locator('.basis button').click();
    await page.locator('.why-reasons li').first().waitFor();
    await page.locator('.why-reasons .event-links button').first().click();
    await page.locator('.ev.marked').waitFor();
    await page.context().close();
  },

  async 'as of: a past day stands beside now, moves by keys, and leads back'({ browser, demo }) {
    const page = await browser.page();
    const before = new Date(Date.parse(demo.flagged.since) - 30 * 864e5).toISOString().slice(0, 10);
    await customer(page, demo, demo.flagged.id, `?asof=${before}`);
    await page.locator('.past-bar').waitFor();
    await page.locator('.compare tbody tr').first().waitFor();
    const [then, now] = await page.locator('.compare tbody tr').first().locator('td').allTextContents();
    same(Number(now), demo.flagged.risk, 'the risk now');
    if (Number(then) >= 50) throw new Error(`the risk was ${then} a month before the flag`);
    same(await page.locator('.vital.high').count(), 0, 'flags in the header before the flag went up');
    await page.keyboard.press('[');
    await until(page, '[ goes a week back', (day) => new URLSearchParams(location.search).get('asof') < day, before);
    await page.locator('.past-bar button').click();
    await until(page, 'back to now', () => !document.querySelector('.past-bar') && !new URLSearchParams(location.search).has('asof'));
    await page.locator('.vital.high').waitFor();
    await page.context().close();
  },

  async 'segments: the list, one of them, its people, who came and went, and what it would have done'({ browser, demo }) {
    const page = await browser.page();
    await page.goto(`${demo.base}/ops`);
    await page.locator('h1').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await until(page, 'g s lists the segments', (n) => document.querySelectorAll('.seg-rows a').length === n, demo.segments.length);
    await page.locator('.seg-rows a', { hasText: demo.biggest.title.ko }).click();
    await page.locator('.figure').nth(1).waitFor();
    same(number(await page.locator('.seg-count strong').textContent()), demo.biggest.members, 'members');
    await page.locator('.figure button').first().click();
    same(await page.locator('.figure').first().locator('tbody tr').count(), await page.locator('.figure').nth(1).locator('rect.up').count(), 'months of the table and of the bars');
    await page.locator('.outcomes tbody tr').nth(2).waitFor();
    await page.getByRole('tab').nth(1).click();
    await page.locator('.people li').first().waitFor();
    same(await page.locator('.people li').count(), Math.min(50, demo.biggest.members), 'people of the first page');
    await page.getByRole('tab').nth(2).click();
    await page.locator('.passages li').first().waitFor();
    await page.locator('.passages a[href*="?ev="]').first().click();
    await page.locator('.ev.marked').waitFor();
    await page.context().close();
  },

  async 'segments: a change is counted while it is typed, points at its faults, and is saved'({ browser, demo }) {
    const page = await browser.page();
    page.expected = /40[0-9]|422/;
    const asked = [];
    page.on('request', (request) => request.url().includes('/v1/segments/preview') && asked.push(request.postData()));
    const { name } = demo.segments.find((s) => s.name === 'million-won-year');
    await page.goto(`${demo.base}/segments/${name}?tab=edit`);
    await page.locator('.preview-count').waitFor();
    const all = number(await page.locator('.preview-count strong').textContent());
    const text = page.locator('#rule-text');
    const rule = JSON.parse(await text.inputValue());
    const written = (more) => JSON.stringify({ ...rule, ...more });
    asked.length = 0;
    await text.fill('');
    await text.pressSequentially(written({ '>=': 2_000_000 }), { delay: 8 });
    await until(page, 'fewer are in with two million', (n) => Number(document.querySelector('.preview-count strong')?.textContent.replace(/\D/g, '')) < n, all);
    atMost(asked.length, 3, 'questions while a rule was typed in one go');
    await text.fill(written({ within: 'soon' }));
    await page.locator('.failure code').waitFor();
    same(await page.locator('.failure code').textContent(), '/within', 'the place of the fault');
    await page.locator('.failure button').click();
    same(await text.evaluate((el) => el.value.slice(el.selectionStart, el.selectionEnd)), '"soon"', 'what is selected');
    await text.fill('{"all": [');
    await until(page, 'what is no JSON is said to be none', () => document.querySelector('.editor .none'));
    same(await page.locator('.actions .pri').isDisabled(), true, 'saving what is no JSON');
    await text.fill(written({ '>=': 1_500_000 }));
    await page.locator('.preview-count').waitFor();
    await page.locator('.actions .pri').click();
    await until(page, 'it is saved', () => document.querySelector('.actions [role=status]').textContent !== '');
    await until(page, 'it is version 2', () => /2판/.test(document.querySelector('.seg-top .sub')?.textContent ?? ''));
    await page.context().close();
  },

  async 'churn: the list by risk and by date, the policy, and a backtest beside plain recency'({ browser, demo }) {
    const page = await browser.page();
    await page.goto(`${demo.base}/segments`);
    await page.locator('h1').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.locator('.flag-rows li').first().waitFor();
    const risks = (await page.locator('.flag-rows .risk-mark b').allTextContents()).map(Number);
    same(risks, risks.toSorted((a, b) => b - a), 'risks from high to low');
    await page.locator('.choices button').nth(1).click();
    await until(page, 'the order is in the address', () => new URLSearchParams(location.search).get('order') === 'since');
    await page.locator('.figure').nth(2).waitFor();
    const figures = page.locator('.figure');
    for (let i = 0; i < 3; i++) {
      same(await figures.nth(i).locator('.line.plain').count() > 0, true, `plain recency in chart ${i}`);
      await figures.nth(i).locator('button').click();
      same(await figures.nth(i).locator('tbody tr').count() > 2, true, `rows in table ${i}`);
    }
    const net = await figures.nth(2).locator('tbody tr').last().locator('td').nth(1).textContent();
    await page.locator('.cost-fields input').first().fill('20000');
    await until(page, 'dearer contacts gain less', (before) => document.querySelectorAll('.figure')[2].querySelector('tbody tr:last-child td:nth-of-type(2)').textContent !== before, net);
    await page.context().close();
  },
};
