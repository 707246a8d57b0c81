import { m } from "../i18n";

/** Where somebody may write in need of help, and nobody reads in time. */
export const NotHere = () => (
  <p class="small not-here">
    {m.not_here()} <a href="tel:112">{m.sos_call()}</a>. {m.not_here_talk()} <a href="/">{m.not_here_chat()}</a>.
  </p>
);
