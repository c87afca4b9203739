// Runs the checks against a c360 that is up: `C360_URL=… C360_DEMO_URL=… node e2e/run.mjs [words of a
// name]`: the first is empty at the start, the second holds the demo company. One line a check, and the
// exit code says whether all hold. The Go test next door builds and starts c360 and calls this.
import { launch } from './browser.mjs';
import { lookAround } from './demo.mjs';
import { insights } from './insight.mjs';
import { looks } from './look.mjs';
import { seed } from './seed.mjs';
import { seedAttack, trusts } from './trust.mjs';
import { works } from './work.mjs';

const base = process.env.C360_URL;
const events = Number(process.env.C360_E2E_EVENTS ?? 100_000);
const only = process.argv.slice(2).join(' ');
const say = (text) => process.stdout.write(`${text}\n`);

const people = await seed(base, events);
people.xss = await seedAttack(base);
const browser = await launch(process.env.C360_CHROMIUM ?? '/usr/bin/chromium');
const demo = await lookAround(process.env.C360_DEMO_URL);
const world = { demo, browser, base, people, events, dist: new URL('../dist', import.meta.url).pathname };

for (const [name, check] of Object.entries({ ...works, ...insights, ...trusts, ...looks })) {
  if (!name.includes(only)) continue;
  const started = Date.now();
  try {
    const figures = await check(world);
    say(`ok ${name} | ${[figures, `${Date.now() - started} ms`].filter(Boolean).join(', ')}`);
  } catch (error) {
    process.exitCode = 1;
    say(`not ok ${name} | ${error.message}`);
  }
}
if (browser.faults.length > 0) {
  process.exitCode = 1;
  say(`not ok console and policy | ${browser.faults.length} faults\n  ${[...new Set(browser.faults)].slice(0, 20).join('\n  ')}`);
} else {
  say('ok console and policy | no error, no violation, no dialog on any page');
}
await browser.close();
say('done');
