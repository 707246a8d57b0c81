import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { lazy } from "../../../app/lazy";
import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { Composer } from "../../chat/screens/Composer";
import { attachedTo, named } from "../attached";
import type { Stage } from "../../reports/screens/PictureStep";

const load = () => import("./Attaching");
const Attaching = lazy(() => load().then((part) => part.Attaching), "quiet");

interface Props {
  id: string;
  side: "youth" | "officer";
  label?: string;
  /** How far the choosing of a picture has come, where what stands beside goes by it. */
  stage?: Signal<Stage>;
  typing: () => void;
  send: (text: string, saved: () => void, files: ReturnType<typeof named>) => Promise<unknown>;
}

/** Where words are written in a talk, with what goes beside them. */
export function TalkComposer({ id, side, label, stage: given, typing, send }: Props) {
  const own = useSignal<Stage>("closed");
  const stage = given ?? own;
  const files = attachedTo(id);
  const opener = useRef<HTMLButtonElement>(null);
  const opened = useRef(false);
  useEffect(() => {
    // Both are to work without a network too.
    void Promise.all([load(), import("./InMessage")]).catch(() => undefined);
  }, []);
  useEffect(() => {
    // A notice's button for writing was pressed, here or before this was open.
    const write = () => {
      if (location.hash !== "#write") return;
      history.replaceState(history.state, "", location.pathname);
      opener.current?.closest("form")?.querySelector("textarea")?.focus();
    };
    write();
    addEventListener("popstate", write);
    return () => removeEventListener("popstate", write);
  }, []);
  useEffect(() => {
    if (stage.value === "closed" && opened.current) opener.current?.focus();
    opened.current = stage.value !== "closed";
  }, [stage.value]);
  return (
    <>
      {(stage.value !== "closed" || files.length > 0) && <Attaching id={id} side={side} stage={stage} />}
      <Composer
        place={id}
        {...(label === undefined ? {} : { label })}
        full={files.length > 0}
        typing={typing}
        send={(text, saved) => send(text, saved, named(files))}
        beside={
          <button
            type="button"
            class="icon-button"
            ref={opener}
            aria-label={side === "youth" ? m.attach_youth() : m.attach_officer()}
            aria-expanded={stage.value !== "closed"}
            // A youth is asked first what the picture shows.
            onClick={() => (stage.value = stage.value !== "closed" ? "closed" : side === "youth" ? "ask" : "choose")}
          >
            <Icon name="picture" />
          </button>
        }
      />
    </>
  );
}
