import { type ActSubject, type OperationContext, personOf } from "./operation.ts";

/** Who asks for a long act, as its row keeps it. */
export type By = { userId: string | null; name: string; correlationId: string };

/** The row of a long act is written; `start` begins the work once that and the audit intent are committed. */
export type Started<Id extends string = string> = { id: Id; start: (subject: ActSubject) => void };

/** A token counts as its maker, who can't be the second person for it. */
export const byOf = ({
  caller,
  correlationId,
}: Pick<OperationContext<unknown>, "caller" | "correlationId">): By => ({
  userId: personOf(caller),
  name: caller.name,
  correlationId,
});

/** The long act that a call has begun; its outcome row comes when it ends, and names it. */
export function beginAfterCommit<Id extends string>(
  context: Pick<OperationContext<unknown>, "subject" | "afterCommit">,
  { id, start }: Started<Id>,
): { id: Id } {
  context.afterCommit(() => start({ ...context.subject, target: { ...context.subject.target, id } }));
  return { id };
}
