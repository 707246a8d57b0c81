import { Problem, Unreached } from "./problem";
import type { ProblemBody } from "./wire";

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export interface Ask {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** An object is sent as JSON; text is sent as the JSON it already is; a buffer as bytes. */
  body?: object | string | ArrayBuffer;
  bearer?: string;
  headers?: Record<string, string>;
  /** The answer is a file of this type, and comes as it is. */
  file?: string;
  /** No: none goes along, and none that comes is kept. */
  cookies?: boolean;
  timeoutMs?: number;
}

const LIMIT = 20_000;

/** One request. Anything that is not our own answer, such as the page of a café's network, counts as not reached. */
export async function call<T>(fetch: Fetch, path: string, ask: Ask = {}): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ask.timeoutMs ?? LIMIT);
  try {
    const { body } = ask;
    const bytes = body instanceof ArrayBuffer;
    const headers: Record<string, string> = { accept: ask.file ?? "application/json", ...ask.headers };
    if (body !== undefined) headers["content-type"] = bytes ? "application/octet-stream" : "application/json";
    if (ask.bearer !== undefined) headers["authorization"] = `Bearer ${ask.bearer}`;
    let answer: Response;
    let text: string | Blob;
    try {
      answer = await fetch(path, {
        method: ask.method ?? "GET",
        headers,
        signal: stop.signal,
        credentials: ask.cookies === false ? "omit" : "same-origin",
        cache: "no-store",
        redirect: "error",
        ...(body === undefined ? {} : { body: bytes || typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const whole = ask.file !== undefined && answer.headers.get("content-type") === ask.file;
      text = await (whole ? answer.blob() : answer.text());
    } catch {
      throw new Unreached();
    }
    return typeof text === "string" ? read<T>(answer, text) : (text as T);
  } finally {
    clearTimeout(timer);
  }
}

function read<T>(answer: Response, text: string): T {
  const after = retryAfter(answer.headers.get("retry-after"));
  if (answer.ok && answer.status !== 200 && text === "") return undefined as T;
  const type = answer.headers.get("content-type") ?? "";
  if (!/[/+]json\b/.test(type)) throw new Unreached(after);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Unreached(after);
  }
  if (answer.ok) return body as T;
  const problem = body as Partial<ProblemBody> | null;
  if (typeof problem?.kind !== "string") throw new Unreached(after);
  throw new Problem(answer.status, problem as ProblemBody, problem.retry_after_ms ?? after);
}

function retryAfter(value: string | null): number | undefined {
  const seconds = Number(value);
  return value !== null && seconds >= 0 ? seconds * 1000 : undefined;
}
