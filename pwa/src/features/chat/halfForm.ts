import { halfWritten, write } from "./halfWritten";

/** A form that is half filled in stands as one text among the half-written ones. One that does not read as a form is none. */
export function halfForm<T>(place: string): T | undefined {
  try {
    return JSON.parse(halfWritten(place)) as T;
  } catch {
    return undefined;
  }
}

export const keepForm = (place: string, form: object): void => write(place, JSON.stringify(form));
