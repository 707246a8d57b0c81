/** Gives bytes to the browser to keep as a file. */
export function give(bytes: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  // The browser reads it after the press; a minute later it has.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
