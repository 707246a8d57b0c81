import { useEffect, useRef } from "preact/hooks";
import { m } from "../../../i18n";
import { addOption, LEAST_OPTIONS, LONGEST_OPTION, MOST_OPTIONS, raiseOption, withoutOption, writeOption, type OptionDraft } from "../draft";

interface Written {
  options: OptionDraft[];
  scale: boolean;
  onChange: (options: OptionDraft[]) => void;
}

/** What there is to choose between, in both languages; of a scale its two ends. */
export function Options({ options, scale, onChange }: Written) {
  const list = useRef<HTMLOListElement>(null);
  const goTo = useRef<number | null>(null);
  useEffect(() => {
    // What was pressed may be gone, or stand at another answer: the reader goes on where the change is.
    if (goTo.current === null) return;
    list.current?.querySelectorAll<HTMLElement>("li")[Math.min(goTo.current, options.length - 1)]?.querySelector("input")?.focus();
    goTo.current = null;
  });
  const change = (to: number, changed: OptionDraft[]) => {
    goTo.current = to;
    onChange(changed);
  };
  const shown = scale ? options.slice(0, 2) : options;
  const nameOf = (at: number): string => (scale ? (at === 0 ? m.poll_end_low() : m.poll_end_high()) : m.poll_option({ number: at + 1 }));
  return (
    <fieldset>
      <legend>{scale ? m.poll_ends() : m.poll_options()}</legend>
      <ol class="option-list" ref={list}>
        {shown.map((option, at) => (
          <li key={at} class="option-row">
            <label class="field">
              {nameOf(at)}
              <input lang="sv" maxLength={LONGEST_OPTION} autocomplete="off" value={option.text} onInput={(event) => onChange(writeOption(options, at, { text: event.currentTarget.value }))} />
            </label>
            <label class="field">
              {m.poll_option_en()}
              <input lang="en" maxLength={LONGEST_OPTION} autocomplete="off" value={option.text_en} onInput={(event) => onChange(writeOption(options, at, { text_en: event.currentTarget.value }))} />
            </label>
            {!scale && (
              <div class="row">
                {at > 0 && (
                  <button type="button" class="button quiet" aria-label={m.poll_option_up_name({ number: at + 1 })} onClick={() => change(at - 1, raiseOption(options, at))}>
                    {m.poll_option_up()}
                  </button>
                )}
                {options.length > LEAST_OPTIONS && (
                  <button type="button" class="button quiet" aria-label={m.poll_option_drop_name({ number: at + 1 })} onClick={() => change(at, withoutOption(options, at))}>
                    {m.poll_option_drop()}
                  </button>
                )}
              </div>
            )}
          </li>
        ))}
      </ol>
      {!scale && options.length < MOST_OPTIONS && (
        <button type="button" class="button plain option-add" onClick={() => change(options.length, addOption(options))}>
          {m.poll_option_add()}
        </button>
      )}
    </fieldset>
  );
}
