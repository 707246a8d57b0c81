import { Icon } from "../design";
import { m } from "../i18n";

/** 112 above everything, with or without network: a plain link needs neither us nor a script. `alone`: there is danger, and one number. */
export const Sos = ({ alone }: { alone: boolean }) => (
  <section class="sos" aria-labelledby="sos">
    <div class="sos-words">
      <h2 id="sos">{m.sos_title()}</h2>
      <p>{m.sos_not_us()}</p>
    </div>
    <a class="button alarm" href="tel:112">
      <Icon name="phone" />
      {m.sos_call()}
    </a>
    {!alone && (
      <a class="button sos-other" href="tel:11414">
        {m.sos_other()}
      </a>
    )}
  </section>
);
