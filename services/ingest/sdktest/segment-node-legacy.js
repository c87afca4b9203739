// The same with analytics-node 6, which flushes its first event alone and resends bodies with their first sentAt.
const Analytics = require('analytics-node')

const a = new Analytics(process.env.C360_KEY, { host: process.env.C360_URL, flushAt: 20, errorHandler: (e) => console.error('sdk error', e.message) })
const n = Number(process.env.TRACKS || 25)
for (let i = 0; i < n; i++) {
  a.track({ userId: 'u1', event: 'Song Played', messageId: `t-${i}`, properties: { n: i } })
}
a.identify({ userId: 'u1', traits: { email: 'Kim@example.com' }, messageId: 'i-1' })
a.flush((err) => {
  if (err) throw err
  console.log('done')
})
