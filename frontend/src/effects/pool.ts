/** Doing the same for many things, a few at a time. */

export async function pool<T>(
  size: number,
  items: readonly T[],
  run: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: size }, worker));
}
