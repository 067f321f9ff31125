/** @type {import("next").NextConfig} */
const config = {
  // The bytes of archives never pass Next; server/ takes them before it.
  poweredByHeader: false,
  reactStrictMode: true,
  typescript: { ignoreBuildErrors: true },
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@tabler/icons-react"] },
};

export default config;
