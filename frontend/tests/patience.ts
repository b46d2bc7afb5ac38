/** How long tests wait for real work, and how they measure it, where other things run besides. */

export const WHILE = { timeout: 15_000 };

/** Milliseconds of processor that this process has had: no pause of a busy machine counts. */
export function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
