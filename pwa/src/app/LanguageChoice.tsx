import { locale, m, setLocale } from "../i18n";

const names = [
  ["sv", "Svenska"],
  ["en", "English"],
] as const;

export const LanguageChoice = () => (
  <fieldset>
    <legend>{m.more_language()}</legend>
    <div class="chips">
      {names.map(([code, name]) => (
        <label class="chip" key={code} lang={code}>
          <input type="radio" name="language" checked={locale.value === code} onChange={() => setLocale(code)} />
          {name}
        </label>
      ))}
    </div>
  </fieldset>
);
