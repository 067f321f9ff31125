"use client";
import { IconBan, IconKey } from "@tabler/icons-react";
import table from "#app/_ui/data-table.module.css";
import { formatCount, unknownText } from "#app/_ui/format.ts";
import { Tag } from "#app/_ui/state-badge.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { TableScroll } from "#app/_ui/table-scroll.tsx";
import { Ago } from "#app/_ui/time.tsx";
import type { PersonView } from "#core/access/contract.ts";
import { isWeaklyGuarded, secondFactorWords, waysWords } from "../_lib/person-words.ts";
import css from "./access.module.css";
import { GrantList } from "./grant-list.tsx";
import { PersonMenu, type PersonMenuAct } from "./person-menu.tsx";

type Props = {
  people: readonly PersonView[];
  onAct: (act: PersonMenuAct, person: PersonView) => void;
};

/** Everybody who can sign in. Below 768 px each row is a list item. */
export function PeopleTable({ people, onAct }: Props) {
  return (
    <>
      <TableScroll className="from-768" label="People">
        <table className={`${table.table} ${css.table}`}>
          <thead>
            <tr>
              <th>Name</th>
              <th>Roles</th>
              <th>Signs in with</th>
              <th>Second factor</th>
              <th>Last sign-in</th>
              <th className={table.num}>Sessions</th>
              <th className={css.behindNumber}>State</th>
              <th>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <PersonRow key={person.id} person={person} onAct={onAct} />
            ))}
          </tbody>
        </table>
      </TableScroll>
      <ul className={`${table.list} below-768`}>
        {people.map((person) => (
          <PersonItem key={person.id} person={person} onAct={onAct} />
        ))}
      </ul>
    </>
  );
}

type RowProps = { person: PersonView; onAct: Props["onAct"] };

function PersonRow({ person, onAct }: RowProps) {
  return (
    <tr className={person.disabledAt === null ? table.row : `${table.row} ${css.muted}`}>
      <td>
        <PersonName person={person} />
      </td>
      <td className={css.wraps}>
        <GrantList grants={person.grants} />
      </td>
      <td className="t2">{waysWords(person.ways)}</td>
      <td>
        <SecondFactor person={person} />
      </td>
      <td className="tn">
        {person.lastSignInAt === null ? (
          <span className="t3">never</span>
        ) : (
          <Ago at={person.lastSignInAt} suffix=" ago" />
        )}
      </td>
      <td className={table.num}>{person.sessions}</td>
      <td className={css.behindNumber}>
        <PersonState person={person} />
      </td>
      <td>
        <PersonMenu person={person} onAct={onAct} />
      </td>
    </tr>
  );
}

function PersonItem({ person, onAct }: RowProps) {
  return (
    <li className={table.item}>
      <div className="grow">
        <div className={table.itemLine}>
          <PersonName person={person} />
          <PersonState person={person} />
        </div>
        <GrantList grants={person.grants} />
        <div className={`${table.itemSmall} ${css.facts}`}>
          <span>{waysWords(person.ways)}</span>
          <SecondFactor person={person} />
          <span className="t3">
            {person.lastSignInAt === null ? (
              "never signed in"
            ) : (
              <>
                signed in <Ago at={person.lastSignInAt} suffix=" ago" />
              </>
            )}
          </span>
          {person.sessions > 0 && <span className="t3">{formatCount(person.sessions, "session")}</span>}
        </div>
      </div>
      <PersonMenu person={person} onAct={onAct} />
    </li>
  );
}

function PersonName({ person }: { person: PersonView }) {
  return (
    <span className="row" style={{ gap: 6 }}>
      <span className="med trunc">{person.name}</span>
      {person.you && <Tag>you</Tag>}
      {person.breakGlass && <Tag>break-glass</Tag>}
    </span>
  );
}

function SecondFactor({ person }: { person: PersonView }) {
  const words = secondFactorWords(person.ways);
  if (words !== null) return <span className="t2">{words}</span>;
  return isWeaklyGuarded(person) ? (
    <StateText state="warning" word="no second factor" small />
  ) : (
    <span className="t3">none</span>
  );
}

function PersonState({ person }: { person: PersonView }) {
  if (person.disabledAt !== null) {
    return (
      <span className="nowrap c-idle">
        <IconBan size={15} aria-hidden /> Disabled
      </span>
    );
  }
  if (person.mustChangePassword) {
    return (
      <span className="nowrap t2" title="Has a one-time password and has not chosen their own yet">
        <IconKey size={15} className="t3" aria-hidden /> One-time password
      </span>
    );
  }
  if (person.grants.length === 0) return <span className="t3">No role</span>;
  return <span className="t3">{person.lastSignInAt === null ? unknownText : "Active"}</span>;
}
