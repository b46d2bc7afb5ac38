/** Addresses of the pages: pure, both ways. */

import { AUDIENCES, type Audience } from "../audience";

export type Route =
  | { page: "inbox" }
  | { page: "search" }
  | { page: "cases" }
  | { page: "case"; reference: string; circle: string | null; panel: "record" | "people" }
  | { page: "requests" }
  | { page: "request"; id: string; part: "draft"; section: string | null }
  | { page: "request"; id: string; part: "review" | "versions"; section: null }
  | { page: "dossiers" }
  | { page: "dossier" | "custody"; id: string }
  | { page: "notes"; circle: string | null }
  | { page: "directory"; part: "list" }
  | { page: "directory"; part: "state" | "person"; id: string }
  | { page: "designations"; part: "list" | "new" | "standing" }
  | { page: "designation"; id: string; part: "life" | "change" | "renew" }
  | { page: "announced" }
  | { page: "log"; part: "acts" | "figures" | "unmasking" | "pairs" | "integrity" }
  | { page: "audits" }
  | { page: "indicators" }
  | { page: "retention" }
  | { page: "deadlines" }
  | { page: "account" }
  | { page: "alta" }
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
  if (first === "directorio") return directoryRoute(parts.slice(1));
  if (first === "designaciones") return designationRoute(parts.slice(1));
  if (first === "bandeja" && reference === undefined) return { page: "inbox" };
  if (first === "buscar" && reference === undefined) return { page: "search" };
  if (first === "avisos" && reference === undefined) return { page: "announced" };
  if (first === "cuenta" && reference === undefined) return { page: "account" };
  if (first === "alta" && reference === undefined) return { page: "alta" };
  if (first === "auditorias" && reference === undefined) return { page: "audits" };
  if (first === "plazos" && reference === undefined) return { page: "deadlines" };
  if (first === "indicadores" && reference === undefined) return { page: "indicators" };
  if (first === "conservacion" && reference === undefined) return { page: "retention" };
  if (first === "bitacora" && third === undefined) return logRoute(reference);
  if (first === "primera-linea" && third === undefined) {
    return { page: "notes", circle: reference ?? null };
  }
  if (first === "tramites" && third === undefined) {
    return reference === undefined ? { page: "dossiers" } : { page: "dossier", id: reference };
  }
  if (first === "tramites" && third === "custodia" && circle === undefined) {
    return { page: "custody", id: reference ?? "" };
  }
  if (first === "solicitudes") return requestRoute(parts.slice(1));
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

function directoryRoute([kind, id, ...rest]: readonly string[]): Route {
  if (kind === undefined) return { page: "directory", part: "list" };
  if (id === undefined || rest.length > 0) return { page: "unknown" };
  if (kind === "estados") return { page: "directory", part: "state", id };
  if (kind === "personas") return { page: "directory", part: "person", id };
  return { page: "unknown" };
}

function logRoute(part: string | undefined): Route {
  if (part === undefined) return { page: "log", part: "acts" };
  if (part === "cifras") return { page: "log", part: "figures" };
  if (part === "identidades") return { page: "log", part: "unmasking" };
  if (part === "pares") return { page: "log", part: "pairs" };
  if (part === "integridad") return { page: "log", part: "integrity" };
  return { page: "unknown" };
}

function designationRoute([id, last, ...rest]: readonly string[]): Route {
  if (rest.length > 0) return { page: "unknown" };
  if (id === undefined) return { page: "designations", part: "list" };
  if (last === undefined && id === "nueva") return { page: "designations", part: "new" };
  if (last === undefined && id === "confirmar") return { page: "designations", part: "standing" };
  if (last === undefined) return { page: "designation", id, part: "life" };
  if (last === "cambiar") return { page: "designation", id, part: "change" };
  if (last === "renovar") return { page: "designation", id, part: "renew" };
  return { page: "unknown" };
}

function requestRoute([id, last, ...rest]: readonly string[]): Route {
  if (id === undefined) return { page: "requests" };
  if (rest.length > 0) return { page: "unknown" };
  if (last === "revision") return { page: "request", id, part: "review", section: null };
  if (last === "versiones") return { page: "request", id, part: "versions", section: null };
  return { page: "request", id, part: "draft", section: last ?? null };
}

/** The entry of a thread that an address leads to, from what stands behind its question mark. */
export function messageIn(search: string): number | null {
  const found = new URLSearchParams(search).get("mensaje");
  return found !== null && /^[1-9]\d{0,14}$/.test(found) ? Number(found) : null;
}

const LETTERS: Readonly<Record<Audience, string>> = {
  both: "comunicaciones",
  home: "autoridad-central",
};

/** To which letters of its request an address leads: those to both States, or to one's own; null: to none. */
export function leadsToLetters(search: string): Audience | null {
  const seen = new URLSearchParams(search).get("ver");
  return AUDIENCES.find((one) => LETTERS[one] === seen) ?? null;
}

export const paths = {
  inbox: "/bandeja",
  search: "/buscar",
  cases: "/expedientes",
  requests: "/solicitudes",
  dossiers: "/tramites",
  dossier: (id: string): string => `/tramites/${encodeURIComponent(id)}`,
  letters: (id: string, audience: Audience): string =>
    `${paths.dossier(id)}?ver=${LETTERS[audience]}`,
  custody: (id: string): string => `${paths.dossier(id)}/custodia`,
  directory: "/directorio",
  directoryState: (code: string): string => `/directorio/estados/${encodeURIComponent(code)}`,
  directoryPerson: (id: string): string => `/directorio/personas/${encodeURIComponent(id)}`,
  account: "/cuenta",
  announced: "/avisos",
  designations: "/designaciones",
  designationNew: "/designaciones/nueva",
  standing: "/designaciones/confirmar",
  designation: (id: string): string => `/designaciones/${encodeURIComponent(id)}`,
  designationChange: (id: string): string => `${paths.designation(id)}/cambiar`,
  designationRenew: (id: string): string => `${paths.designation(id)}/renovar`,
  alta: "/alta",
  log: "/bitacora",
  logFigures: "/bitacora/cifras",
  logUnmasking: "/bitacora/identidades",
  logPairs: "/bitacora/pares",
  logIntegrity: "/bitacora/integridad",
  audits: "/auditorias",
  indicators: "/indicadores",
  retention: "/conservacion",
  deadlines: "/plazos",
  caseFile: (reference: string): string => `/expedientes/${encodeURIComponent(reference)}`,
  notes: "/primera-linea",
  note: (circle: string): string => `${paths.notes}/${encodeURIComponent(circle)}`,
  /** First-line information stands in no case: without a reference it is that. */
  thread: (reference: string, circle: string): string =>
    reference === ""
      ? paths.note(circle)
      : `${paths.caseFile(reference)}/hilos/${encodeURIComponent(circle)}`,
  message: (reference: string, circle: string, seq: number): string =>
    `${paths.thread(reference, circle)}?mensaje=${seq}`,
  people: (reference: string, circle: string | null): string =>
    circle === null
      ? `${paths.caseFile(reference)}/personas`
      : `${paths.thread(reference, circle)}/personas`,
  request: (id: string): string => `/solicitudes/${encodeURIComponent(id)}`,
  requestSection: (id: string, section: string): string =>
    `${paths.request(id)}/${encodeURIComponent(section)}`,
  requestReview: (id: string): string => `${paths.request(id)}/revision`,
  requestVersions: (id: string): string => `${paths.request(id)}/versiones`,
} as const;
