const said = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name="natpatrull-${name}"]`)?.content ?? "";

/** Who runs this patrol is configuration, not code: the server fills the page's meta tags with its own. */
export const operator = said("operator");
/** How whoever runs it is reached: `mailto:` or `https:`. */
export const contact = said("contact");
