/** Gives bytes to the browser to keep as a file. */
export function give(bytes: Blob, name: string): void {
  const href = URL.createObjectURL(bytes);
  giveFrom(href, name);
  // The browser reads it after the press; a minute later it has.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** Has the browser keep what lies at an address, under the name that it comes with unless there is one here. */
export function giveFrom(href: string, name = ""): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
}
