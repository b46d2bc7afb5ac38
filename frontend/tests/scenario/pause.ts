/** What a network takes here: often nothing but a turn of the loop, and up to 3 ms. */
export function pause(): Promise<void> {
  const ms = Math.random() * 6 - 3;
  return new Promise((resolve) => {
    if (ms < 0) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}
