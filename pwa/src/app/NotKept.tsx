import { m } from "../i18n";
import { shared } from "../sync/shared";

/** Nothing outlives this tab: the browser will have it so, or whoever uses the phone. */
export const NotKept = () => (
  <details class="bar memory">
    <summary>{shared ? m.shared_title() : m.memory_title()}</summary>
    <p>{shared ? m.shared_text() : m.memory_text()}</p>
    {shared && <a href="/shared">{m.shared_more()}</a>}
  </details>
);
