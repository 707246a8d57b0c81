export * as m from "./generated/messages.js";
export { locale, setLocale, type Locale } from "./locale";
