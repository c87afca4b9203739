// Sends with the CloudEvents SDK: structured, binary, and a batch made by hand, for which it has no helper.
const { CloudEvent, HTTP, emitterFor, httpTransport, Mode } = require('cloudevents')

const url = `${process.env.C360_URL}/v1/events`
const authorization = 'Basic ' + Buffer.from(process.env.C360_KEY + ':').toString('base64')
const event = (id, more) => new CloudEvent({
  id, source: 'pos', type: 'order.completed', subject: 'u1', time: '2026-11-01T09:00:00.000Z',
  data: { order_id: id, total: 31000, 이름: '김서연' }, ...more,
})

async function main() {
  for (const [mode, id] of [[Mode.STRUCTURED, 's-1'], [Mode.BINARY, 'b-1']]) {
    // The emitter takes the headers of one event, not of all, so the key rides in the address.
    const emit = emitterFor(httpTransport(`${url}?writeKey=${process.env.C360_KEY}`), { mode })
    const reply = await emit(event(id))
    if (reply.body) throw new Error(`the answer has a body: ${reply.body}`)
    await emit(event(id)) // a repeat
  }
  const octets = HTTP.binary(event('x-1', { type: 'till.photo', datacontenttype: 'application/octet-stream', data: new Uint8Array([255, 0, 1]) }))
  await post(octets.headers, Buffer.from([255, 0, 1]), 202)
  const list = ['l-1', 'l-2'].map((id) => event(id).toJSON())
  await post({ 'content-type': 'application/cloudevents-batch+json' }, JSON.stringify(list), 202)
  await post({ 'content-type': 'application/cloudevents-batch+json' }, JSON.stringify([{ id: 'broken' }]), 400)
  console.log('done')
}

async function post(headers, body, want) {
  const r = await fetch(url, { method: 'POST', headers: { ...headers, authorization }, body })
  if (r.status !== want) throw new Error(`${r.status} ${await r.text()}, want ${want}`)
}

main().catch((e) => {
  console.error(e)
  process.exit(1)
})
