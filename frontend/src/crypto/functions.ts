/**
 * What a designation lets a liaison or coordinator do besides: answer as focal point, sign.
 *
 * Statements say it from version 3 on (docs/adr/0061). Python: casehub/directory/functions.py.
 */

export const FUNCTIONS = ["focal-point", "signatory"] as const;
export type FunctionCode = (typeof FUNCTIONS)[number];
const COORDINATOR = "coordinator";
const CARRIERS: readonly string[] = ["liaison", COORDINATOR];

/** Whether somebody in these roles carries functions at all. */
export const carriesAny = (roles: readonly string[]): boolean =>
  roles.some((role) => CARRIERS.includes(role));

/** What whoever was designated in these roles did before any function was said. */
export function carriedBefore(roles: readonly string[]): FunctionCode[] {
  if (roles.includes(COORDINATOR)) return [...FUNCTIONS];
  return carriesAny(roles) ? ["focal-point"] : [];
}
