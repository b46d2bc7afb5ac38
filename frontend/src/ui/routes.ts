/** Addresses of the pages: pure, both ways. */

export type Route =
  | { page: "cases" }
  | { page: "case"; reference: string; circle: string | null; panel: "record" | "people" }
  | { page: "directory" }
  | { page: "account" }
  | { page: "unknown" };

export function routeOf(path: string): Route {
  let parts: string[];
  try {
    parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return { page: "unknown" }; // a stray % in the address
  }
  const [first, reference, third, circle, last, ...rest] = parts;
  if (first === undefined) return { page: "cases" };
  if (first === "directorio" && reference === undefined) return { page: "directory" };
  if (first === "cuenta" && reference === undefined) return { page: "account" };
  if (first !== "expedientes" || rest.length > 0) return { page: "unknown" };
  if (reference === undefined) return { page: "cases" };
  if (third === undefined) return { page: "case", reference, circle: null, panel: "record" };
  if (third === "personas" && circle === undefined) {
    return { page: "case", reference, circle: null, panel: "people" };
  }
  if (third !== "hilos" || circle === undefined) return { page: "unknown" };
  if (last === undefined) return { page: "case", reference, circle, panel: "record" };
  if (last === "personas") return { page: "case", reference, circle, panel: "people" };
  return { page: "unknown" };
}

export const paths = {
  cases: "/expedientes",
  directory: "/directorio",
  account: "/cuenta",
  caseFile: (reference: string): string => `/expedientes/${encodeURIComponent(reference)}`,
  thread: (reference: string, circle: string): string =>
    `${paths.caseFile(reference)}/hilos/${encodeURIComponent(circle)}`,
  people: (reference: string, circle: string | null): string =>
    circle === null
      ? `${paths.caseFile(reference)}/personas`
      : `${paths.thread(reference, circle)}/personas`,
} as const;
