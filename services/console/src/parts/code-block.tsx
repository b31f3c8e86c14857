/** Text as it is, in a box that scrolls, by the keyboard, too. */
export function CodeBlock({ label, children }: { label: string; children: string }) {
  return (
    <pre className="code" tabIndex={0} role="region" aria-label={label}>
      {children}
    </pre>
  );
}
