// Sends one of every call with @segment/analytics-node and prints what became of the last of them.
const { Analytics } = require('@segment/analytics-node')

const a = new Analytics({
  writeKey: process.env.C360_KEY,
  host: process.env.C360_URL,
  flushAt: Number(process.env.FLUSH_AT || 15),
  maxRetries: 5,
})
a.on('error', (e) => console.error('sdk error', e.code, e.reason && e.reason.message))

const n = Number(process.env.TRACKS || 20)
for (let i = 0; i < n; i++) {
  a.track({
    userId: 'u1', event: i % 2 ? 'Order Completed' : 'Song Played', messageId: `t-${i}`,
    properties: { order_id: `o-${i}`, revenue: 1000 + i, products: [{ product_id: `p-${i}`, price: 1000 + i, quantity: 1 }] },
  })
}
if (!process.env.TRACKS) {
  a.identify({ userId: 'u1', anonymousId: 'a1', traits: { email: 'Kim@example.com', phone: '010-4821-7730', name: '김서연' } })
  a.page({ userId: 'u1', name: 'Home', category: 'Shop', properties: { url: 'https://shop.example/' } })
  a.screen({ userId: 'u1', name: 'Cart' })
  a.group({ userId: 'u1', groupId: 'g1', traits: { plan: 'gold' } })
  a.alias({ userId: 'u1', previousId: 'u0' })
}
a.closeAndFlush({ timeout: 20000 }).then(() => console.log('done'))
