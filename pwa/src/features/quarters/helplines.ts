import { m } from "../../i18n";

export interface Helpline {
  name: () => string;
  /** As it is read, and as it is dialled. */
  number: string;
  tel: string;
}

export const police: Helpline = { name: m.help_police, number: "114 14", tel: "11414" };
export const bris: Helpline = { name: m.help_bris, number: "116 111", tel: "116111" };

/** For whoever wants to die or harms herself. 112 stands above them. */
export const forSelfHarm: Helpline[] = [
  bris,
  { name: m.help_mind, number: "90101", tel: "90101" },
  { name: m.help_care, number: "1177", tel: "1177" },
];
