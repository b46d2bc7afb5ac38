/** What a call to the server can end in, besides its answer. */

/** The server refused, with a stable code and words for people in their language. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly remedy: string,
    readonly params: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }

  /** What the person can do about it, in the server's words. */
  get do(): string {
    return this.remedy;
  }
}

/** No answer: the network or the server is away, so nobody knows whether the act happened. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  readonly code = "unreachable";
}

/** An answer that does not have the agreed shape. Never retried: the two sides differ in version. */
export class Malformed extends Error {
  override readonly name = "Malformed";
  readonly code = "malformed-answer";
}

/** Whether trying again later, unchanged, may succeed. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return error instanceof ApiError && (error.status >= 500 || error.status === 429);
}

/**
 * Whether a program working by itself met what is told elsewhere and no fault of anybody's: its session
 * had just ended, or somebody was being taken out, after which it goes on.
 */
export function isExpected(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    (error.code === "sign-in-needed" || error.code === "removal-pending")
  );
}

/** Whether it is refused because one's designation is over: one reads on for a week, and no more. */
export function isOver(error: unknown): boolean {
  return error instanceof ApiError && error.code === "designation-over";
}

export function codeOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof Unreachable || error instanceof Malformed) {
    return error.code;
  }
  return "unexpected";
}
