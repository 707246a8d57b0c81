import { m } from "../i18n";

/** Off this screen at once. The script in the page's head knows it by its mark; where that did not come it is a link like any other. */
export const Exit = () => (
  <>
    <a class="exit" href="/calendar.html" target="_self" data-exit>
      {m.exit()}
      <span class="exit-presses" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
    </a>
    <span class="sr" role="status" data-exit-said />
  </>
);

/** What it does, before anything is written. */
export const ExitHint = () => (
  <p class="small">
    {m.exit_hint()} <a href="/safe">{m.exit_hint_link()}</a>
  </p>
);
