/** Stands behind the label of a field that may stay empty. */
export function Optional() {
  return (
    <span className="t3" style={{ fontWeight: "var(--fw-regular)" }}>
      {" "}
      optional
    </span>
  );
}
