// The only place that knows how a request is made and how a refusal reads.

/** A refusal, as RFC 9457 words it. Status 0 means that no answer came at all. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }

  get offline(): boolean {
    return this.status === 0;
  }
}

/** Parameters of an address; empty ones are left out. */
export type Params = Record<string, string | number | undefined>;

export function address(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

export async function get<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const response = await reach(address(path, params), signal);
  if (!response.ok) throw new ApiError(response.status, await refusal(response));
  return (await response.json()) as T;
}

async function reach(url: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers: { Accept: 'application/json' }, signal: signal ?? null });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, cause instanceof Error ? cause.message : String(cause));
  }
}

async function refusal(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { detail?: string; title?: string };
    return problem.detail || problem.title || response.statusText;
  } catch {
    return response.statusText; // a proxy in between answered with something else than JSON
  }
}
