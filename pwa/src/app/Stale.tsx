import { m } from "../i18n";

/** What stands is what this phone read last. Nothing tells a phone that it is heard again, so there is a way to ask. */
export const Stale = ({ text, again }: { text: string; again: () => void }) => (
  <div class="notice" role="status">
    <p>{text}</p>
    <button type="button" class="button plain" onClick={again}>
      {m.retry()}
    </button>
  </div>
);
