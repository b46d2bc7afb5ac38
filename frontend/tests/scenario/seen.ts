/** What a server could read of what clients send it. */

/** Bytes as the letters they may be: what is in plain sight is found by searching. */
export function readable(given: readonly unknown[]): string {
  return JSON.stringify(given, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
  );
}
