/** The state of an event or a webhook: a coloured dot and its word. */
export function State({ of: state }: { of: string }) {
  return (
    <span className="state" data-state={state}>
      {state}
    </span>
  );
}
