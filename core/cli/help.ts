const exitCodesText = `Exit codes: 0 fine, 1 a bad archive or differences, 2 wrong use or what can't be read,
130 after Ctrl-C, 141 when nobody reads the output any more.`;

const fileText = `FILE is a path, - for stdin, or the id of a snapshot in the store of this machine
(SNAPKEEP_ARCHIVES, else SNAPKEEP_DATA/archives). The server may run; nothing is written.`;

export const generalHelp = `snapkeep looks into Consul snapshots, offline, restores them, and manages the records of Snapkeep.

  snapkeep verify FILE…          is it whole, to its last byte?
  snapkeep inspect FILE          what consul snapshot inspect tells, and more
  snapkeep diff A B              what differs between two snapshots
  snapkeep browse FILE [PREFIX]  keys like ls, values, records
  snapkeep drill FILE            restores it into a Consul that is thrown away, and compares
  snapkeep restore FILE          replaces the data of a datacenter, and compares

  snapkeep token …               API tokens: create, list, revoke
  snapkeep user …                people: list, create, reset, revoke-sessions
  snapkeep audit …               the audit log: verify, archive
  snapkeep import FOLDER         rebuilds the history from archives

  snapkeep COMMAND --help        flags and examples
  snapkeep --version

${fileText}
${exitCodesText}
`;

const verifyHelp = `snapkeep verify FILE… [--format pretty|json]

Checks gzip, tar, both checksums and every record. Each fault has a code, a place and a sentence.

  --format json   an object per file, on a line of its own

  snapkeep verify backups/*.snap
  curl -s "$CONSUL_HTTP_ADDR/v1/snapshot" | snapkeep verify -
  snapkeep verify --format json backup.snap | jq -r '.findings[].code'

${fileText}
${exitCodesText}
`;

const inspectHelp = `snapkeep inspect FILE [--kv-details] [--kv-depth N] [--kv-filter PREFIX] [--format pretty|json|full]

  --format json   exactly what consul snapshot inspect -format=json prints
  --format full   everything that Snapkeep knows of the snapshot, as JSON
  --kv-details    sums by prefix of key
  --kv-depth N    how many parts of a key make its prefix; 2 unless told
  --kv-filter P   only keys that begin with P

  snapkeep inspect backup.snap
  snapkeep inspect --kv-details --kv-depth 1 --format json backup.snap
  snapkeep inspect /opt/consul/raft/snapshots/2-13-1602222343947/state.bin

A file called state.bin is read as raft keeps it, with the meta.json beside it.

${fileText}
${exitCodesText}
`;

const diffHelp = `snapkeep diff A B [--type KIND]… [--prefix P] [--include-churn] [--values [--reveal]]
                  [--format pretty|json|jsonl]

Lists what was added (+), changed (~) and removed (-) from A to B.

  --type KIND      only records of a kind: kv, services, tokens, …; may be repeated
  --prefix P       only keys that begin with P
  --include-churn  also what Consul rewrites by itself, and what was written again unchanged (=)
  --values         what differs in each of them; secrets show as fingerprints
  --reveal         with --values: secrets as they are
  --format json    one object; jsonl: a line per difference, and a last one that says whether they count

  snapkeep diff monday.snap tuesday.snap
  snapkeep diff --prefix checkout/ --values monday.snap tuesday.snap
  consul snapshot save /dev/stdout | snapkeep diff monday.snap -

Exits with 1 when something is listed.

${fileText}
${exitCodesText}
`;

const browseHelp = `snapkeep browse FILE [PREFIX] [--format pretty|json]
snapkeep browse FILE --search PATTERN [--format pretty|json]
snapkeep browse FILE --get KEY
snapkeep browse FILE --records KIND [--reveal] [--format pretty|json]

  PREFIX            lists what is directly below it, with numbers of keys and sizes of values
  --search PATTERN  keys anywhere: * for anything, / too; ? for one character; without either a prefix
  --get KEY         the exact bytes of a value, and nothing else
  --get-id KEYID    the same for a key that can't be typed: the keyId of --format json
  --records KIND    services, tokens, policies, config-entries, …; secrets show as fingerprints
  --reveal          secrets as they are

  snapkeep browse backup.snap checkout/
  snapkeep browse backup.snap --search 'checkout/*_key'
  snapkeep browse backup.snap --get checkout/db/url > url.txt
  snapkeep browse backup.snap --records tokens

${fileText}
${exitCodesText}
`;

