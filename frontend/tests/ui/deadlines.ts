/** Deadlines of the gallery's person, and the calendars of two States. */

import type { Calendar, Deadline } from "../../src/api/deadlines";

export const deadlines: Deadline[] = [
  {
    kind: "standing",
    ends: "2026-11-18T06:00:00Z",
    state: "SV",
    zone: "America/El_Salvador",
    last: "2026-11-17",
    left: null,
    closed: "",
  },
  {
    kind: "notice",
    ends: "2026-11-21T06:00:00Z",
    state: "SV",
    zone: "America/El_Salvador",
    last: "2026-11-20",
    left: 0,
    closed: "",
  },
  {
    kind: "joining",
    ends: "2026-11-23T06:00:00Z",
    state: "SV",
    zone: "America/El_Salvador",
    last: "2026-11-22",
    left: 2,
    closed: "weekend",
  },
  {
    kind: "designation",
    ends: "2026-12-26T06:00:00Z",
    state: "SV",
    zone: "America/El_Salvador",
    last: "2026-12-25",
    left: 35,
    closed: "Navidad",
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
