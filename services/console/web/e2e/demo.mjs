// What the checks of segments and churn look for in the demo company: who is flagged, who is in what.
async function ask(base, path, body) {
  const response = await fetch(`${base}/v1${path}`, body ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {});
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Waits until everybody has been judged, and names those the checks look at. */
export async function lookAround(base) {
  for (let i = 0; ; i++) {
    const { segments } = await ask(base, '/segments');
    const { judging, flags } = await ask(base, '/churn?limit=100');
    if (segments.length > 0 && segments.every((s) => !s.left) && !judging && flags.length > 0) return pick(base, segments, flags);
    if (i > 120) throw new Error('the demo company is not judged after a minute');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function pick(base, segments, flags) {
  const biggest = segments.reduce((a, b) => (b.members > a.members ? b : a));
  const { members } = await ask(base, `/segments/${biggest.name}/members?limit=1`);
  return { base, segments, flags, biggest, member: members[0].id, flagged: flags[0] };
}
