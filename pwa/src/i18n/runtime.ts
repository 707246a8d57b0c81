import { locale, type Locale } from "./locale";

/** What the generated texts ask (see vite.texts.ts). Reading a signal here makes every component that shows a text follow the language. */
export const getLocale = (): Locale => locale.value;

/** No build is of one language only. */
export const experimentalStaticLocale = undefined;
