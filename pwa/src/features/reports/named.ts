import type { DraftRow } from "../../sync/rows";

/** The pictures that a draft names. */
export const filesOfDraft = ({ file_id, file_ids }: DraftRow): string[] => file_ids ?? (file_id === undefined ? [] : [file_id]);
