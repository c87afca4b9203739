// The only place that knows how a request is made and how a refusal reads.

/** A refusal, as RFC 9457 words it. Status 0 means that no answer came at all. */
export class ApiError extends Error {
  readonly status: number;
  /** The place in the body that is to blame, as a JSON pointer; empty if no one place is. */
  readonly pointer: string;

  constructor(status: number, detail: string, pointer = '') {
    super(detail);
    this.status = status;
    this.pointer = pointer;
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
  return answer<T>(await reach(address(path, params), {}, signal));
}

/** Asks with a body, or (with PUT) says what is to be so from now on. */
export async function send<T>(method: 'POST' | 'PUT', path: string, body: unknown, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return answer<T>(await reach(address(path, params), { method, body: text }, signal));
}

async function answer<T>(response: Response): Promise<T> {
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

async function reach(url: string, request: RequestInit, signal?: AbortSignal): Promise<Response> {
  const headers = { Accept: 'application/json', ...(request.body ? { 'Content-Type': 'application/json' } : {}) };
  try {
    return await fetch(url, { ...request, headers, signal: signal ?? null });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, cause instanceof Error ? cause.message : String(cause));
  }
}

async function refusal(response: Response): Promise<ApiError> {
  try {
    const problem = (await response.json()) as { detail?: string; title?: string; pointer?: string };
    return new ApiError(response.status, problem.detail || problem.title || response.statusText, problem.pointer);
  } catch {
    return new ApiError(response.status, response.statusText); // a proxy in between answered with something else than JSON
  }
}
