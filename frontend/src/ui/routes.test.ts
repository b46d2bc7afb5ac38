import { describe, expect, it } from "vitest";
import { messageIn, paths, type Route, routeOf } from "./routes";

const CASE = { page: "case", reference: "SV-2026-0147" } as const;

const TABLE: ReadonlyArray<[string, Route]> = [
  ["/", { page: "cases" }],
  ["/expedientes", { page: "cases" }],
  ["/expedientes/", { page: "cases" }],
  ["/directorio", { page: "directory", part: "list" }],
  ["/directorio/estados/SV", { page: "directory", part: "state", id: "SV" }],
  ["/directorio/personas/p1", { page: "directory", part: "person", id: "p1" }],
  ["/directorio/personas", { page: "unknown" }],
  ["/directorio/personas/p1/x", { page: "unknown" }],
  ["/directorio/otra/p1", { page: "unknown" }],
  ["/cuenta", { page: "account" }],
  ["/buscar", { page: "search" }],
  ["/buscar/x", { page: "unknown" }],
  ["/avisos", { page: "announced" }],
  ["/avisos/x", { page: "unknown" }],
  ["/designaciones", { page: "designations", part: "list" }],
  ["/designaciones/nueva", { page: "designations", part: "new" }],
  ["/designaciones/confirmar", { page: "designations", part: "standing" }],
  ["/designaciones/d1", { page: "designation", id: "d1", part: "life" }],
  ["/designaciones/d1/cambiar", { page: "designation", id: "d1", part: "change" }],
  ["/designaciones/d1/renovar", { page: "designation", id: "d1", part: "renew" }],
  ["/designaciones/d1/otra", { page: "unknown" }],
  ["/designaciones/d1/renovar/x", { page: "unknown" }],
  ["/bitacora", { page: "log", part: "acts" }],
  ["/bitacora/cifras", { page: "log", part: "figures" }],
  ["/bitacora/identidades", { page: "log", part: "unmasking" }],
  ["/bitacora/pares", { page: "log", part: "pairs" }],
  ["/bitacora/integridad", { page: "log", part: "integrity" }],
  ["/bitacora/otra", { page: "unknown" }],
  ["/bitacora/cifras/x", { page: "unknown" }],
  ["/auditorias", { page: "audits" }],
  ["/indicadores", { page: "indicators" }],
  ["/plazos", { page: "deadlines" }],
  ["/auditorias/x", { page: "unknown" }],
  ["/expedientes/SV-2026-0147", { ...CASE, circle: null, panel: "record" }],
  ["/expedientes/SV-2026-0147/personas", { ...CASE, circle: null, panel: "people" }],
  ["/expedientes/SV-2026-0147/hilos/c1", { ...CASE, circle: "c1", panel: "record" }],
  ["/expedientes/SV-2026-0147/hilos/c1/personas", { ...CASE, circle: "c1", panel: "people" }],
  ["/expedientes/SV-2026-0147/hilos", { page: "unknown" }],
  ["/expedientes/SV-2026-0147/hilos/c1/personas/x", { page: "unknown" }],
  ["/primera-linea", { page: "notes", circle: null }],
  ["/primera-linea/c1", { page: "notes", circle: "c1" }],
  ["/primera-linea/c1/x", { page: "unknown" }],
  ["/solicitudes", { page: "requests" }],
  ["/solicitudes/r1", { page: "request", id: "r1", part: "draft", section: null }],
  ["/solicitudes/r1/facts", { page: "request", id: "r1", part: "draft", section: "facts" }],
  ["/solicitudes/r1/revision", { page: "request", id: "r1", part: "review", section: null }],
  ["/solicitudes/r1/versiones", { page: "request", id: "r1", part: "versions", section: null }],
  ["/solicitudes/r1/facts/x", { page: "unknown" }],
  ["/bandeja", { page: "inbox" }],
  ["/bandeja/otra", { page: "unknown" }],
  ["/%", { page: "unknown" }],
];

describe("routes", () => {
  it.each(TABLE)("reads %s", (path, route) => {
    expect(routeOf(path)).toEqual(route);
  });

  it("reads back every address it writes", () => {
    expect(routeOf(paths.thread("SV/2026", "a b"))).toEqual({
      page: "case",
      reference: "SV/2026",
      circle: "a b",
      panel: "record",
    });
    expect(routeOf(paths.requestSection("a/b", "facts"))).toMatchObject({ id: "a/b" });
    expect(routeOf(paths.requestReview("a b"))).toMatchObject({ id: "a b", part: "review" });
    expect(routeOf(paths.people("SV-2026-0147", null))).toMatchObject({ panel: "people" });
    expect(routeOf(paths.people("SV-2026-0147", "c1"))).toMatchObject({ circle: "c1" });
  });

  it("tell the message that an address leads to, and nothing else", () => {
    expect(paths.message("SV-2026-0147", "c1", 12)).toBe(
      "/expedientes/SV-2026-0147/hilos/c1?mensaje=12",
    );
    const asked = ["?mensaje=12", "?q=a&mensaje=3", "", "?mensaje=0", "?mensaje=-1", "?mensaje=x"];
    expect(asked.map(messageIn)).toEqual([12, 3, null, null, null, null]);
  });
});
