import { useId } from "preact/hooks";
import { m } from "../../../i18n";
import { Level } from "../../replies/screens/Level";
import { texts, tooLong, wordsIn, type Texts as Name } from "../draft";

interface Written {
  names: Record<Name, string>;
  of: Record<Name, string>;
  onWrite: (name: Name, text: string) => void;
}

/** The same in each language, with how long it is and how it reads while it is written. */
export const Texts = ({ names, of, onWrite }: Written) => (
  <>
    {texts.map((name) => (
      <TextField key={name} label={names[name]} text={of[name]} english={name === "text_en"} onWrite={(text) => onWrite(name, text)} />
    ))}
  </>
);

function TextField({ label, text, english, onWrite }: { label: string; text: string; english: boolean; onWrite: (text: string) => void }) {
  const id = useId();
  const long = tooLong(text);
  const count = wordsIn(text);
  return (
    <div>
      <label class="field">
        {label}
        <textarea rows={4} maxLength={1000} autocomplete="off" lang={english ? "en" : "sv"} value={text} aria-describedby={id} aria-invalid={long} onInput={(event) => onWrite(event.currentTarget.value)} />
      </label>
      <p id={id} class={long ? "small wrong" : "small"}>
        {long ? m.tip_too_long({ count }) : m.tip_words({ count })}
      </p>
      {!english && <Level text={text} />}
    </div>
  );
}
