/** A letterhead for tests. */
import type { LetterheadSaid } from "../../src/documents/letterhead";

/** A JPEG of one pixel: what a reader asks for before it draws. */
export const JPEG = Uint8Array.from(
  atob(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==",
  ),
  (letter) => letter.charCodeAt(0),
);

export const LETTERHEAD: LetterheadSaid = {
  above: { es: ["Fiscalía General", "Unidad & Grupo"], en: ["Attorney General"], fr: [] },
  below: { es: ["Calle 1"], en: [], fr: [] },
  emblem: JPEG,
};
