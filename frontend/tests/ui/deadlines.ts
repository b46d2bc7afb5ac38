/** Deadlines of the gallery's person, and the calendars of two States. */

import type { Calendar, Deadline } from "../../src/api/deadlines";

const OF_NO_REQUEST = { request: null, circle: null, reminded: null };

export const deadlines: Deadline[] = [
  {
    kind: "standing",
    ends: "2026-11-18T06:00:00Z",
    state: "SV",
    zone: "America/El_Salvador",
    last: "2026-11-17",
    left: null,
    closed: "",
    ...OF_NO_REQUEST,
  },
  {
    kind: "notice",
    ends: "2026-11-21T06:00:00Z",
    state: "SV",
    zone: "America/El_Salvador",
    last: "2026-11-20",
    left: 0,
    closed: "",
    ...OF_NO_REQUEST,
  },
  {
    kind: "joining",
    ends: "2026-11-23T06:00:00Z",
    state: "SV",
    zone: "America/El_Salvador",
    last: "2026-11-22",
    left: 2,
    closed: "weekend",
    ...OF_NO_REQUEST,
  },
  {
    kind: "request-confirmation",
    ends: "2026-11-22T06:00:00Z",
    state: "SV",
    zone: "America/El_Salvador",
    last: "2026-11-21",
    left: 1,
    closed: "weekend",
    request: "r1",
    circle: null,
    reminded: 1,
  },
  {
    kind: "request-deadline",
    ends: "2026-12-16T06:00:00Z",
    state: "MX",
    zone: "America/Mexico_City",
    last: "2026-12-15",
    left: 25,
    closed: "",
    request: "r1",
    circle: null,
    reminded: null,
  },
  {
    kind: "designation",
    ends: "2026-12-26T06:00:00Z",
    state: "SV",
    zone: "America/El_Salvador",
    last: "2026-12-25",
    left: 35,
    closed: "Navidad",
    ...OF_NO_REQUEST,
  },
];

export const calendars: Calendar[] = [
  {
    state: "MX",
    zone: "America/Mexico_City",
    today: "2026-11-20",
    days: [{ day: "2026-12-25", name: "Navidad", language: "es" }],
  },
  {
    state: "SV",
    zone: "America/El_Salvador",
    today: "2026-11-20",
    days: [
      { day: "2026-11-02", name: "Día de los Difuntos", language: "es" },
      { day: "2026-12-25", name: "Navidad", language: "es" },
      { day: "2027-01-01", name: "Año Nuevo", language: "es" },
    ],
  },
];
