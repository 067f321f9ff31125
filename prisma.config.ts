import { defineConfig } from "prisma/config";

// The command-line tool needs the schema's place only; the app opens the database itself and applies the
// migrations at start-up (docs/decisions/0003-migrations.md).
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "file:.snapkeep/snapkeep.db" },
});
