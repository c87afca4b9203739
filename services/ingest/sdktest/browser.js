// Drives a real Chromium over a page of another origin (PAGE_URL) that loads one browser SDK and calls it. The page
// decides what to send; this script waits until it says so, and prints what the browser complained about.
const { chromium } = require('playwright-core')

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]

async function main() {
  const browser = await chromium.launch({ executablePath: process.env.C360_CHROMIUM, headless: true, args: flags })
  try {
    const page = await browser.newPage()
    page.on('console', (m) => console.log('page says:', m.text()))
    page.on('pageerror', (e) => console.log('page fails:', e.message))
    await page.goto(process.env.PAGE_URL)
    await page.waitForFunction(() => window.c360Done === true, null, { timeout: 60000 })
    if (process.env.LEAVE) await page.goto('about:blank') // what is still queued has to survive leaving the page
    await page.waitForTimeout(500)
    console.log('done')
  } finally {
    await browser.close()
  }
}

main().catch((e) => {
  console.error(e)
  process.exit(1)
})
