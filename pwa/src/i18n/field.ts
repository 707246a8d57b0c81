/** A moment as a datetime-local field has it, in the phone's own time. */
export function fieldOf(time: string | number): string {
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
