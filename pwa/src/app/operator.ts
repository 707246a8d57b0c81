/** Who runs this patrol is configuration, not code: the server may fill the meta tag with its own. */
export const operator =
  document.querySelector<HTMLMetaElement>('meta[name="natpatrull-operator"]')?.content || "Nattljus kommunförbund (demo)";
