import type { ComponentChildren } from "preact";

/** What may be wider than the window; the keyboard must reach it to scroll (WCAG 2.1.1). */
export function Scroll({
  label,
  extra = "",
  children,
}: {
  readonly label: string;
  readonly extra?: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section class={`scroll ${extra}`} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
