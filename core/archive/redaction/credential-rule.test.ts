import { describe, expect, it } from "vitest";
import { credentialRule } from "./credential-rule.ts";

const closed: Record<string, readonly string[]> = {
  "*password*": [
    "app/db/password",
    "app/DB_PASSWORD",
    "dbPassword",
    "mysql-root-password",
    "app/dbpassword",
    "admin.pwd",
    "ssh_passphrase",
    "password1",
  ],
  "*passwd*": ["app/passwd", "rootpasswd"],
  "*_pass": ["smtp_pass", "DB-PASS"],
  "*secret*": ["client_secret", "clientSecret", "app/secret", "SECRET_KEY_BASE", "secret_id", "appsecret"],
  "*token*": ["github_token", "authToken", "authtoken", "app/TOKEN", "slack.tokens", "ACLToken"],
  "*credential*": ["aws_credentials", "gcp-creds", "app/Credential"],
  "*private*key*": ["private_key", "privateKey", "rsa_private_signing_key", "privkey"],
  "*private": ["jwt_private"],
  "*api*key*": ["api_key", "apiKey", "apikey", "APIKEY", "APIkey", "stripe-api-keys", "public_api_key"],
  "*access*key*": ["aws_access_key_id", "AccessKey"],
  "*unseal*": ["unseal-keys"],
  "*bearer*": ["bearer"],
  "*authorization*": ["Authorization", "basic_auth"],
  "*connection*string*": ["ConnectionString", "db/connection_string", "SENTRY_DSN"],
  "*_jwt": ["service_account_jwt"],
  "*_salt": ["hash_salt"],
  "*_key": ["checkout/stripe_key", "stripeKey", "encryption.key2", "signing-keys", "app/masterkey", "s3_key"],
  "*.pem": ["tls/server.pem", "SERVER.PEM"],
  "*.key": ["tls/server.key"],
  "*.p12": ["store.p12"],
  ".htpasswd": ["nginx/.htpasswd"],
  id_rsa: ["deploy/id_rsa"],
  "*database_url": ["app/DATABASE_URL"],
  "*redis_uri": ["redis_uri"],
  "secrets/*": ["secrets/app/host", "team/Secrets/x"],
  "tokens/*": ["tokens/ci"],
  "tls/key": ["web/tls/key"],
  "vault/*": ["vault/logical/3f/x", "vault/core/keyring"],
  "vault-prod/*": ["vault-prod/sys/x"],
  "core/keyring": ["backend/core/keyring"],
};

const open = [
  "",
  "/",
  "monkey",
  "app/monkey",
  "keyboard",
  "keyboard_layout",
  "tokenizer",
  "tokenization/mode",
  "turkey/hockey/jockey/donkey",
  "key",
  "app/key",
  "keys",
  "primary_key",
  "foreignKey",
  "public_key",
  "id_rsa.pub",
  "public.pem",
  "ssh/authorized_keys",
  "cache-key",
  "idempotency_key",
  "secretary",
  "passenger",
  "passive_mode",
  "compass",
  "bypass",
  "token_ttl",
  "password_policy",
  "password-min-length",
  "maxTokenTTL",
  "privateKeyType",
  "private_network",
  "private_subnet_ids",
  "api_url",
  "api/keyspace",
  "service_url",
  "accessibility",
  "authors",
  "author",
  "jwt/issuer",
  "salt",
  "unsealed_count",
  "app/feature/enabled",
  "monkeys/bananas",
  "application/vaulted",
  "config/consul-core/settings",
  "dns",
  "ümlaut/größe",
  "\u0000\ufffd",
];

describe("the names that close a key", () => {
  for (const [glob, names] of Object.entries(closed)) {
    it(`closes as ${glob}`, () => {
      for (const name of names) expect([name, credentialRule(name)]).toEqual([name, glob]);
    });
  }

  it("leaves names open that only resemble a credential's", () => {
    for (const name of open) expect([name, credentialRule(name)]).toEqual([name, null]);
  });
});
