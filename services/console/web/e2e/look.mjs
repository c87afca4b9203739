// Checks of what is seen: accessibility, overflow, bytes, requests.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { atMost, openCustomer, same, until } from './browser.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function violations(page) {
  await page.evaluate(readFileSync(axe, 'utf8'));
  await page.waitForTimeout(150);
  return page.evaluate(async (runOnly) => {
    const { violations: found } = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] });
    return found.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
  }, tags);
}

async function clean(page, what) {
  same(await violations(page), [], `axe on ${what}`);
}

async function closeSheet(page) {
  await page.keyboard.press('Escape');
  await until(page, 'Escape closes the sheet', () => !document.querySelector('dialog'));
}

export const looks = {
  async 'accessible: customer page, both languages, themes and widths'({ browser, base, people }) {
    for (const language of ['ko', 'en']) {
      for (const theme of ['light', 'dark']) {
        for (const width of [1440, 390]) {
          const page = await browser.page({ width, language, theme });
          await openCustomer(page, base, people.haneul);
          await clean(page, `the customer page, ${language} ${theme} ${width}`);
          if (width === 390) {
            await page.getByRole('tab').nth(1).click();
            await clean(page, `the summary, ${language} ${theme}`);
          }
          await page.context().close();
        }
      }
    }
  },

  async 'accessible: search, sheets, home and ops'({ browser, base, people }) {
    for (const theme of ['light', 'dark']) {
      for (const width of [1440, 390]) {
        const page = await browser.page({ width, theme });
        await page.goto(base);
        await page.locator('.activity li').first().waitFor();
        await clean(page, `home with what happens now, ${theme} ${width}`);
        await page.getByRole('combobox').fill('7730');
        await page.getByRole('option').nth(1).waitFor();
        await clean(page, `home, ${theme} ${width}`);
        await openCustomer(page, base, people.haneul, '?find=7730');
        await page.getByRole('option').nth(1).waitFor();
        await clean(page, `search over a customer, ${theme} ${width}`);
        await closeSheet(page);
        await page.keyboard.press('e');
        await page.locator('.proofs li').first().waitFor();
        await clean(page, `the evidence, ${theme} ${width}`);
        await closeSheet(page);
        await page.keyboard.press('?');
        await page.locator('dialog.keys').waitFor();
        await clean(page, `the keys, ${theme} ${width}`);
        await page.keyboard.press('Escape');
        await page.goto(`${base}/ops`);
        await page.locator('tbody tr').first().waitFor();
        await clean(page, `ops, ${theme} ${width}`);
        await page.context().close();
      }
    }
  },

  async 'accessible: why, segments and churn'({ browser, demo }) {
    const sheets = ['churn', 'value', 'offers', `segments/${demo.biggest.name}`];
    const pages = [['/segments', '.seg-rows a'], [`/segments/${demo.biggest.name}`, '.figure'], ['/segments/birthday-7d?tab=history', '.passages li'], ['/segments/birthday-7d?tab=edit', '.preview-count'], ['/analytics/churn', '.figure']];
    for (const [language, theme, width] of [['ko', 'light', 1440], ['en', 'dark', 1440], ['en', 'light', 390], ['ko', 'dark', 390]]) {
      const page = await browser.page({ width, language, theme });
      const whole = (language === 'ko') === (width === 1440); // tabs and sheets are the same parts: half of the combinations are enough for them
      for (const [path, ready] of whole ? pages : [pages[1], pages.at(-1)]) {
        await page.goto(demo.base + path);
        await page.locator(ready).first().waitFor();
        await clean(page, `${path}, ${language} ${theme} ${width}`);
      }
      for (const figure of await page.locator('.figure button').all()) await figure.click();
      await clean(page, `the tables of churn, ${language} ${theme} ${width}`);
      for (const what of whole ? sheets : sheets.slice(0, 1)) {
        await page.goto(`${demo.base}/customers/${demo.flagged.id}?why=${what}`);
        await page.locator('.why .sheet-body :is(h3, .conditions, .none)').first().waitFor();
        await clean(page, `why ${what}, ${language} ${theme} ${width}`);
      }
      await page.goto(`${demo.base}/customers/${demo.flagged.id}?asof=${demo.flagged.since.slice(0, 10)}`);
      await page.locator(width === 390 ? '.past-bar' : '.compare').waitFor();
      if (width === 390) await page.getByRole('tab').nth(1).click();
      await page.locator('.compare').waitFor();
      await clean(page, `a past day, ${language} ${theme} ${width}`);
      await page.context().close();
    }
  },

  async 'nothing of segments and churn is wider than the screen'({ browser, demo }) {
    const day = demo.flagged.since.slice(0, 10);
    const paths = [
      '/segments', `/segments/${demo.biggest.name}`, '/segments/gold-dormant-90d?tab=members', '/segments/gold-dormant-90d?tab=history', '/segments/gold-dormant-90d?tab=edit',
      '/analytics/churn', `/customers/${demo.flagged.id}`, `/customers/${demo.flagged.id}?asof=${day}`, `/customers/${demo.flagged.id}?why=churn`,
    ];
    for (const width of [320, 390, 1200, 1440]) {
      const page = await browser.page({ width, language: width === 390 ? 'ko' : 'en' });
      for (const path of width < 1100 ? paths : paths.filter((_, i) => i % 2 === 1)) {
        await page.goto(demo.base + path);
        await page.locator('.seg-rows a, .figure, .people li, .passages li, .preview-count, .why h3, .tl .ev').first().waitFor();
        const over = await page.evaluate(() => {
          const boxes = [document.querySelector('#main'), document.querySelector('.sheet-body')].filter(Boolean);
          return Math.max(document.documentElement.scrollWidth - innerWidth, ...boxes.map((box) => box.scrollWidth - box.clientWidth));
        });
        same(over, 0, `pixels too many at ${width}, ${path}`);
      }
      await page.context().close();
    }
  },

  async 'nothing is wider than the screen'({ browser, base, people }) {
    const paths = ['/', `/customers/${people.haneul}`, `/customers/${people.haneul}?find=7730`, `/customers/${people.xss}`, '/ops', '/customers/none'];
    for (const width of [320, 390, 1200, 1440]) {
      for (const language of width === 1200 ? ['ko'] : ['ko', 'en']) {
        const page = await browser.page({ width, language });
        page.expected = /40[04]/;
        for (const path of paths) {
          await page.goto(base + path);
          await page.locator('.tl .ev, .results li, .activity li, tbody tr, .nothing').first().waitFor();
          const over = await page.evaluate(() => {
            const main = document.querySelector('#main');
            return Math.max(document.documentElement.scrollWidth, main.scrollLeft + main.scrollWidth + main.getBoundingClientRect().left) - innerWidth;
          });
          same(over > 0 ? over : 0, 0, `pixels too many at ${width}, ${language}, ${path}`);
        }
        await page.context().close();
      }
    }
  },

  async 'bytes: script and style stay in their budgets'({ dist }) {
    const assets = join(dist, 'assets');
    const html = readFileSync(join(dist, 'index.html'), 'utf8');
    const first = [...html.matchAll(/assets\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
    const size = (suffix, encoding) => first.filter((name) => name.endsWith(suffix)).reduce((sum, name) => sum + statSync(join(assets, name + encoding)).size, 0);
    atMost(size('.js', '.br'), 110 * 1024, 'bytes of first-load script (br)');
    atMost(size('.css', '.gz'), 12 * 1024, 'bytes of own style (gz)');
    const chunks = readdirSync(assets).filter((name) => name.endsWith('.js') && !first.includes(name));
    for (const name of chunks) atMost(statSync(join(assets, `${name}.gz`)).size, 25 * 1024, `bytes of the lazy ${name} (gz)`);
    return `script ${size('.js', '.br')} B br, style ${size('.css', '.gz')} B gz`;
  },

  async 'requests: one page, one script, one style, one customer'({ browser, base, people }) {
    const page = await browser.page();
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${base}/customers/${people.haneul}`);
    await page.locator('.before').waitFor();
    const before = asked.slice();
    await page.locator('.ev').first().waitFor();
    await page.waitForTimeout(1_500);
    const files = before.filter((path) => /\.(js|css)$/.test(path) && !path.includes('/font-'));
    same(files.length, 2, `script and style until the brief is seen (${files})`);
    const api = asked.filter((path) => path.startsWith('/v1/')).sort();
    same(api, [`/v1/customers/${people.haneul}`, `/v1/customers/${people.haneul}/timeline`, '/v1/stream'], 'calls of the API in the first seconds');
    await page.context().close();
    return `${asked.filter((path) => !path.endsWith('.woff2')).length} requests without fonts`;
  },
};
