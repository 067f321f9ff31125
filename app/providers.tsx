"use client";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { createQueryClient } from "./_client/query-client.ts";
import { cssVariablesResolver, theme } from "./_ui/theme.ts";
import { TimeProvider } from "./_ui/time.tsx";

const ToastHost = lazy(() =>
  import("./_ui/toast-host.tsx").then((module) => ({ default: module.ToastHost })),
);

type Props = { nonce: string | undefined; nowMs: number; children: ReactNode };

/** Everything that needs the browser around the pages: styles, server data, URL state, the clock, toasts. */
export function Providers({ nonce, nowMs, children }: Props) {
  const [queryClient] = useState(createQueryClient);
  // What keeps the page still behind a dialog writes a style element; it looks for its nonce here.
  if (nonce !== undefined) setNonce(nonce);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      {...(nonce === undefined ? {} : { getStyleNonce: () => nonce })}
    >
      <QueryClientProvider client={queryClient}>
        <NuqsAdapter>
          <TimeProvider nowMs={nowMs}>
            {children}
            <LateToasts />
          </TimeProvider>
        </NuqsAdapter>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Toasts may come late, so their code waits until the page is idle and costs the first paint nothing. */
function LateToasts() {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const wait = setTimeout(() => setReady(true), 1_500);
    return () => clearTimeout(wait);
  }, []);
  return ready ? (
    <Suspense>
      <ToastHost />
    </Suspense>
  ) : null;
}
