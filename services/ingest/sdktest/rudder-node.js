// Sends with RudderStack's Node SDK, which gzips and calls its JSON a web form.
const Rudder = require('@rudderstack/rudder-sdk-node')

const a = new Rudder(process.env.C360_KEY, { dataPlaneUrl: process.env.C360_URL, flushAt: 20, flushInterval: 200 })
const n = Number(process.env.TRACKS || 25)
for (let i = 0; i < n; i++) {
  a.track({ userId: 'u1', event: 'Song Played', messageId: `t-${i}`, properties: { n: i } })
}
a.identify({ userId: 'u1', anonymousId: 'a1', messageId: 'i-1', traits: { email: 'Kim@example.com', phone: '010-4821-7730' } })
a.page({ userId: 'u1', name: 'Home', messageId: 'p-1' })
a.screen({ userId: 'u1', name: 'Cart', messageId: 's-1' })
a.group({ userId: 'u1', groupId: 'g1', traits: { plan: 'gold' }, messageId: 'g-1' })
a.alias({ userId: 'u1', previousId: 'u0', messageId: 'a-1' })
a.track({ userId: 'u1', event: 'Long ago', messageId: 'old-1', timestamp: new Date('2020-02-03T04:05:06Z') })
a.flush((err) => {
  if (err) throw err
  console.log('done')
})
