import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SentFile } from "../../../api/wire";
import { useTask } from "../../../design";
import { copyUrl } from "../actions";
import { useLink } from "./useLink";

/** The copy of a file, from when there is one: the row tells, and it comes by itself. */
export function useCopy(file: SentFile) {
  const url = useSignal<string | null>(null);
  const { error, run } = useTask();
  const load = () => run(async () => void (url.value = await copyUrl(file.file_id)));
  const link = useLink(load);
  const made = file.complete && file.withheld !== true && file.copy?.state === "made";
  useEffect(() => {
    if (made) void load();
    else url.value = null;
  }, [file.file_id, made]);
  return { url: url.value, error, load, ...link };
}
