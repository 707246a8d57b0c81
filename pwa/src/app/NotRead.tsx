import { Icon, Mark } from "../design";
import { m } from "../i18n";
import { kept } from "./kept";

/** The dangerous state is a cry that nobody has read: it is said large, and 112 stands in it. `here`: it has not left this phone. */
export function NotRead({ here, refused }: { here: boolean; refused: boolean }) {
  const title = refused ? m.wait_attention_title() : here ? m.wait_saved_title() : m.wait_title();
  return (
    <section class="not-read" aria-label={title}>
      <Mark lit={false} />
      <div>
        <p class="strong">{title}</p>
        <p>{here || refused ? kept(m.wait_saved_text, m.wait_in_tab_text) : m.wait_text()}</p>
      </div>
      <a class="button alarm" href="tel:112">
        <Icon name="phone" />
        {m.sos_call()}
      </a>
    </section>
  );
}