const drillHelp = `snapkeep drill FILE [--format pretty|json] [--json]

Starts a Consul of its own on this machine, restores FILE into it, compares every record and reads keys back, and
removes that Consul with all it wrote. It listens on loopback alone and joins nobody. The program is CONSUL_BIN, else
consul on the PATH; it should have the version of the cluster.

  --format json   one object: the verdict, counts by kind, versions, durations; --json for short

  snapkeep drill backup.snap
  CONSUL_BIN=/opt/consul-1.21/consul snapkeep drill s-7f3k2m9qa0b1
  curl -s "$CONSUL_HTTP_ADDR/v1/snapshot" | snapkeep drill --json -

It needs room for four times the state in the folder for temporary files (TMPDIR), and ends after
SNAPKEEP_DRILL_TIMEOUT_MS (10 minutes). Exits with 0 only when all is proven; with 1 when something differs or Consul
does not take the archive.

${fileText}
${exitCodesText}
`;

const restoreHelp = `snapkeep restore FILE [--datacenter NAME] [--confirm NAME] [--token-after TOKEN_FILE]
                      [--safety-out FILE | --without-safety REASON] [--format pretty|json] [--json]

Replaces all data of a datacenter with FILE: verifies FILE, keeps a snapshot of what the datacenter holds now, sends,
and compares a fresh snapshot with FILE. It needs no Snapkeep, only Consul's own variables: CONSUL_HTTP_ADDR (else
http://127.0.0.1:8500), CONSUL_HTTP_TOKEN or CONSUL_HTTP_TOKEN_FILE, CONSUL_HTTP_SSL, CONSUL_CACERT, …

  --datacenter NAME        the agent's own unless told; -dc for short
  --confirm NAME           the name of the datacenter, instead of typing it on the terminal
  --safety-out FILE        what the datacenter holds now; before-restore-DC-TIME.snap here unless told
  --without-safety REASON  keeps nothing, for a datacenter that can't give a snapshot
  --token-after FILE       holds a management token of the snapshot, to compare with when the one in use is gone
  --format json            one object: outcome, words, verdict, counts by kind; --json for short

  snapkeep restore backup.snap
  snapkeep restore --token-after old-token -dc dc1 --confirm dc1 backup.snap

Exit codes: 0 restored, and compared equal. 1 nothing was replaced: a bad file, no leader, refused, no safety
snapshot. 2 wrong use, nothing was sent. 3 bytes were sent, and the datacenter was not shown to hold FILE: look at it
before anything else. 130, 143 after Ctrl-C and SIGTERM.
`;

const recordsText = `It works on the records in SNAPKEEP_DATA, beside the server if that runs, and leaves its row in the
audit log. Whoever may open that folder needs no other right.`;

const tokenHelp = `snapkeep token create --role ROLE --name NAME [--cluster NAME [--datacenter DC]]
                      [--days N | --never] [--format text|json]
snapkeep token list [--format text|json]
snapkeep token revoke ID|NAME

The text of a new token goes to stdout, once; the rest to stderr. ROLE is viewer, operator, restorer, auditor or
administrator. Without --cluster it holds for all; without --days for 90.

  npx snapkeep token create --role operator --name ci
  curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8680/api/v1/snapshots

${recordsText}
${exitCodesText}
`;

const userHelp = `snapkeep user list [--format text|json]
snapkeep user create NAME --role ROLE [--cluster NAME [--datacenter DC]] [--break-glass]
snapkeep user reset NAME                a password that works once; ends all sessions
snapkeep user reset-second-factor NAME  for a lost phone
snapkeep user revoke-sessions NAME

  npx snapkeep user create break-glass --role administrator --break-glass
  npx snapkeep user reset ada

${recordsText}
${exitCodesText}
`;

const auditHelp = `snapkeep audit verify [FILE…] [--format text|json]
snapkeep audit archive --keep-days N

verify checks the whole hash chain, the archive files and the anchors, and names the first broken entry; with FILE it
checks archive files alone. archive moves whole segments, older than N days, into archive files.

  npx snapkeep audit verify
  npx snapkeep audit verify .snapkeep/audit/*.jsonl.gz

${recordsText}
Exits with 1 when the chain is broken.
${exitCodesText}
`;

const importHelp = `snapkeep import FOLDER [--cluster NAME] [--format text|json]

Rebuilds the history from archives: each *.snap of FOLDER that verifies gets its row and its place in the store. FOLDER
may be the store itself; its archives stay where they are, with their ids. What is in the history already is skipped,
so it can be run again at any time, also after it was killed.

  --cluster NAME  whose they are; "imported" unless told

  npx snapkeep import /mnt/backup/archives --cluster prod-eu

${recordsText}
Exits with 1 when an archive did not verify; the good ones are imported.
${exitCodesText}
`;

export const helpTexts = {
  restore: restoreHelp,
  import: importHelp,
  token: tokenHelp,
  user: userHelp,
  audit: auditHelp,
  verify: verifyHelp,
  inspect: inspectHelp,
  diff: diffHelp,
  browse: browseHelp,
  drill: drillHelp,
};
