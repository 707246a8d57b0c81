import { useEffect, useId, useRef } from "preact/hooks";
import { m } from "../../../i18n";
import { MOST_LINKS } from "../body";

const LONGEST_LINK = 2000;

/** Links and user names as they are typed, one a field. */
export function LinksField({ links, hint, onChange }: { links: string[] | undefined; hint: string | undefined; onChange: (links: string[]) => void }) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const fields = links && links.length > 0 ? links : [""];
  const count = useRef(fields.length);
  useEffect(() => {
    // A new field is written in; where one went, the reader stands at the one before it.
    if (fields.length !== count.current) [...(list.current?.querySelectorAll("input") ?? [])].at(-1)?.focus();
    count.current = fields.length;
  }, [fields.length]);
  const change = (at: number, text: string) => onChange(fields.map((field, i) => (i === at ? text : field)));
  return (
    <div class="block">
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <ul class="rows" ref={list}>
        {fields.map((field, i) => (
          <li key={i} class="link-row">
            <label class="field">
              {m.tell_link({ number: i + 1 })}
              <input
                type="text"
                inputMode="url"
                autocapitalize="none"
                autocomplete="off"
                spellcheck={false}
                maxLength={LONGEST_LINK}
                value={field}
                aria-describedby={hint && `${id}-hint`}
                onInput={(event) => change(i, event.currentTarget.value)}
              />
            </label>
            {fields.length > 1 && (
              <button type="button" class="button quiet" aria-label={m.tell_link_remove({ number: i + 1 })} onClick={() => onChange(fields.filter((_, at) => at !== i))}>
                {m.attach_drop()}
              </button>
            )}
          </li>
        ))}
      </ul>
      {fields.length < MOST_LINKS && (
        <button type="button" class="button plain" disabled={!fields.at(-1)?.trim()} onClick={() => onChange([...fields, ""])}>
          {m.tell_link_add()}
        </button>
      )}
    </div>
  );
}
