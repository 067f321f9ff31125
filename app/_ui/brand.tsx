const outline =
  "M2 2.6c0-.33.27-.6.6-.6h2.9c.33 0 .6.27.6.6v1.9h2V2.6c0-.33.27-.6.6-.6h2.6c.33 0 .6.27.6.6v1.9h2V2.6c0-.33.27-.6.6-.6h2.9c.33 0 .6.27.6.6V15a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V2.6ZM10 8.2a2.1 2.1 0 0 0-1.05 3.92V15h2.1v-2.88A2.1 2.1 0 0 0 10 8.2Z";

/** The keep with its keyhole. */
export function BrandMark({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} aria-hidden="true" style={{ flex: "none" }}>
      <path fill="currentColor" fillRule="evenodd" d={outline} />
    </svg>
  );
}
