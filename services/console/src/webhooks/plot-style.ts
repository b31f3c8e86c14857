/** The component kit's colours, so that plots follow light and dark. */
export const plotColours = {
  good: 'var(--mantine-color-green-7)',
  bad: 'var(--mantine-color-red-7)',
  calm: 'var(--mantine-color-blue-6)',
  warm: 'var(--mantine-color-orange-6)',
  axis: 'var(--mantine-color-dimmed)',
  grid: 'var(--mantine-color-default-border)',
};

export const tooltipStyle = {
  contentStyle: {
    background: 'var(--mantine-color-body)',
    border: '1px solid var(--mantine-color-default-border)',
    fontSize: 12,
  },
  cursor: { fill: 'var(--mantine-color-default-hover)' },
};
