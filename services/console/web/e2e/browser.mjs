// One Chromium for all checks, and pages that report whatever must never happen on any of them.
import { chromium } from 'playwright-core';

const flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export async function launch(executablePath) {
  const browser = await chromium.launch({ executablePath, args: flags });
  const faults = [];
  return {
    faults,
    close: () => browser.close(),
    /** A page of its own, in a browser of its own: nothing is remembered between checks. */
    async page({ width = 1440, height = 900, language = 'ko', theme = 'light', ...more } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, locale: language, colorScheme: theme, timezoneId: 'Asia/Seoul', ...more });
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (e) => console.error(`policy violated: ${e.violatedDirective} ${e.blockedURI}`));
      });
      context.on('page', (page) => watch(page, faults));
      const page = await context.newPage();
      return page;
    },
  };
}

/** Errors that a check provokes on purpose are announced with page.expected. */
function watch(page, faults) {
  const note = (what) => !page.expected?.test(what) && faults.push(`${page.url()}: ${what}`);
  page.on('console', (message) => message.type() === 'error' && note(message.text()));
  page.on('pageerror', (error) => note(String(error)));
  page.on('dialog', (dialog) => {
    note(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
}

/** Waits until a condition on the page holds, and says which one did not. */
export async function until(page, what, condition, argument, timeout = 15_000) {
  await page.waitForFunction(condition, argument, { timeout, polling: 50 }).catch(() => {
    throw new Error(`never happened: ${what}`);
  });
}

export function same(got, want, what) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) throw new Error(`${what}: got ${a}, want ${b}`);
}

export function atMost(got, limit, what) {
  if (!(got <= limit)) throw new Error(`${what}: ${got}, at most ${limit} are allowed`);
}

/** Opens a customer and waits for head and rows. */
export async function openCustomer(page, base, id, query = '') {
  await page.goto(`${base}/customers/${id}${query}`);
  await page.locator('.vital').first().waitFor();
  await page.locator('.ev').first().waitFor();
}
