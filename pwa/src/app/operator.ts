/** Who runs this patrol is configuration, not code: the server fills the meta tag. */
export const operator = document.querySelector<HTMLMetaElement>('meta[name="natpatrull-operator"]')?.content ?? "";
