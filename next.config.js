/** @type {import("next").NextConfig} */
const config = {
  // The bytes of archives never pass Next; server/ takes them before it.
  poweredByHeader: false,
  reactStrictMode: true,
  // server/ compresses, after it has looked at the HTML.
  compress: false,
  typescript: { ignoreBuildErrors: true },
  experimental: {
    optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@tabler/icons-react"],
    // A page's code is read when the page is first asked for: a console that only takes snapshots stays small.
    preloadEntriesOnStart: false,
  },
};

export default config;
