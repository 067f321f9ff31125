"use client";
import { Notifications, notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { ReactNode } from "react";

type Shown = {
  tone: "good" | "warn" | "bad";
  title: string;
  message?: ReactNode;
  autoClose: number | false;
  id?: string;
};

const icons = { good: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX };

export function showToast({ tone, title, message, autoClose, id }: Shown): void {
  const Picture = icons[tone];
  const common = {
    title,
    message,
    autoClose,
    icon: <Picture aria-hidden className={`c-${tone}`} />,
    withBorder: false,
    closeButtonProps: { "aria-label": "Close message" },
    role: tone === "good" ? "status" : "alert",
  };
  if (id !== undefined) notifications.hide(id);
  notifications.show(id === undefined ? common : { ...common, id });
}

export function ToastHost() {
  return <Notifications position="bottom-right" limit={4} />;
}
