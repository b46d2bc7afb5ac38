/** Where files wait that go with a letter: of which request, and where it is typed. */

/** An act's name, or "free": the place of the files that are chosen beside it. */
export const placeOf = (request: string, form: string): string => `${request}.${form}`;

/** The request that a place is of. */
export const requestOf = (place: string): string => place.slice(0, place.indexOf("."));
