// Browser-safe: the table of names that look like credentials. Words are whole words, see `toWords`.

export type WordRule = {
  /** The rule as people write it, and as it is shown; the words below are what really decides. */
  readonly glob: string;
  /** Any of these as a word anywhere in the name. */
  readonly word?: readonly string[];
  /** A word that ends in one of these, for names written together: "dbpassword", "authtoken". */
  readonly ending?: readonly string[];
  /** The last word is one of these, and another word is before it: "stripe_key", not "key". */
  readonly last?: readonly string[];
  /** These words one after the other, others may stand between. */
  readonly sequence?: readonly (readonly string[])[];
};

const keyWords = ["key", "keys"];

/** The first that fits gives its glob, so the telling ones come first. */
export const wordRules: readonly WordRule[] = [
  {
    glob: "*password*",
    word: ["password", "passwords", "pw", "pwd", "passphrase", "passphrases", "passcode"],
    ending: ["password", "passwords", "passphrase", "pwd"],
  },
  { glob: "*passwd*", word: ["passwd"], ending: ["passwd"] },
  { glob: "*_pass", last: ["pass"], ending: ["dbpass", "userpass"] },
  {
    glob: "*secret*",
    word: ["secret", "secrets", "secretkey", "secretid", "secretaccesskey"],
    ending: ["secret", "secrets"],
  },
  { glob: "*token*", word: ["token", "tokens"], ending: ["token", "tokens"] },
  { glob: "*credential*", word: ["credential", "credentials", "cred", "creds"], ending: ["credentials"] },
  {
    glob: "*private*key*",
    word: ["privatekey", "privkey"],
    sequence: [
      ["private", "key"],
      ["priv", "key"],
    ],
  },
  { glob: "*private", last: ["private"] },
  {
    glob: "*api*key*",
    word: ["apikey", "apikeys"],
    sequence: [
      ["api", "key"],
      ["api", "keys"],
    ],
  },
  {
    glob: "*access*key*",
    word: ["accesskey"],
    sequence: [
      ["access", "key"],
      ["access", "keys"],
    ],
  },
  { glob: "*unseal*", word: ["unseal"] },
  { glob: "*bearer*", word: ["bearer"] },
  { glob: "*authorization*", word: ["authorization", "basicauth"], sequence: [["basic", "auth"]] },
  { glob: "*keytab*", word: ["keytab"] },
  { glob: "*connection*string*", word: ["connectionstring", "dsn"], sequence: [["connection", "string"]] },
  { glob: "*_jwt", last: ["jwt"] },
  { glob: "*_salt", last: ["salt", "pepper", "hmac"] },
  {
    glob: "*_key",
    last: keyWords,
    ending: ["secretkey", "masterkey", "signingkey", "encryptionkey", "jwtkey"],
  },
];

/** A name whose last word is one of these speaks about a credential without holding it: "token_ttl". */
export const harmlessEndings: readonly string[] = [
  "ttl",
  "policy",
  "policies",
  "length",
  "expiry",
  "expires",
  "expiration",
  "lifetime",
  "enabled",
  "disabled",
  "required",
  "count",
  "limit",
  "max",
  "min",
  "type",
  "bits",
  "size",
  "algorithm",
  "timeout",
  "interval",
  "endpoint",
];

/** What a word before "key" says about it: these are no secrets. "public" also opens the other key rules. */
export const harmlessKeys: readonly string[] = [
  "public",
  "pub",
  "primary",
  "foreign",
  "partition",
  "sort",
  "shard",
  "sharding",
  "routing",
  "cache",
  "lock",
  "lookup",
  "map",
  "row",
  "column",
  "object",
  "index",
  "group",
  "message",
  "translation",
  "registry",
  "idempotency",
  "hot",
  "arrow",
  "authorized",
  "known",
];

/** Endings of files that hold keys. A .pem may be a mere certificate, and is closed all the same. */
export const closedFileEndings: readonly string[] = [
  "pem",
  "key",
  "p8",
  "p12",
  "pfx",
  "jks",
  "jceks",
  "keystore",
  "kdbx",
  "ppk",
];

/** Whole names, in lower case. */
export const closedNames: readonly string[] = [
  ".htpasswd",
  "htpasswd",
  ".pgpass",
  ".netrc",
  ".npmrc",
  ".git-credentials",
  ".dockerconfigjson",
  ".dockercfg",
  "kubeconfig",
  "id_rsa",
  "id_dsa",
  "id_ecdsa",
  "id_ed25519",
];

/** "database_url" and its like hold a password more often than not. */
export const closedUrlOwners: readonly string[] = [
  "database",
  "db",
  "postgres",
  "postgresql",
  "mysql",
  "mongo",
  "mongodb",
  "redis",
  "amqp",
  "rabbitmq",
  "broker",
];

/** Folders, at any depth, whose contents are closed. */
export const closedFolders: readonly string[] = [
  "secret",
  "secrets",
  "credential",
  "credentials",
  "creds",
  "password",
  "passwords",
  "tokens",
  "api-keys",
  "api_keys",
  "apikeys",
  "private-keys",
  "private_keys",
  ".ssh",
];

/** Folders in which a key that is only called "key" is a private one. */
export const keyFolders: readonly string[] = [
  "tls",
  "ssl",
  "cert",
  "certs",
  "certificates",
  "pki",
  "ssh",
  "ca",
];

/** Where Vault's storage backend keeps the keys to everything else, when its folder is not called vault. */
export const vaultNames: readonly string[] = [
  "keyring",
  "master",
  "shamir-kek",
  "recovery-key",
  "seal-config",
];
