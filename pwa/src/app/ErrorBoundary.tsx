import { Component, type ComponentChildren } from "preact";
import { kept } from "./kept";
import { m } from "../i18n";

/** What was written is already on the phone, so the honest advice is to load again; 112 stays within reach. */
export class ErrorBoundary extends Component<{ children: ComponentChildren }, { broken: boolean }> {
  override state = { broken: false };

  static override getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main class="page">
        <h1>{m.broken_title()}</h1>
        <p>{kept(m.broken_text, m.broken_text_in_tab)}</p>
        <a class="button alarm" href="tel:112">
          {m.sos_call()}
        </a>
        <button type="button" class="button plain" onClick={() => location.reload()}>
          {m.broken_reload()}
        </button>
      </main>
    );
  }
}
