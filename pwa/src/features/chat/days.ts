/** When a day begins here, or one so many days later: not each has 24 hours. */
export function beginOf(day: string, later = 0): string {
  const at = new Date(`${day}T00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}
