/**
 * For whom a letter about a request is: the people of both States, or the requesting one's own.
 *
 * Python: requests_mla/codes.py.
 */
export const AUDIENCES = ["both", "home"] as const;
export type Audience = (typeof AUDIENCES)[number];
