/** One HTTP call: headers, time limit, errors as values with codes, answers parsed. */

import * as v from "valibot";
import { ApiError, Malformed, Unreachable } from "./errors";
import { Pace } from "./pace";
import { failure } from "./schema";

export type HttpDeps = {
  /** Where `/api` hangs: "" for the page's own origin, or `http://localhost:8000` for Node. */
  base: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The value of the `csrftoken` cookie now, if there is one. */
  csrf: () => string | null;
  /** BCP 47 tag for the words of errors. */
  language: () => string;
  /** Milliseconds after which a call counts as unanswered. */
  timeout?: number;
  /** Milliseconds since 1970 on this device; the system's, unless told. */
  clock?: () => number;
  /** One for all calls of a session. */
  pace?: Pace;
  /**
   * Told of each call that was not refused, and what the log has promised with its answer. The call
   * is over when what this returns is.
   */
  heard?: (answer: Answered) => Promise<void> | undefined;
};

/** `promised` is the header's text, "" without one. */
export type Answered = { method: Method; path: string; promised: string };

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export type Call = <T>(
  method: Method,
  path: string,
  answer: v.GenericSchema<unknown, T>,
  body?: unknown,
) => Promise<T>;

const TIMEOUT_MS = 20_000;
const PROMISES = "CaseHub-Promise";

/**
 * Make the function through which every route is called.
 *
 * @throws {ApiError} when the server refuses; {@link Unreachable} when it does not answer in time
 *   (the act may have happened); {@link Malformed} when the answer has another shape.
 */
export function makeCall(deps: HttpDeps): Call {
  const { pace = new Pace() } = deps;
  return (method, path, answer, body) => pace.keep(() => called(deps, method, path, answer, body));
}

async function called<T>(
  deps: HttpDeps,
  method: Method,
  path: string,
  answer: v.GenericSchema<unknown, T>,
  body: unknown,
): Promise<T> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "Accept-Language": deps.language(),
  };
  const token = deps.csrf();
  if (method !== "GET" && token !== null) headers["X-CSRFToken"] = token;
  const init: RequestInit = {
    method,
    headers,
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(deps.timeout ?? TIMEOUT_MS),
  };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  const [response, text] = await exchange(deps, `${deps.base}/api${path}`, init, (from) =>
    from.text(),
  );
  const { status } = response;
  const data = parseJson(status, text);
  if (status >= 400) throw refusal(status, data);
  const proven = deps.heard?.({ method, path, promised: response.headers.get(PROMISES) ?? "" });
  const parsed = v.safeParse(answer, data);
  if (!parsed.success) {
    throw new Malformed(`${method} ${path}: ${parsed.issues.map(describe).join("; ")}`);
  }
  await proven;
  return parsed.output;
}

/** A file below `/api` that leaves an event, as it comes; `progress` hears how many bytes are here. */
export type Take = (
  path: string,
  how: { signal: AbortSignal; progress: (bytes: number) => void },
) => Promise<{ name: string; file: Blob }>;

/**
 * Make the function that takes a file away: it is handed over when its act may be called done.
 *
 * @throws {ApiError} when the server refuses; {@link Unreachable} when the file does not come whole,
 *   or `signal` ends it.
 */
export function makeTake(deps: HttpDeps): Take {
  return async (path, { signal, progress }) => {
    const init: RequestInit = {
      method: "GET",
      headers: { "Accept-Language": deps.language() },
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal,
    };
    const [response, parts] = await exchange(deps, `${deps.base}/api${path}`, init, (from) =>
      piecesOf(from, progress),
    );
    const { status, headers } = response;
    if (status >= 400) throw refusal(status, parseJson(status, await new Blob(parts).text()));
    const proven = deps.heard?.({ method: "GET", path, promised: headers.get(PROMISES) ?? "" });
    const name = /filename="([^"]+)"/.exec(headers.get("Content-Disposition") ?? "")?.[1];
    await proven;
    return { name: name ?? "file", file: new Blob(parts) };
  };
}

async function piecesOf(
  from: Response,
  progress: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = from.body?.getReader();
  for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
    parts.push(piece.value);
    bytes += piece.value.byteLength;
    progress(bytes);
  }
  return parts;
}

export type Read = (path: string, cache?: RequestCache) => Promise<Uint8Array>;

/**
 * Make the function that reads a file below `/api` as it is.
 *
 * @throws {ApiError} when there is none; {@link Unreachable} when there is no answer in time.
 */
export function makeRead(deps: HttpDeps): Read {
  const { pace = new Pace() } = deps;
  return (path, cache) => pace.keep(() => readOnce(deps, path, cache));
}

async function readOnce(
  deps: HttpDeps,
  path: string,
  cache: RequestCache = "no-store",
): Promise<Uint8Array> {
  const init: RequestInit = {
    method: "GET",
    credentials: "same-origin",
    cache,
    redirect: "error",
    signal: AbortSignal.timeout(deps.timeout ?? TIMEOUT_MS),
  };
  const [{ status }, body] = await exchange(deps, `${deps.base}/api${path}`, init, (from) =>
    from.arrayBuffer(),
  );
  const bytes = new Uint8Array(body);
  if (status < 400) return bytes;
  throw refusal(status, parseJson(status, new TextDecoder().decode(bytes)));
}

/** Of one piece of a file, on a slow line; the server waits half a minute for its body. */
const PIECE_MS = 60_000;

export type SendPiece = (
  path: string,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
) => Promise<void>;
export type ReadPiece = (path: string, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Make the two functions by which files come and go, piece by piece.
 *
 * @throws {ApiError} when the server refuses; {@link Unreachable} when it does not answer in time,
 *   or `signal` ends it.
 */
export function makePieces(deps: HttpDeps): { send: SendPiece; read: ReadPiece } {
  async function ask(
    method: "PUT" | "GET",
    path: string,
    signal: AbortSignal,
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const headers: Record<string, string> = { "Accept-Language": deps.language() };
    const token = deps.csrf();
    if (method === "PUT" && token !== null) headers["X-CSRFToken"] = token;
    if (body) headers["Content-Type"] = "application/octet-stream";
    const init: RequestInit = {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(PIECE_MS)]),
      ...(body && { body }),
    };
    const [{ status }, got] = await exchange(deps, `${deps.base}/api${path}`, init, (from) =>
      from.arrayBuffer(),
    );
    const bytes = new Uint8Array(got);
    if (status < 400) return bytes;
    throw refusal(status, parseJson(status, new TextDecoder().decode(bytes)));
  }
  return {
    send: async (path, body, signal) => void (await ask("PUT", path, signal, body)),
    read: (path, signal) => ask("GET", path, signal),
  };
}

async function exchange<T>(
  deps: HttpDeps,
  url: string,
  init: RequestInit,
  body: (response: Response) => Promise<T>,
): Promise<[Response, T]> {
  try {
    const response = await deps.fetch(url, init);
    return [response, await body(response)];
  } catch (cause) {
    throw new Unreachable(`no answer from ${init.method} ${url}`, { cause });
  }
}

function parseJson(status: number, text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's error page: as good as no answer.
    if (status >= 500) throw new Unreachable(`status ${status} without a JSON body`);
    throw new Malformed(`status ${status} without a JSON body`);
  }
}

function refusal(status: number, data: unknown): ApiError {
  const parsed = v.safeParse(failure, data);
  if (!parsed.success) return new ApiError("unexpected", status, `HTTP ${status}`, "", {});
  const { code, message, params } = parsed.output;
  return new ApiError(code, status, message, parsed.output.do, params);
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? "answer"}: ${issue.message}`;
}
