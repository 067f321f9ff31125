"use client";

import { IconCircleX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Utc } from "#app/_ui/time.tsx";
import { datacentersQuery } from "../../../_shell/queries.ts";
import classes from "./history-panel.module.css";

/** The phone has no side bar, so a datacenter without a leader says so above the list. */
export function TroubleBar() {
  const { data } = useQuery(datacentersQuery);
  const down = data?.datacenters.find((one) => one.state === "no_leader" || one.state === "unreachable");
  if (!down) return null;
  return (
    <div className={classes.trouble}>
      <IconCircleX aria-hidden />
      <span className="grow trunc">
        <b className="med">
          {down.datacenter} {down.state === "no_leader" ? "has no leader" : "does not answer"}
        </b>{" "}
        {down.since !== null && (
          <span className="t2">
            since <Utc at={down.since} as="short" />
          </span>
        )}
      </span>
      <Link className="link" href="/">
        Open
      </Link>
    </div>
  );
}
