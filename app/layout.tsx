import { ColorSchemeScript, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { inter, jetbrainsMono } from "./fonts.ts";
import "./globals.css";
import { Providers } from "./providers.tsx";
import { StyleAttributesScript } from "./style-attributes-script.tsx";

// The nonce of the Content-Security-Policy is new for every request, so no page can be rendered ahead.
export const dynamic = "force-dynamic";

export const metadata: Metadata = {
  title: { default: "Snapkeep", template: "%s · Snapkeep" },
  description: "Consul snapshots: take, verify, keep, restore.",
  robots: { index: false, follow: false },
  formatDetection: { telephone: false, date: false, address: false, email: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#F5F6F8" },
    { media: "(prefers-color-scheme: dark)", color: "#0C0E12" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang="en" {...mantineHtmlProps} className={`${inter.variable} ${jetbrainsMono.variable}`}>
      <head>
        <StyleAttributesScript nonce={nonce} />
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} suppressHydrationWarning />
      </head>
      <body>
        <Providers nonce={nonce} nowMs={Date.now()}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
