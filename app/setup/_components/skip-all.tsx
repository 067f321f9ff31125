import Link from "next/link";

/** From step 2 on everything can be done later in the console. */
export function SkipAll() {
  return (
    <Link href="/" className="link fs12">
      Skip, open the console
    </Link>
  );
}
