/** Invented States' officers for the gallery: nobody here exists. */

import type { Person, StateName } from "../../src/ui/client";

export const STATES: StateName[] = [
  ["BZ", "Belice", "Belize", "Belize"],
  ["CA", "Canadá", "Canada", "Canada"],
  ["CR", "Costa Rica", "Costa Rica", "Costa Rica"],
  ["DO", "República Dominicana", "Dominican Republic", "République dominicaine"],
  ["SV", "El Salvador", "El Salvador", "Salvador"],
  ["GT", "Guatemala", "Guatemala", "Guatemala"],
  ["HN", "Honduras", "Honduras", "Honduras"],
  ["MX", "México", "Mexico", "Mexique"],
  ["NI", "Nicaragua", "Nicaragua", "Nicaragua"],
  ["PA", "Panamá", "Panama", "Panama"],
  ["US", "Estados Unidos de América", "United States of America", "États-Unis d’Amérique"],
].map(([code = "", es = "", en = "", fr = ""]) => ({ code, name: { es, en, fr } }));

function person(id: string, name: string, state: string, office: string, role: string): Person {
  return {
    id,
    name,
    state,
    office,
    telephone: `+999 ${state === "SV" ? "000" : "070"} 0002`,
    post: role === "liaison" ? "Fiscal de enlace" : "Coordinación nacional",
    roles: [role],
    functions: role === "liaison" ? ["focal-point"] : ["focal-point", "signatory"],
    languages: state === "US" || state === "BZ" ? ["en", "es"] : ["es"],
    status: "in-force",
    valid_until: "2027-06-30T00:00:00Z",
    fictional: true,
    stopped: null,
  };
}

export const PEOPLE: Person[] = [
  person("p-ma", "Marina Arévalo", "SV", "FGR, Unidad de Trata y Tráfico", "liaison"),
  person("p-jb", "José Benítez", "SV", "FGR, Unidad de Trata y Tráfico", "liaison"),
  person("p-lo", "Lucía Ortega", "MX", "FGR, Cooperación Internacional", "liaison"),
  person("p-dn", "Daniel Núñez", "MX", "FGR, Cooperación Internacional", "liaison"),
  person(
    "p-rc",
    "Raúl Chávez",
    "GT",
    "MP, Fiscalía contra el Tráfico Ilícito de Migrantes",
    "liaison",
  ),
  person("p-ip", "Inés Paz", "HN", "MP, Unidad de Apoyo Fiscal", "liaison"),
  person("p-ew", "Ellen Ward", "US", "DOJ, Human Rights and Special Prosecutions", "liaison"),
  person("p-tc", "Thomas Côté", "CA", "Service des poursuites pénales", "coordinator"),
  person("p-mb", "Marie Belisle", "BZ", "Office of the DPP", "coordinator"),
];

export function personOf(id: string): Person {
  const found = PEOPLE.find((item) => item.id === id);
  if (found === undefined) throw new Error(`no fictional person ${id}`);
  return found;
}
