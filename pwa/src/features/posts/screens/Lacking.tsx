import { m } from "../../../i18n";
import type { Lack } from "../draft";

const lackWords: Record<Lack, (() => string) | null> = {
  topic: m.tip_needed,
  title: m.post_needs_title,
  text: m.post_needs_text,
  alts: m.post_needs_alts,
  // It stands at the captions.
  captions: null,
  from: m.tip_needed_from,
  until: m.post_needs_until,
  why: m.post_needs_why,
};

/** What it lacks, once somebody has pressed. */
export const Lacking = ({ missing }: { missing: Lack[] }) => (
  <>
    {missing.map((lack) => {
      const words = lackWords[lack];
      return (
        words && (
          <p class="wrong" key={lack}>
            {words()}
          </p>
        )
      );
    })}
  </>
);
