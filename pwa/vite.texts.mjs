import { fileURLToPath } from "node:url";

const ours = fileURLToPath(new URL("src/i18n/runtime.ts", import.meta.url));

/** What is generated with the texts finds the language in cookies and addresses. Here one signal says it, and a phone fetches nothing of the rest. */
export const texts = {
  name: "texts",
  enforce: /** @type {const} */ ("pre"),
  /** @type {(source: string, importer?: string) => string | null} */
  resolveId: (source, importer) => (source === "../runtime.js" && importer?.includes("/i18n/generated/messages/") ? ours : null),
};
