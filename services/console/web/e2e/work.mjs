// Checks of what people do: find somebody, read, jump, go on by keyboard, in Korean too.
import { atMost, openCustomer, same, until } from './browser.mjs';

const path = (page) => new URL(page.url()).pathname;

async function type(page, text) {
  await page.getByRole('combobox').fill(text);
}

export const works = {
  async 'search: a phone number in any form opens its customer by itself'({ browser, base, people }) {
    const page = await browser.page();
    for (const number of ['010-0999-7730', '01009997730', '+82 10-0999-7730', '821009997730']) {
      await page.goto(base);
      await type(page, number);
      await until(page, `${number} opens the customer`, (id) => location.pathname === `/customers/${id}`, people.haneul);
    }
    await page.goto(`${base}/customers?q=010-0999-7730`);
    await until(page, 'a link with a number opens the customer', (id) => location.pathname === `/customers/${id}`, people.haneul);
    await page.context().close();
  },

  async 'search: last digits, name, first consonants and order say why they matched'({ browser, base }) {
    const page = await browser.page();
    await page.goto(base);
    for (const [query, names, why] of [['7730', ['김하늘', '오민재'], '7730'], ['김하', ['김하늘'], '이름'], ['ㄱㅎㄴ', ['김하늘'], '초성'], ['ㄱㅅ', ['강서우'], '초성'], ['ORD-8795', ['김하늘'], 'ORD-8795']]) {
      await type(page, query);
      await until(page, `${query} is answered`, (n) => document.querySelectorAll('[role=option]').length === n && document.querySelector('[role=listbox]').ariaBusy === 'false', names.length);
      await until(page, `${query} finds ${names}`, (wanted) => {
        const found = [...document.querySelectorAll('[role=option] b')].map((b) => b.textContent);
        return found.length === wanted.length && wanted.every((name) => found.includes(name));
      }, names);
      const text = await page.getByRole('option').first().textContent();
      if (!text.includes(why)) throw new Error(`${query}: the row does not say ${why}: ${text}`);
    }
    same(new URL(page.url()).searchParams.get('q'), 'ORD-8795', 'the query in the address');
    await type(page, '없는사람');
    await page.locator('.nothing').waitFor();
    await page.context().close();
  },

  async 'search: opens with / and with ctrl K, and Escape gives the page back'({ browser, base, people }) {
    const page = await browser.page();
    await openCustomer(page, base, people.haneul);
    for (const key of ['/', 'Control+k']) {
      await page.keyboard.press(key);
      await until(page, `${key} focuses the box`, () => document.activeElement?.getAttribute('role') === 'combobox');
      await page.keyboard.press('Escape');
      await until(page, 'Escape closes it', () => !document.querySelector('dialog'));
    }
    await page.keyboard.press('/');
    await type(page, '7730');
    await page.getByRole('option').nth(1).waitFor();
    await page.keyboard.press('ArrowDown');
    const second = await page.getByRole('option').nth(1).locator('b').textContent();
    await page.keyboard.press('Enter');
    await until(page, 'Enter opens the chosen one', (name) => document.querySelector('h1')?.textContent?.includes(name), second);
    await page.context().close();
  },

  async 'hangul: the Enter that ends a syllable does not open anything'({ browser, base }) {
    const page = await browser.page();
    await page.goto(base);
    const input = page.getByRole('combobox');
    await input.focus();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Input.imeSetComposition', { text: '김하느', selectionStart: 3, selectionEnd: 3 });
    await page.getByRole('option').first().waitFor();
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 });
    await input.dispatchEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: 229, isComposing: true, bubbles: true });
    await cdp.send('Input.insertText', { text: '김하늘' });
    await page.waitForTimeout(400);
    same(path(page), '/', 'the page after Enter inside a syllable');
    same(await input.inputValue(), '김하늘', 'the text after the syllable');
    await page.waitForTimeout(300);
    await page.keyboard.press('Enter');
    await until(page, 'the next Enter opens the customer', () => location.pathname.startsWith('/customers/'));
    await page.context().close();
  },

  async 'keyboard: j, k, Enter, digits and two-key moves, also with a keyboard in Hangul mode'({ browser, base, people }) {
    const page = await browser.page();
    await openCustomer(page, base, people.haneul);
    const focused = () => page.evaluate(() => document.activeElement?.closest('[data-index]')?.getAttribute('data-index'));
    await page.keyboard.press('j');
    await until(page, 'j goes to an event', () => document.activeElement?.tagName === 'ARTICLE');
    const first = Number(await focused());
    await page.keyboard.press('j');
    await until(page, 'j goes on', (i) => document.activeElement?.closest('[data-index]')?.getAttribute('data-index') === String(i + 1), first);
    await page.keyboard.press('k');
    await until(page, 'k goes back', (i) => document.activeElement?.closest('[data-index]')?.getAttribute('data-index') === String(i), first);
    await page.keyboard.press('Enter');
    await page.locator('.whole-event').first().waitFor();
    const hangul = (key, code) => page.evaluate(([k, c]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: k, code: c, bubbles: true })), [key, code]);
    await hangul('ㅌ', 'KeyX');
    await until(page, 'x closes the event', () => !document.querySelector('.whole-event'));
    await hangul('2', 'Digit2');
    await until(page, '2 shows calls only', () => new URLSearchParams(location.search).get('ch') === 'call' && [...document.querySelectorAll('.ev')].every((e) => e.classList.contains('call')));
    await page.keyboard.press('0');
    await hangul('ㅎ', 'KeyG');
    await hangul('ㅐ', 'KeyO');
    await until(page, 'g o goes to ops', () => location.pathname === '/ops');
    await page.context().close();
  },

  async 'timeline: 100,000 events, few rows in the page, at most 2,000 in memory'({ browser, base, people, events }) {
    const page = await browser.page();
    await openCustomer(page, base, people.busy);
    const mid = page.locator('.mid');
    let most = 0;
    for (let i = 0; i < 60; i++) {
      await mid.evaluate((el) => el.scrollBy(0, 4_000));
      await page.waitForTimeout(60);
      most = Math.max(most, await page.locator('.vr').count());
    }
    atMost(most, 60, 'rows of the timeline in the page');
    atMost(await page.evaluate(() => document.querySelectorAll('*').length), 1_500, 'elements in the page');
    const height = await page.locator('.vl').evaluate((el) => el.offsetHeight);
    atMost(height, 2_200 * 70, 'height of the rows held');
    const shown = await page.locator('.chips [aria-pressed=true] em').textContent();
    same(shown.replaceAll(',', ''), String(events + 1), 'the count on the chip');
    await mid.evaluate((el) => el.scrollTo(0, 0));
    await until(page, 'the head comes back when scrolling up', () => {
      document.querySelector('.mid').scrollTop = 0;
      return document.querySelector('.ev .title b')?.textContent?.endsWith(' 0');
    }, undefined, 30_000);
    await page.context().close();
    return `${most} rows at most`;
  },

  async 'ribbon: arrows read a week, Enter goes there'({ browser, base, people }) {
    const page = await browser.page();
    await openCustomer(page, base, people.busy);
    const strip = page.getByRole('slider');
    await strip.focus();
    for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowLeft');
    const text = await strip.getAttribute('aria-valuetext');
    if (!/웹·앱 [\d,]+/.test(text)) throw new Error(`the week is not read out: ${text}`);
    const day = await page.evaluate(() => document.querySelector('.ribbon-label strong').textContent);
    await page.keyboard.press('Enter');
    await until(page, `the list shows ${day}`, () => {
      const age = (Date.now() - Date.parse(document.querySelector('.ev time')?.getAttribute('datetime') ?? '')) / 864e5;
      return age > 265 && age < 300;
    });
    await page.locator('.mid').evaluate((el) => el.scrollBy(0, -1_500));
    await until(page, 'newer rows come in above', () => document.querySelector('.mid').scrollTop > 0 && document.querySelectorAll('.ev').length > 5);
    await page.context().close();
  },

  async 'contact details are hidden until somebody asks'({ browser, base, people }) {
    const page = await browser.page();
    await openCustomer(page, base, people.haneul);
    const seen = () => page.locator('.contacts').textContent();
    if ((await seen()).includes('0999')) throw new Error('the number is shown at once');
    await page.locator('.eye').click();
    if (!(await seen()).includes('010-0999-7730')) throw new Error('the number is not shown when asked for');
    await page.context().close();
  },

  async 'language and theme change at once and are remembered'({ browser, base, people }) {
    const page = await browser.page();
    await openCustomer(page, base, people.haneul);
    await page.getByRole('button', { name: /English/ }).click();
    await page.getByRole('heading', { name: 'Before this call' }).waitFor();
    await page.getByRole('button', { name: 'Dark theme' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Before this call' }).waitFor();
    same(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]), ['en', 'dark'], 'after a reload');
    await page.context().close();
  },
};
