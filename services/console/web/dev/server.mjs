// A fixture server for working on the look of the console without a c360: it answers the shapes of the API with one
// invented customer, and serves dist as the binary does. `node dev/server.mjs [events] [port]`. Never shipped.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { customer } from './customer.mjs';
import { past, recent, row } from './story.mjs';

const count = Number(process.argv[2] ?? 400);
const port = Number(process.argv[3] ?? 3601);
const dist = new URL('../dist/', import.meta.url).pathname;
const now = Date.now();
let rows = [...recent(now), ...past(now, count)];
const positions = new Map();
let head = 1_000_000;
const streams = new Set();

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const cursor = (r) => `${r.time}|${r.position}`;
const isOlder = (r, c) => cursor(r) < c;

function timeline(query) {
  const limit = Number(query.get('limit') ?? 50);
  const channels = query.get('channel')?.split(',');
  let found = channels ? rows.filter((r) => channels.includes(r.channel)) : rows;
  const [before, after] = [query.get('before'), query.get('after')];
  if (before) found = found.filter((r) => isOlder(r, before));
  const page = after ? found.filter((r) => cursor(r) > after).slice(-limit) : found.slice(0, limit);
  const next = page.length > 0 && page.at(-1) !== found.at(-1) ? cursor(page.at(-1)) : '';
  return { events: page, next, newer: page[0] ? cursor(page[0]) : '', position: head };
}

function months() {
  const found = new Map();
  for (const r of rows) {
    const key = `${r.time.slice(0, 7)} ${r.channel}`;
    const month = found.get(key) ?? { month: r.time.slice(0, 7), channel: r.channel, count: 0, cursor: `${r.time.slice(0, 7)}-99|` };
    found.set(key, { ...month, count: month.count + 1 });
  }
  return { months: [...found.values()], position: head };
}

function whole(position) {
  const r = positions.get(position) ?? rows.find((x) => x.position === position || x.group?.includes(position)) ?? rows[0];
  return { ...r, position, data: { ...r.data, session_id: 's-81f2', url: 'https://shop.example/products/<b>1</b>' } };
}

function customers(query) {
  const c = customer(rows, now);
  const q = query.get('q') ?? '';
  const hit = (name, phone, matched) => ({
    id: c.id, name, tier: 'gold', phone, email: '', city: '서울', last_seen: c.last_seen, last_channel: 'call', events: rows.length, orders: 27, matched,
  });
  if (q === 'nobody') return { customers: [], next: '', position: head };
  return {
    customers: [
      hit('김서연', '+821048217730', { kind: /^\d/.test(q) ? 'phone' : 'name', value: /^\d/.test(q) ? '+821048217730' : '김서연', proven: true }),
      { ...hit('오민재', '+821000007730', { kind: 'phone', value: '+821000007730', proven: false }), id: '00000000-0000-5000-8000-000000000002', tier: '', last_channel: 'web', last_seen: new Date(now - 9e9).toISOString() },
    ],
    next: '', position: head,
  };
}

const fragment = '00000000-0000-5000-8000-000000000001';
const api = {
  '/v1/customers': customers,
  [`/v1/customers/${fragment}`]: () => customer(rows, now),
  [`/v1/customers/${fragment}/timeline`]: timeline,
  [`/v1/customers/${fragment}/timeline/months`]: months,
  [`/v1/customers/${fragment}/identity`]: () => ({
    id: fragment, fragments: [fragment, 'f2'], decisions: [], position: head, suggestions: [{ customer: 'f9', because: 'claimed email:somebody@example.org' }],
    identifiers: customer(rows, now).identifiers.map((i) => ({ ...i, evidence: [{ fragment, grade: i.grade, source: 'pos', event_id: 'e1', time: i.first_seen }] })),
    links: [{ a: fragment, b: 'f2', because: 'phone:+821048217730', grade: 'asserted', time: new Date(now - 8e9).toISOString(), source: 'callcenter', event_id: 'e7' }],
  }),
  '/v1/projections': () => ({ generation: 'g1', position: head, head, lag_events: 0, lag_seconds: 0.2, gaps: 0, rate: 2410, rooms: [{ name: 'identity', version: 1 }, { name: 'profile', version: 1 }, { name: 'timeline', version: 1 }], parked: 0, rebuild: null }),
  '/v1/types': () => ({
    position: head,
    types: ['page.viewed', 'product.viewed', 'order.completed', 'custom.song_played'].map((type) => ({ source: 'web', type, known: !type.startsWith('custom'), channel: 'web', count: 1234, first_seen: new Date(now - 9e9).toISOString(), last_seen: new Date(now - 9e4).toISOString() })),
  }),
};

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
  response.end(JSON.stringify(body));
}

/** Serves the stream; POST /dev/live makes one live event. */
function stream(response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const tell = () => response.write(`event: status\ndata: ${JSON.stringify({ position: head, head, lag_events: 0, lag_seconds: 0.3 })}\n\n`);
  tell();
  const timer = setInterval(tell, 2_000);
  streams.add(response);
  response.on('close', () => (clearInterval(timer), streams.delete(response)));
}

function live(response) {
  head += 1;
  const event = { ...row(Date.now(), 'web', 'product.viewed', '방금 본 상품'), position: head, id: `e${head}` };
  rows = [event, ...rows];
  for (const open of streams) open.write(`event: timeline\nid: ${head}\ndata: ${JSON.stringify({ customer: fragment, ...event })}\n\n`);
  answer(response, 202, { position: head });
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/v1/stream') return stream(response);
  if (url.pathname === '/dev/live') return live(response);
  const event = /^\/v1\/events\/(\d+)$/.exec(url.pathname);
  if (event) return answer(response, 200, whole(Number(event[1])));
  if (api[url.pathname]) return answer(response, 200, api[url.pathname](url.searchParams));
  if (url.pathname.startsWith('/v1/')) return answer(response, 404, { title: 'Not Found', status: 404, detail: 'there is nothing here' });
  const file = join(dist, extname(url.pathname) && existsSync(join(dist, url.pathname)) ? url.pathname : 'index.html');
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' });
  return createReadStream(file).pipe(response);
}).listen(port, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${port}/customers/${fragment}\n`));
