import { m } from "../../../i18n";

/** Under the composer, before anything that is hard to tell; never where there is danger. */
export const DutyLine = () => (
  <p class="small">
    {m.duty_line()} <a href="/duty">{m.duty_which()}</a>
  </p>
);
